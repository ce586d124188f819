package dev.buildboss.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A git repository whose boards are built by a script that the tests command: it notes each build as it begins, waits at gates,
 * and does whatever is asked of it for a board, a commit and a machine. Its second commit warns for one board, its third breaks
 * one.
 */
final class StubTree {

    /** Boards that any machine can build. */
    static final List<String> BOARDS = List.of("ash", "elm", "fir", "oak");

    /** A board for which there is no compiler anywhere. */
    static final String EXOTIC = "rare";

    static final int COMMITS = 3;

    private static final String MAKEFILE = """
            O ?= build
            all:
            \t@sh ./stub build $(O)
            %_defconfig:
            \t@sh ./stub configure $(O) $*
            mrproper:
            \t@rm -rf $(O)/.config $(O)/include
            """;

    /** {@code $board}, {@code $commit}, {@code $machine} (the name of the home there) are for what tests ask of it. */
    private static final String STUB = """
            control=$(cat control)
            commit=$(cat version)
            machine=${HOME##*/}
            if [ "$1" = configure ]; then
                mkdir -p "$2/include"
                echo "CONFIG_BOARD=$3" >"$2/.config"
                exit 0
            fi
            board=$(sed -n 's/^CONFIG_BOARD=//p' "$2/.config")
            # Waits until the gate is opened; one that is gone is open.
            gate() { [ ! -p "$control/gates/$1" ] || cat "$control/gates/$1" 2>/dev/null || :; }
            echo "$board $commit $machine $$" >>"$control/begun"
            for task in "$board-$commit@$machine" "$board-$commit" "any@$machine" any; do
                if [ -f "$control/tasks/$task" ]; then
                    . "$control/tasks/$task"
                    break
                fi
            done
            echo "#define CONFIG_$board $commit" >"$2/u-boot.cfg"
            echo "CONFIG_NUMBER=$commit" >"$2/include/autoconf.mk"
            echo "built $board at $commit"
            case $board-$commit in
                elm-1) echo "stub.c:7:3: warning: 'elm' is odd here" >&2 ;;
                oak-2) echo "stub.c:9:1: error: 'oak' is broken here" >&2; exit 1 ;;
            esac
            """;

    private final Path directory;
    private final Path control;

    /** Makes the repository in a new directory. */
    StubTree(Path directory) throws IOException {
        this(directory, BOARDS);
    }

    /** Makes the repository in a new directory, with boards of these names. */
    StubTree(Path directory, List<String> boards) throws IOException {
        this.directory = directory.resolve("tree");
        this.control = directory.resolve("control");
        Files.createDirectories(control.resolve("tasks"));
        Files.createDirectories(control.resolve("gates"));
        Files.createDirectories(this.directory.resolve("configs"));
        git("init", "-q", "-b", "main");
        for (String board : boards) {
            write("configs/" + board + "_defconfig", "CONFIG_SANDBOX=y\n");
        }
        write("configs/" + EXOTIC + "_defconfig", "CONFIG_MICROBLAZE=y\n");
        write("Makefile", MAKEFILE);
        write("stub", STUB);
        write("control", control + "\n");
        for (int i = 0; i < COMMITS; i++) {
            write("version", i + "\n");
            git("add", "-A");
            git("commit", "-q", "-m", "stub: Number " + i);
        }
        git("branch", "work");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    Path directory() {
        return directory;
    }

    /** Runs git in the tree. */
    String git(String... arguments) throws IOException {
        List<String> argv = new ArrayList<>(List.of(
                "git", "-C", directory.toString(), "-c", "user.name=Stub", "-c", "user.email=stub@example.org"));
        argv.addAll(List.of(arguments));
        return run(argv);
    }

    /** Runs a program to its end; what it says is in the failure, if it fails. */
    static String run(List<String> argv) throws IOException {
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(argv + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }

    /** Has the stub run shell commands: for {@code board-commit}, {@code board-commit@machine}, {@code any@machine} or {@code any}. */
    void task(String what, String commands) throws IOException {
        Path aside = control.resolve("aside");
        Files.writeString(aside, commands + "\n");
        Files.move(aside, control.resolve("tasks").resolve(what), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    void noTask(String what) throws IOException {
        Files.deleteIfExists(control.resolve("tasks").resolve(what));
    }

    /** Makes a gate; a task waits at it with {@code gate NAME}. */
    void close(String gate) throws IOException {
        run(List.of("mkfifo", control.resolve("gates").resolve(gate).toString()));
    }

    /** A gate at which that build waits, under the same name. */
    void hold(String what) throws IOException {
        close(what);
        task(what, "gate " + what);
    }

    /** Whether somebody who comes there has to wait. */
    boolean isClosed(String gate) {
        return Files.exists(control.resolve("gates").resolve(gate));
    }

    /** Where a gate is, for programs that are no builds of this tree. */
    Path gate(String name) {
        return control.resolve("gates").resolve(name);
    }

    /** Lets all through that wait or will come; a gate that is open already is fine. */
    void open(String gate) {
        Path fifo = control.resolve("gates").resolve(gate);
        if (Files.exists(fifo)) {
            // Held open while it is removed: who is about to open it gets an end of file as well.
            try {
                RandomAccessFile held = new RandomAccessFile(fifo.toFile(), "rw");
                Files.deleteIfExists(fifo);
                held.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The builds that began, in order: {@code board commit machine pid}. */
    List<String> begun() {
        try {
            Path file = control.resolve("begun");
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a build began whose line begins so, such as {@code "ash 0 m1 "}. */
    boolean hasBegun(String prefix) {
        return begun().stream().anyMatch(line -> line.startsWith(prefix));
    }

    /** Opens all gates, withdraws all tasks and forgets what began; the branch is what it was. */
    void reset() throws IOException {
        for (Path fifo : files("gates")) {
            open(fifo.getFileName().toString());
        }
        for (Path task : files("tasks")) {
            Files.deleteIfExists(task);
        }
        Files.deleteIfExists(control.resolve("begun"));
        git("branch", "-q", "-f", "work", "main");
    }

    private List<Path> files(String name) throws IOException {
        try (Stream<Path> entries = Files.list(control.resolve(name))) {
            return entries.toList();
        }
    }
}
