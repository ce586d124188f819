package dev.buildboss.cli.fleet;

import dev.buildboss.BuildbossException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Files that the program carries, and the programs that are run to make a demo of them. Stateless. */
final class DemoFiles {

    private static final long LIMIT_SECONDS = 120;
    private static final int SAID = 2000;

    private DemoFiles() {}

    /** Writes a script that can be run. */
    static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** A word for a POSIX shell. */
    static String quoted(Object word) {
        return "'" + word.toString().replace("'", "'\\''") + "'";
    }

    /**
     * Runs a program to its end.
     *
     * @throws BuildbossException with what it said, if it fails or takes too long
     */
    static void run(String what, List<String> argv, Path directory, String input) throws IOException {
        Path in = Files.createTempFile(directory, "input", "");
        Path log = Files.createTempFile(directory, "output", "");
        try {
            Files.writeString(in, input);
            ProcessBuilder builder = new ProcessBuilder(argv)
                    .directory(directory.toFile())
                    .redirectInput(in.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile()); // a file: a server that stays would keep a pipe open
            builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
            Process process = builder.start();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroy();
            }
            if (!ended || process.exitValue() != 0) {
                String said = Files.readString(log).strip();
                throw new BuildbossException(what + " failed: "
                        + (ended ? said.substring(Math.max(0, said.length() - SAID)) : "it took too long"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildbossException(what + ": interrupted", e);
        } finally {
            Files.deleteIfExists(in);
            Files.deleteIfExists(log);
        }
    }
}
