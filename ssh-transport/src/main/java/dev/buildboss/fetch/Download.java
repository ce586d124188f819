package dev.buildboss.fetch;

import dev.buildboss.BuildbossException;
import dev.buildboss.files.FreeSpace;
import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Gets one archive whole and verified. A connection that breaks off is made again and goes on where it broke, in this run and in
 * the next: the part that is here stays. What does not have its checksum does not.
 */
final class Download {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final Source source;
    private final Settings.Fetch settings;
    private final FetchProgress progress;

    Download(Source source, Settings.Fetch settings, FetchProgress progress) {
        this.source = source;
        this.settings = settings;
        this.progress = progress;
    }

    /** A connection ended before the file did. */
    private static final class BrokenOff extends IOException {
        private static final long serialVersionUID = 1L;

        BrokenOff(String message) {
            super(message);
        }
    }

    /**
     * Blocks until {@code part} is the archive.
     *
     * @throws BuildbossException naming the archive and the way out; only a part that can be gone on from is left then
     */
    void to(Archive archive, Path part) {
        if (archive.sha256().isEmpty() && settings.verify()) {
            throw new BuildbossException(
                    archive.uri() + ": no checksum is published for it (sha256sums.asc beside it), so it is not taken"
                            + " (--no-verify, or fetch.verify = false, takes it all the same)");
        }
        try {
            if (Files.exists(part) && archive.sha256().isEmpty()) {
                Files.delete(part); // of what, nobody could tell
            }
            boolean resumed = Files.exists(part) && Files.size(part) > 0;
            if (resumed && isWhole(archive, part)) {
                return;
            }
            transfer(archive, part);
            if (!isWhole(archive, part) && resumed) {
                // What was here before may be of another file of that name.
                Files.delete(part);
                transfer(archive, part);
            }
            if (!isWhole(archive, part)) {
                String seen = sha256(part);
                Files.delete(part);
                throw new BuildbossException(archive.uri() + ": its checksum is wrong: published "
                        + archive.sha256().orElse("") + ", received " + seen + "; nothing of it was kept");
            }
        } catch (IOException e) {
            throw failed(archive, part, e);
        } finally {
            if (archive.sha256().isEmpty() && !complete) {
                removeQuietly(part);
            }
        }
    }

    private boolean complete;

    private void transfer(Archive archive, Path part) throws IOException {
        complete = false;
        for (int attempt = 1; ; attempt++) {
            long before = Files.exists(part) ? Files.size(part) : 0;
            try {
                read(archive, part, before);
                complete = true;
                return;
            } catch (BrokenOff e) {
                boolean gained = Files.size(part) > before;
                if (attempt >= settings.attempts() || (!gained && attempt > 1)) {
                    throw e;
                }
            }
        }
    }

    private void read(Archive archive, Path part, long from) throws IOException {
        Source.Opened opened = source.open(archive.uri(), from)
                .orElseThrow(() -> new BuildbossException(archive.uri() + ": there is no such file"));
        long total = opened.total();
        try (InputStream in = opened.in();
                OutputStream out = Files.newOutputStream(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        opened.from() > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
            checkSize(archive, part, total, opened.from());
            long done = copy(archive, in, out, opened.from(), total);
            if (total >= 0 && done < total) {
                throw new BrokenOff("the connection broke off after " + done + " of " + total + " bytes");
            }
        }
    }

    private long copy(Archive archive, InputStream in, OutputStream out, long from, long total) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        String what = "fetching " + archive.fileName();
        long done = from;
        progress.at(what, done, total);
        while (true) {
            int n;
            try {
                n = in.read(buffer);
            } catch (IOException e) {
                throw new BrokenOff("the connection broke off after " + done + " bytes: " + Crosstool.words(e));
            }
            if (n < 0) {
                return done;
            }
            done += n;
            if (done > settings.maxArchive()) {
                throw tooLarge(archive);
            }
            out.write(buffer, 0, n);
            progress.at(what, done, total);
        }
    }

    private void checkSize(Archive archive, Path part, long total, long have) throws IOException {
        if (total > settings.maxArchive()) {
            throw tooLarge(archive);
        }
        long free = FreeSpace.of(part);
        if (total - have > free) {
            throw new BuildbossException(
                    "no space for " + archive.fileName() + " in " + part.getParent() + ": it needs "
                            + Sizes.words(total - have) + ", and " + Sizes.words(free)
                            + " are free (fetch.directory)");
        }
    }

    private BuildbossException tooLarge(Archive archive) {
        return new BuildbossException(archive.uri() + ": larger than " + Sizes.words(settings.maxArchive())
                + " (fetch.max-archive); nothing of it was kept");
    }

    private static BuildbossException failed(Archive archive, Path part, IOException e) {
        String kept = Files.exists(part) && archive.sha256().isPresent()
                ? "; what is here (" + Sizes.words(sizeOf(part)) + ") is kept, and the same command goes on from there"
                : "";
        return new BuildbossException(archive.uri() + ": " + Crosstool.words(e) + kept, e);
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean isWhole(Archive archive, Path part) throws IOException {
        Optional<String> wanted = archive.sha256();
        return wanted.isEmpty() || wanted.get().equals(sha256(part));
    }

    static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return sha256(in, Long.MAX_VALUE);
        }
    }

    /** Of the first so many bytes. */
    static String sha256(InputStream in, long limit) throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER_BYTES];
            long left = limit;
            for (int n = in.read(buffer); n > 0 && left > 0; n = in.read(buffer)) {
                sha.update(buffer, 0, (int) Math.min(n, left));
                left -= n;
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    static void removeQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            return; // it is only left behind
        }
    }
}
