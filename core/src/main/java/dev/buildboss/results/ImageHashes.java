package dev.buildboss.results;

import dev.buildboss.files.FileTrees;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Hashes of what a cell's build made for the board, to tell two machines' builds apart.
 *
 * <p>Of an ELF file only what is loaded counts: debug information names the directory that it was built in. Maps, configurations
 * and texts do not count; the table of section sizes ({@code sizes}) does, for builds whose images were not sent.
 */
public final class ImageHashes {

    private static final String SIZES = "sizes";
    private static final Pattern IMAGE =
            Pattern.compile("u-boot[^.]*|MLO.*|SPL|vmlinux|.+\\.(bin|img|itb|dtb|imx|rom|srec|hex|ub)");
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};
    private static final int SHF_ALLOC = 2;
    private static final int SHT_NOTE = 7;
    private static final int SHT_NOBITS = 8;

    private ImageHashes() {}

    /** By file name; empty if there is no such directory. */
    public static Map<String, String> of(Path cellDirectory) throws IOException {
        Map<String, String> result = new TreeMap<>();
        if (!FileTrees.isRealDirectory(cellDirectory)) {
            return result;
        }
        try (Stream<Path> files = Files.list(cellDirectory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                boolean counts = name.equals(SIZES) || IMAGE.matcher(name).matches();
                if (counts && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    result.put(name, hash(file));
                }
            }
        }
        return result;
    }

    private static String hash(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            MessageDigest digest = sha256();
            if (!addLoaded(bytes, digest)) {
                digest.reset();
                digest.update(bytes.duplicate().rewind());
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Adds the loaded sections of an ELF file; false if it is none, or none that can be read. */
    private static boolean addLoaded(ByteBuffer file, MessageDigest digest) {
        for (int i = 0; i < ELF.length; i++) {
            if (file.limit() <= i || file.get(i) != ELF[i]) {
                return false;
            }
        }
        try {
            boolean wide = file.get(4) == 2;
            ByteBuffer in = file.duplicate().order(file.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            long table = wide ? in.getLong(0x28) : in.getInt(0x20);
            int size = in.getShort(wide ? 0x3a : 0x2e);
            int count = in.getShort(wide ? 0x3c : 0x30);
            boolean any = false;
            for (int i = 0; i < count; i++) {
                int at = Math.toIntExact(table + (long) i * size);
                any |= addSection(in, at, wide, digest);
            }
            return any;
        } catch (IndexOutOfBoundsException | BufferUnderflowException | ArithmeticException e) {
            return false;
        }
    }

    private static boolean addSection(ByteBuffer in, int at, boolean wide, MessageDigest digest) {
        int type = in.getInt(at + 4);
        long flags = wide ? in.getLong(at + 8) : in.getInt(at + 8);
        if ((flags & SHF_ALLOC) == 0 || type == SHT_NOTE || type == SHT_NOBITS) {
            return false;
        }
        int offset = Math.toIntExact(wide ? in.getLong(at + 0x18) : in.getInt(at + 0x10));
        int length = Math.toIntExact(wide ? in.getLong(at + 0x20) : in.getInt(at + 0x14));
        digest.update(in.slice(offset, length));
        return true;
    }
}
