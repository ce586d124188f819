package dev.buildboss.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The processes of this computer that belong to a place, from {@code /proc}; zombies don't count. */
final class Processes {

    private static final String WORKER = "dev.buildboss.workermain.WorkerMain";

    private Processes() {}

    /** One process. */
    record Seen(long pid, long parent, String command, String environment, String directory) {
        /** The JVM: a shell that is to start one, or finds the work directory in use, has its name among its words. */
        boolean isWorker() {
            return command.contains(WORKER) && !command.contains("sh -c ");
        }

        /** A server, or one of its processes for a connection; those write another title over their arguments. */
        boolean isSshd() {
            return command.startsWith("sshd") || command.contains("/sshd ");
        }

        private boolean mentions(String place) {
            return command.contains(place) || environment.contains(place) || directory.startsWith(place);
        }

        @Override
        public String toString() {
            return pid + " (of " + parent + ") " + command.strip();
        }
    }

    /** All whose command, environment or current directory name the place. */
    static List<Seen> in(Path place) {
        List<Seen> result = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path entry : entries) {
                read(entry).filter(seen -> seen.mentions(place.toString())).ifPresent(result::add);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return result;
    }

    /** One process, if it is there. */
    static Optional<Seen> of(long pid) {
        return read(Path.of("/proc", String.valueOf(pid)));
    }

    private static Optional<Seen> read(Path entry) {
        try {
            String stat = Files.readString(entry.resolve("stat"), ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 4);
            if (fields[0].equals("Z") || fields[0].equals("X")) {
                return Optional.empty();
            }
            return Optional.of(new Seen(
                    Long.parseLong(entry.getFileName().toString()),
                    Long.parseLong(fields[1]),
                    text(entry.resolve("cmdline")),
                    text(entry.resolve("environ")),
                    Files.readSymbolicLink(entry.resolve("cwd")).toString()));
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // ended meanwhile, or not ours
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, ISO_8859_1).replace('\0', ' ');
    }

    /** The workers of a place. What one of them is about to start is not another, though it still has its words. */
    static List<Seen> workers(Path place) {
        List<Seen> all = in(place).stream().filter(Seen::isWorker).toList();
        return all.stream()
                .filter(seen -> all.stream().noneMatch(other -> other.pid() == seen.parent()))
                .toList();
    }

    /** The server's processes that a process hangs from: those of its connection, without the listener. */
    static List<Seen> session(Seen worker) {
        List<Seen> result = new ArrayList<>();
        Optional<Seen> parent = of(worker.parent());
        while (parent.isPresent() && parent.get().pid() > 1) {
            Seen seen = parent.get();
            if (seen.isSshd() && seen.command().contains("[listener]")) {
                break;
            }
            if (seen.isSshd()) {
                result.add(seen);
            }
            parent = of(seen.parent());
        }
        return result;
    }

    /** Sends a signal; a process that is gone is fine. */
    static void signal(String name, long pid) {
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(2, TimeUnit.MINUTES)) {
                throw new AssertionError("kill took too long");
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static void kill(Seen seen) {
        signal("KILL", seen.pid());
    }

    /** As text, for messages. */
    static String list(List<Seen> seen) {
        return seen.stream().map(Seen::toString).collect(Collectors.joining("\n"));
    }
}
