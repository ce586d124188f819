package dev.buildboss.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Writes members, already checked, into an empty directory of its own. Paths are from the archive's top. */
final class Unpacker {

    private final Path top;
    private final List<Path> programs = new ArrayList<>();

    Unpacker(Path top) {
        this.top = top;
    }

    /** What may be a compiler, as paths from the top. */
    List<Path> programs() {
        return List.copyOf(programs);
    }

    void directory(Path path) throws IOException {
        Files.createDirectories(top.resolve(path));
    }

    void file(Path path, boolean executable, long size, InputStream content) throws IOException {
        Path file = place(path);
        Files.copy(content, file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        if (executable) {
            programs.add(path);
        }
    }

    void link(Path path, String target) throws IOException {
        Files.createSymbolicLink(place(path), Path.of(target));
        programs.add(path);
    }

    void sameFile(Path path, Path earlier) throws IOException {
        Files.createLink(place(path), top.resolve(earlier));
        programs.add(path);
    }

    private Path place(Path path) throws IOException {
        Path file = top.resolve(path);
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (Files.exists(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        return file;
    }
}
