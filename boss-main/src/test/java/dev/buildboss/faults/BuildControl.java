package dev.buildboss.faults;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How tests command stub builds: each is noted as it begins, does what it is asked to, and waits at gates (named pipes). */
class BuildControl {

    /** The builds' side, for a shell in which {@code $control}, {@code $board}, {@code $commit} and {@code $machine} are set. */
    static final String SHELL = """
            # Waits until the gate is opened; one that is gone is open.
            gate() { [ ! -p "$control/gates/$1" ] || cat "$control/gates/$1" 2>/dev/null || :; }
            echo "$board $commit $machine $$" >>"$control/begun"
            echo "$board $commit $machine ${MAKEFLAGS:-}" >>"$control/flags"
            for task in "$board-$commit@$machine" "$board-$commit" "any@$machine" any; do
                if [ -f "$control/tasks/$task" ]; then
                    . "$control/tasks/$task"
                    break
                fi
            done
            """;

    private final Path control;

    /** Keeps everything in that directory. */
    BuildControl(Path directory) throws IOException {
        control = directory;
        Files.createDirectories(control.resolve("tasks"));
        Files.createDirectories(control.resolve("gates"));
    }

    /** Has builds run shell commands: for {@code board-commit}, {@code board-commit@machine}, {@code any@machine} or {@code any}. */
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
        String unused = StubTree.run(List.of("mkfifo", gate(gate).toString()));
    }

    /** A gate at which that build waits, under the same name. */
    void hold(String what) throws IOException {
        close(what);
        task(what, "gate " + what);
    }

    /** Whether somebody who comes there has to wait. */
    boolean isClosed(String gate) {
        return Files.exists(gate(gate));
    }

    /** Where a gate is, for programs that are no builds of this tree. */
    Path gate(String name) {
        return control.resolve("gates").resolve(name);
    }

    /** Lets all through that wait or will come; a gate that is open already is fine. */
    void open(String gate) {
        Path fifo = gate(gate);
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
        return lines("begun");
    }

    /** What each build found in MAKEFLAGS: {@code board commit machine FLAGS…}. */
    List<String> flags() {
        return lines("flags");
    }

    private List<String> lines(String name) {
        try {
            Path file = control.resolve(name);
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a build began whose line begins so, such as {@code "ash 0 m1 "}. */
    boolean hasBegun(String prefix) {
        return begun().stream().anyMatch(line -> line.startsWith(prefix));
    }

    /** Opens all gates, withdraws all tasks and forgets what began. */
    void reset() throws IOException {
        for (Path fifo : files("gates")) {
            open(fifo.getFileName().toString());
        }
        for (Path task : files("tasks")) {
            Files.deleteIfExists(task);
        }
        Files.deleteIfExists(control.resolve("begun"));
        Files.deleteIfExists(control.resolve("flags"));
    }

    private List<Path> files(String name) throws IOException {
        try (Stream<Path> entries = Files.list(control.resolve(name))) {
            return entries.toList();
        }
    }
}
