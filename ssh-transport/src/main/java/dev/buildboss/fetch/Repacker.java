package dev.buildboss.fetch;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * Packs a directory for a machine: plain {@code .tar.gz}, which any {@code tar} unpacks, without owners and times, so that the
 * same files give the same bytes (and a transfer that broke off can go on).
 */
public final class Repacker {

    private static final int PROGRAM = 0755;
    private static final int FILE = 0644;

    private Repacker() {}

    /** Packs all that is in a directory, by paths from there. */
    public static void pack(Path directory, Path archive) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = new ArrayList<>(walk.filter(path -> !path.equals(directory)).toList());
        }
        all.sort(Comparator.naturalOrder());
        GzipParameters fast = new GzipParameters();
        fast.setCompressionLevel(Deflater.BEST_SPEED);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive));
                GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(out, fast);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
            Map<Object, String> several = new HashMap<>();
            for (Path path : all) {
                add(tar, directory, path, several);
            }
        }
    }

    private static void add(TarArchiveOutputStream tar, Path directory, Path path, Map<Object, String> several)
            throws IOException {
        String name = directory.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
            TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            entry.setLinkName(Files.readSymbolicLink(path).toString());
            put(tar, entry, PROGRAM);
        } else if (Files.isDirectory(path)) {
            put(tar, new TarArchiveEntry(name + "/"), PROGRAM);
        } else if (((Number) Files.getAttribute(path, "unix:nlink")).intValue() > 1
                && several.putIfAbsent(Files.getAttribute(path, "unix:ino"), name) != null) {
            TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_LINK);
            entry.setLinkName(String.valueOf(several.get(Files.getAttribute(path, "unix:ino"))));
            put(tar, entry, Files.isExecutable(path) ? PROGRAM : FILE);
        } else {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(Files.size(path));
            entry.setMode(Files.isExecutable(path) ? PROGRAM : FILE);
            entry.setModTime(0);
            tar.putArchiveEntry(entry);
            try (InputStream in = Files.newInputStream(path)) {
                in.transferTo(tar);
            }
            tar.closeArchiveEntry();
        }
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode) throws IOException {
        entry.setMode(mode);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }
}
