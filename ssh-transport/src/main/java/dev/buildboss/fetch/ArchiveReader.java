package dev.buildboss.fetch;

import dev.buildboss.BuildbossException;
import dev.buildboss.fetch.MemberRules.RefusedMember;
import dev.buildboss.settings.Settings;
import dev.buildboss.text.Printable;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code .tar.xz} and {@code .tar.gz}, and lets only members through that stay in their tree ({@link MemberRules}), within
 * the limits of the settings. Nothing that was let through before a refusal may be used.
 */
final class ArchiveReader {

    private static final int BUFFER_BYTES = 64 * 1024;

    /** What decompressing may take: kernel.org's need 65 MiB. */
    private static final int XZ_MEMORY_KIB = 512 * 1024;

    private final Settings.Fetch limits;
    private final FetchProgress progress;

    private final Set<Path> files = new HashSet<>();
    private final Set<Path> links = new HashSet<>();
    private long bytes;
    private int members;

    ArchiveReader(Settings.Fetch limits, FetchProgress progress) {
        this.limits = limits;
        this.progress = progress;
    }

    /**
     * Reads all of it.
     *
     * @param name the archive's name, which messages begin with and whose end tells the format
     * @throws BuildbossException naming the archive, and the member if one is refused
     * @throws IOException if it can't be written
     */
    void read(String name, Path archive, Unpacker sink) throws IOException {
        files.clear();
        links.clear();
        bytes = 0;
        members = 0;
        long size = Files.size(archive);
        progress.at("unpacking " + name, 0, size);
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(archive), BUFFER_BYTES);
                Counted counted = new Counted(raw, done -> progress.at("unpacking " + name, done, size));
                InputStream plain = decompressed(name, counted);
                TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
            for (TarArchiveEntry entry = next(name, tar); entry != null; entry = next(name, tar)) {
                member(name, tar, entry, sink);
            }
        } catch (RefusedMember e) {
            throw new BuildbossException(name + ": " + Printable.line(String.valueOf(e.getMessage())), e);
        }
    }

    private static InputStream decompressed(String name, InputStream in) throws IOException {
        try {
            return name.endsWith(".xz")
                    ? XZCompressorInputStream.builder()
                            .setInputStream(in)
                            .setDecompressConcatenated(true)
                            .setMemoryLimitKiB(XZ_MEMORY_KIB)
                            .get()
                    : GzipCompressorInputStream.builder()
                            .setInputStream(in)
                            .setDecompressConcatenated(true)
                            .get();
        } catch (IOException e) {
            throw damaged(name, e);
        }
    }

    private static @Nullable TarArchiveEntry next(String name, TarArchiveInputStream tar) {
        try {
            return tar.getNextEntry();
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(name, e);
        }
    }

    private static BuildbossException damaged(String name, Exception e) {
        return new BuildbossException(
                name + ": it is no archive, or a damaged one: " + Printable.line(String.valueOf(e.getMessage())), e);
    }

    private void member(String archive, TarArchiveInputStream tar, TarArchiveEntry entry, Unpacker sink)
            throws IOException, RefusedMember {
        String name = entry.getName();
        if (++members > limits.maxMembers()) {
            throw new RefusedMember(name, "more than " + limits.maxMembers() + " members (fetch.max-members)");
        }
        List<String> parts = MemberRules.parts(name);
        if (parts.isEmpty()) {
            return;
        }
        Path path = Path.of(String.join("/", parts));
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            if (links.contains(above) || files.contains(above)) {
                throw new RefusedMember(name, above + " is no directory");
            }
        }
        if (entry.isDirectory()) {
            if (links.contains(path) || files.contains(path)) {
                throw new RefusedMember(name, "it comes twice");
            }
            sink.directory(path);
            return;
        }
        if (links.contains(path) || files.contains(path)) {
            throw new RefusedMember(name, "it comes twice");
        }
        if (entry.isSymbolicLink()) {
            MemberRules.linkTarget(name, entry.getLinkName());
            links.add(path);
            sink.link(path, entry.getLinkName());
        } else if (entry.isLink()) {
            String target = entry.getLinkName();
            Path earlier = Path.of(target).isAbsolute()
                    ? Path.of("/")
                    : Path.of(target).normalize();
            if (target.contains("..") || !files.contains(earlier)) {
                throw new RefusedMember(name, "a hard link to " + entry.getLinkName() + ", which is no file of it");
            }
            files.add(path);
            sink.sameFile(path, earlier);
        } else if (isPlain(entry)) {
            file(archive, tar, entry, path, sink);
        } else {
            throw new RefusedMember(name, "neither a file, nor a directory, nor a link");
        }
    }

    /** By the kind that is written there: the library takes devices for files too. */
    private static boolean isPlain(TarArchiveEntry entry) {
        byte kind = entry.getLinkFlag();
        return (kind == TarConstants.LF_NORMAL || kind == TarConstants.LF_OLDNORM || kind == TarConstants.LF_CONTIG)
                && !entry.isSparse();
    }

    private void file(String archive, TarArchiveInputStream tar, TarArchiveEntry entry, Path path, Unpacker sink)
            throws IOException, RefusedMember {
        bytes += entry.getSize();
        if (entry.getSize() < 0 || bytes > limits.maxUnpacked()) {
            throw new RefusedMember(
                    entry.getName(),
                    "more than " + Sizes.words(limits.maxUnpacked()) + " unpacked (fetch.max-unpacked)");
        }
        files.add(path);
        sink.file(path, (entry.getMode() & 0111) != 0, entry.getSize(), new FilterInputStream(tar) {
            @Override
            public int read(byte[] into, int from, int count) throws IOException {
                try {
                    return super.read(into, from, count);
                } catch (IOException e) {
                    throw damaged(archive, e); // not to be taken for a full disk
                }
            }

            @Override
            public void close() {
                // The archive goes on after it.
            }
        });
    }

    private interface Heard {
        void at(long bytes);
    }

    /** Counts what is read. */
    private static final class Counted extends FilterInputStream {
        private final Heard heard;
        private long count;

        Counted(InputStream in, Heard heard) {
            super(in);
            this.heard = heard;
        }

        /** Whoever goes back reads twice what is counted once. */
        @Override
        public boolean markSupported() {
            return false;
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int n = super.read(into, from, length);
            if (n > 0) {
                count += n;
                heard.at(count);
            }
            return n;
        }
    }
}
