package dev.buildboss.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a program leaves behind in its process group. Linux only: it is looked for in {@code /proc}. */
final class Leftovers {
    private static final Path PROC = Path.of("/proc");

    private final long group;
    private final Set<Path> outputs;

    /** {@code outputs}: the pipes that were the program's; empty: not known. */
    private Leftovers(long group, Set<Path> outputs) {
        this.group = group;
        this.outputs = outputs;
    }

    /** Of the program that leads that group, and whose outputs are two pipes. */
    static Leftovers of(long leader) {
        Set<Path> outputs = new HashSet<>();
        for (String descriptor : List.of("1", "2")) {
            try {
                Path output = Files.readSymbolicLink(
                        PROC.resolve(String.valueOf(leader)).resolve("fd").resolve(descriptor));
                if (output.toString().startsWith("pipe:")) {
                    outputs.add(output);
                }
            } catch (IOException e) {
                // It is over already, or at its end and has closed them: a program may be quicker than this.
            }
        }
        return new Leftovers(leader, outputs.size() == 2 ? outputs : Set.of());
    }

    /** Whether one of them has an output open that was the program's; where these are not known, whether there is one at all. */
    boolean holdOutput() {
        return members().stream().anyMatch(this::holdsOutput);
    }

    /** Kills all of them. */
    void kill() {
        for (Path member : members()) {
            ProcessHandle.of(pid(member)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private List<Path> members() {
        List<Path> result = new ArrayList<>();
        // Numbers go upwards and then begin anew: unless they did meanwhile, the smaller ones are of processes that are
        // older.
        boolean anew = lastPid() < group;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : processes) {
                if ((anew || pid(entry) > group) && groupOf(entry) == group) {
                    result.add(entry);
                }
            }
        } catch (IOException e) {
            // No /proc to look at: they stay.
        }
        return result;
    }

    private boolean holdsOutput(Path member) {
        if (outputs.isEmpty()) {
            return true;
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(member.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (outputs.contains(Files.readSymbolicLink(descriptor))) {
                    return true;
                }
            }
        } catch (IOException e) {
            // It has ended meanwhile.
        }
        return false;
    }

    private static long pid(Path entry) {
        return Long.parseLong(entry.getFileName().toString());
    }

    /** The last field of {@code loadavg}; -1: not known. */
    private static long lastPid() {
        try {
            String fields = Files.readString(PROC.resolve("loadavg"), UTF_8).strip();
            return Long.parseLong(fields.substring(fields.lastIndexOf(' ') + 1));
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }

    /** The fifth field of {@code stat}, after the name in brackets (which may hold anything); -1: it has ended. */
    private static long groupOf(Path entry) {
        try {
            String stat = Files.readString(entry.resolve("stat"), UTF_8);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 4);
            return fields[0].equals("Z") ? -1 : Long.parseLong(fields[2]); // an init process may be slow to reap it
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }
}
