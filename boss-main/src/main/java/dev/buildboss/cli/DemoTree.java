package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.files.Carried;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The demo's source tree: carried in the program, unpacked and made into a git repository with a few commits. */
final class DemoTree {

    private static final String RESOURCES = "/dev/buildboss/demo/";
    private static final long LIMIT_SECONDS = 60;

    private DemoTree() {}

    /**
     * Makes the repository, unless it is there.
     *
     * @param directory where to: {@code tree} in it is the repository
     * @return the repository's work tree
     */
    static Path make(Path directory) {
        Path tree = directory.resolve("tree");
        if (Files.isDirectory(tree.resolve(".git"))) {
            return tree;
        }
        try {
            Path unpacked = directory.resolve("demo-tree");
            for (String name :
                    Carried.text(DemoTree.class, RESOURCES + "FILES").lines().toList()) {
                Path file = unpacked.resolve(name).normalize();
                if (!name.isBlank() && file.startsWith(unpacked)) {
                    Files.createDirectories(file.resolveSibling("."));
                    Files.write(file, Carried.bytes(DemoTree.class, RESOURCES + name));
                }
            }
            Path aside = directory.resolve("tree.new");
            run(List.of("sh", unpacked.resolve("make-repo").toString(), aside.toString()), directory);
            Files.move(aside, tree, StandardCopyOption.ATOMIC_MOVE);
            return tree;
        } catch (IOException e) {
            throw new BuildbossException("the demo's tree can't be made in " + directory + ": " + e.getMessage(), e);
        }
    }

    private static void run(List<String> argv, Path directory) throws IOException {
        Path log = directory.resolve("make-repo.log");
        Process process = new ProcessBuilder(argv)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("make-repo failed; see " + log);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }
}
