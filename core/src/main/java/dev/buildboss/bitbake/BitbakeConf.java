package dev.buildboss.bitbake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.files.FileTrees;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The {@code conf/} of build directories: made afresh each time, so that whatever was changed in the original gets everywhere. */
public final class BitbakeConf {

    /** The directory's name. */
    public static final String DIRECTORY = "conf";

    /** What may be sent to machines: configuration is text, and short. */
    private static final int MAX_BYTES = 1024 * 1024;

    private BitbakeConf() {}

    /** Removes what is there and copies the original's. */
    static void copy(Path original, Path buildDir) throws IOException {
        Path from = original.resolve(DIRECTORY);
        if (Files.exists(buildDir) && Files.isSameFile(original, buildDir)) {
            throw new IOException(buildDir + " is BUILDDIR itself by another name; remove that link");
        }
        Path to = fresh(buildDir);
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.toList();
        }
        for (Path path : all) {
            Path target = to.resolve(from.relativize(path).toString());
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(target);
            } else {
                Files.copy(path, target, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** Removes what is there and writes these files, by path below {@code conf/}. */
    static void write(Map<String, String> files, Path buildDir) throws IOException {
        Path to = fresh(buildDir);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path target = to.resolve(file.getKey()).normalize();
            if (!target.startsWith(to)) {
                throw new IOException("not a file of conf/: " + file.getKey());
            }
            Files.createDirectories(target.resolveSibling("."));
            Files.writeString(target, file.getValue());
        }
    }

    private static Path fresh(Path buildDir) throws IOException {
        Path conf = buildDir.resolve(DIRECTORY);
        FileTrees.delete(conf);
        return Files.createDirectories(conf);
    }

    /**
     * The files of {@code conf/}, to be sent: path below it and text; links are followed.
     *
     * @throws IOException if one can't be read, or they are not configuration: too large together, or no text
     */
    public static Map<String, String> read(Path buildDir) throws IOException {
        Path from = buildDir.resolve(DIRECTORY);
        Map<String, String> result = new TreeMap<>();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(from)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
            if (bytes > MAX_BYTES) {
                throw new IOException(from + " is over 1 MiB, more than is sent to a machine");
            }
            try {
                String text = UTF_8.newDecoder()
                        .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                        .toString();
                result.put(from.relativize(file).toString(), text);
            } catch (CharacterCodingException e) {
                throw new IOException(file + " is not UTF-8 text, and can't be sent to a machine", e);
            }
        }
        return result;
    }
}
