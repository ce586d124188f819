package dev.buildboss.boards;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;

/** A source tree on disk. Symbolic links are not followed; files over 4 MiB are not read. */
public final class DirectoryTree implements SourceTree {

    private static final long MAX_FILE = 4L << 20;

    private final Path top;

    /** The tree at a directory. */
    public DirectoryTree(Path top) {
        this.top = top;
    }

    @Override
    public String name() {
        return top.toString();
    }

    @Override
    public void read(String directory, Predicate<String> wanted, Visitor visitor) throws IOException {
        Path start = top.resolve(directory);
        if (!Files.isDirectory(start)) {
            return;
        }
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && attributes.size() <= MAX_FILE) {
                    String path = top.relativize(file).toString();
                    if (wanted.test(path)) {
                        visitor.file(path, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
