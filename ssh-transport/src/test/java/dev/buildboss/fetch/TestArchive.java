package dev.buildboss.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;

/** Builds small archives of compilers, good ones and others. */
public final class TestArchive {

    private static final String GCC = """
            #!/bin/sh
            case $1 in
                -dumpmachine) echo %s ;;
                -dumpfullversion) echo %s ;;
                *) echo '%s-gcc (GCC) %s' ;;
            esac
            """;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar;

    private TarArchiveOutputStream open(boolean xz) throws IOException {
        OutputStream packed = xz
                ? XZCompressorOutputStream.builder().setOutputStream(bytes).get()
                : new GzipCompressorOutputStream(bytes);
        TarArchiveOutputStream result = new TarArchiveOutputStream(packed);
        result.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        return result;
    }

    private TestArchive(boolean xz) throws IOException {
        this.tar = open(xz);
    }

    public static TestArchive xz() throws IOException {
        return new TestArchive(true);
    }

    static TestArchive gz() throws IOException {
        return new TestArchive(false);
    }

    /** A compiler that is a shell script, laid out as kernel.org's are, with links and some bulk that doesn't compress. */
    public TestArchive compiler(String version, String target) throws IOException {
        String root = "gcc-" + version + "-nolibc/" + target + "/";
        directory(root);
        file(root + "bin/" + target + "-gcc", GCC.formatted(target, version, target, version), 0755);
        same(root + "bin/" + target + "-gcc-" + version, root + "bin/" + target + "-gcc");
        link(root + "bin/" + target + "-cc", target + "-gcc");
        link(root + "libexec/plugin", "../bin/" + target + "-gcc");
        byte[] bulk = new byte[200_000];
        new Random(1).nextBytes(bulk);
        file(root + "lib/bulk", HexFormat.of().formatHex(bulk), 0644);
        return this;
    }

    TestArchive directory(String name) throws IOException {
        tar.putArchiveEntry(new TarArchiveEntry(name));
        tar.closeArchiveEntry();
        return this;
    }

    public TestArchive file(String name, String text, int mode) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
        entry.setSize(content.length);
        entry.setMode(mode);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
        return this;
    }

    TestArchive link(String name, String target) throws IOException {
        return special(name, TarConstants.LF_SYMLINK, target);
    }

    TestArchive same(String name, String earlier) throws IOException {
        return special(name, TarConstants.LF_LINK, earlier);
    }

    TestArchive special(String name, byte kind, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
        return this;
    }

    public byte[] bytes() throws IOException {
        tar.close();
        return bytes.toByteArray();
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
