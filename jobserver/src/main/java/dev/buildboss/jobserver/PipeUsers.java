package dev.buildboss.jobserver;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Who has a pipe open, as Linux's /proc tells of this user's processes. Stateless. */
final class PipeUsers {

    /**
     * A process.
     *
     * @param process its id
     * @param name its program's name
     */
    record User(long process, String name) {}

    private PipeUsers() {}

    /**
     * A process that has the pipe open and another file not.
     *
     * @return empty: there is none, or the system does not tell
     */
    static Optional<User> find(Path pipe, Path without) throws IOException {
        Path processes = Path.of("/proc");
        if (!Files.isDirectory(processes)) {
            return Optional.empty();
        }
        Path pipeFile = pipe.toRealPath();
        Path otherFile = without.toRealPath();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(processes, "[0-9]*")) {
            for (Path process : all) {
                if (hasOpen(process, pipeFile, otherFile)) {
                    return Optional.of(
                            new User(Long.parseLong(process.getFileName().toString()), name(process)));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return Optional.empty();
    }

    private static boolean hasOpen(Path process, Path file, Path without) {
        boolean found = false;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                Path opened = openedBy(descriptor);
                if (opened.equals(without)) {
                    return false;
                }
                found |= opened.equals(file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            return found; // somebody else's, or gone
        }
        return found;
    }

    private static Path openedBy(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (IOException e) {
            return descriptor; // closed meanwhile
        }
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            return "a program";
        }
    }
}
