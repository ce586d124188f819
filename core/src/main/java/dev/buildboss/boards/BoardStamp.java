package dev.buildboss.boards;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * What a tree's list of boards is made from: {@code configs/*_defconfig}, {@code Kconfig*} and {@code MAINTAINERS} files.
 *
 * @param newest when the newest of them was changed
 * @param digest names, sizes and times of all of them: another one when a file came, changed or went
 */
record BoardStamp(FileTime newest, String digest) {

    private static final String TOOL_DIRECTORY = "tools/buildman/";

    /** Looks at a tree on disk; opens no file. */
    static BoardStamp of(Path tree) throws IOException {
        List<String> entries = new ArrayList<>();
        FileTime[] newest = {FileTime.fromMillis(0)};
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = String.valueOf(directory.getFileName());
                boolean hidden = name.startsWith(".") && !directory.equals(tree);
                return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = tree.relativize(file).toString();
                if (attributes.isRegularFile() && counts(path)) {
                    FileTime time = attributes.lastModifiedTime();
                    entries.add(path + " " + attributes.size() + " " + time);
                    if (!path.startsWith(TOOL_DIRECTORY) && time.compareTo(newest[0]) > 0) {
                        newest[0] = time;
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        Collections.sort(entries);
        return new BoardStamp(newest[0], digest(String.join("\n", entries)));
    }

    private static boolean counts(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        boolean configuration =
                path.startsWith("configs/") && (name.endsWith("_defconfig") || name.endsWith(".config"));
        return configuration
                || name.startsWith("Kconfig")
                || name.equals("MAINTAINERS")
                || (path.startsWith(TOOL_DIRECTORY) && name.endsWith(".py"));
    }

    /** A short digest of a text. */
    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, 32);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
