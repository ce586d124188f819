package dev.buildboss.benchmarks;

import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A source tree in which nothing is to be done: a small git repository with as many boards and commits as wanted, and a {@code
 * make} that returns at once. What remains is the cost of scheduling.
 */
final class StubTree {

    private final Path directory;
    private final int boards;
    private final int commits;

    StubTree(Path directory, int boards, int commits) {
        this.directory = directory;
        this.boards = boards;
        this.commits = commits;
    }

    Path gitDir() {
        return directory.resolve(".git");
    }

    List<Board> boards() {
        List<Board> result = new ArrayList<>();
        for (int i = 0; i < boards; i++) {
            result.add(Board.of(String.format(Locale.ROOT, "b%05d", i), "sandbox"));
        }
        return result;
    }

    /** Makes the repository; the commits, oldest first. */
    List<Commit> make() throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("configs"));
        git("init", "-q", "-b", "work");
        for (Board board : boards()) {
            Files.writeString(
                    directory.resolve("configs").resolve(board.target() + "_defconfig"), "CONFIG_SANDBOX=y\n");
        }
        Files.writeString(directory.resolve("Makefile"), "all:\n%_defconfig:\n");
        List<Commit> result = new ArrayList<>();
        for (int i = 0; i < commits; i++) {
            Files.writeString(directory.resolve("version"), i + "\n");
            git("add", "-A");
            git("commit", "-q", "-m", "stub: Number " + i);
            result.add(new Commit(git("rev-parse", "HEAD").strip(), "stub: Number " + i));
        }
        return result;
    }

    /** The commits of the repository that an earlier {@link #make} left there, oldest first. */
    List<Commit> read() throws IOException, InterruptedException {
        List<Commit> result = new ArrayList<>();
        for (String line : git("log", "--reverse", "--format=%H %s").lines().toList()) {
            result.add(new Commit(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
        }
        return result;
    }

    private String git(String... arguments) throws IOException, InterruptedException {
        List<String> argv =
                new ArrayList<>(List.of("git", "-c", "user.name=Stub", "-c", "user.email=stub@example.org"));
        argv.addAll(List.of(arguments));
        Process process = new ProcessBuilder(argv)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(argv + ": " + output);
        }
        return output;
    }
}
