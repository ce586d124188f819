package dev.buildboss.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.spi.WorkerBundle;
import dev.buildboss.spi.WorkerCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The worker's jars and their class archive in the user's own cache, {@code ~/.cache/buildboss/<hash>/}: written aside, synced and
 * renamed, so that two bosses at once and a power cut leave whole files only. Blocking.
 */
final class BundleCache {

    /** Tells what a directory of the cache is. */
    private static final String MARKER = ".buildboss";

    private static final long DUMP_LIMIT_SECONDS = 60;
    private static final Duration LEFTOVER_AGE = Duration.ofHours(1);
    private static final Object ONE_AT_A_TIME = new Object();

    private final Path root;
    private final String java;

    /**
     * A cache.
     *
     * @param root its directory
     * @param java the program that will run the worker: a class archive is bound to it
     */
    BundleCache(Path root, String java) {
        this.root = root;
        this.java = java;
    }

    /** What a worker is started with. */
    record Installed(String classPath, Optional<String> archive, Path directory) {}

    /** Puts the bundle there unless it is, and makes the archive unless it is there (without one the start is slower). */
    Installed install(WorkerBundle bundle) throws IOException {
        // Several workers of one boss start at once: the first makes the archive, the others would only make it again.
        synchronized (ONE_AT_A_TIME) {
            return installNow(bundle);
        }
    }

    private Installed installNow(WorkerBundle bundle) throws IOException {
        Path directory = root.resolve(hashOf(bundle));
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        removeLeftovers(directory);
        Path marker = directory.resolve(MARKER);
        if (!Files.exists(marker)) {
            Files.writeString(marker, "worker\n");
        }
        // `boss clean` sees by that when it was last used.
        Files.setLastModifiedTime(directory, FileTime.from(Clock.systemUTC().instant()));
        StringBuilder classPath = new StringBuilder();
        for (WorkerBundle.Jar jar : bundle.jars()) {
            Path file = directory.resolve(jar.name());
            if (!Files.isRegularFile(file) || Files.size(file) != jar.size()) {
                copy(jar, file);
            }
            classPath.append(classPath.isEmpty() ? "" : ":").append(file);
        }
        return new Installed(classPath.toString(), archive(directory, classPath.toString()), directory);
    }

    /** What an installation that was killed left; one that is at work right now is younger. */
    private static void removeLeftovers(Path directory) throws IOException {
        Instant old = Clock.systemUTC().instant().minus(LEFTOVER_AGE);
        try (DirectoryStream<Path> asides = Files.newDirectoryStream(directory, "*.new")) {
            for (Path aside : asides) {
                if (Files.getLastModifiedTime(aside).toInstant().isBefore(old)) {
                    Files.deleteIfExists(aside);
                }
            }
        } catch (NoSuchFileException | DirectoryIteratorException e) {
            return; // somebody else's installation was just done
        }
    }

    private static void copy(WorkerBundle.Jar jar, Path file) throws IOException {
        Path aside = Files.createTempFile(file.getParent(), jar.name(), ".new");
        try {
            try (InputStream in = jar.open()) {
                Files.copy(in, aside, StandardCopyOption.REPLACE_EXISTING);
            }
            publish(aside, file);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static void publish(Path aside, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Optional<String> archive(Path directory, String classPath) {
        Path archive = directory.resolve(
                "worker-" + digest(java + Runtime.version() + classPath).substring(0, 16) + ".jsa");
        Path failed = archive.resolveSibling(archive.getFileName() + ".failed");
        if (Files.isRegularFile(archive)) {
            return Optional.of(archive.toString());
        }
        if (Files.exists(failed)) {
            return Optional.empty();
        }
        try {
            Path aside = directory.resolve("dump-" + ProcessHandle.current().pid() + ".new");
            Files.deleteIfExists(aside);
            List<String> argv = WorkerCommand.dumpArchive(java, classPath, aside.toString());
            Process dump = new ProcessBuilder(argv)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = dump.waitFor(DUMP_LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                dump.destroyForcibly();
            }
            if (ended && dump.exitValue() == 0 && Files.isRegularFile(aside)) {
                publish(aside, archive);
                return Optional.of(archive.toString());
            }
            Files.deleteIfExists(aside);
            Files.createFile(failed); // not tried again with this JVM: it only costs time
        } catch (FileAlreadyExistsException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    /** The bundle's name: a hash over its jars' names and hashes. */
    static String hashOf(WorkerBundle bundle) {
        StringBuilder text = new StringBuilder();
        bundle.jars()
                .forEach(jar ->
                        text.append(jar.name()).append(' ').append(jar.sha256()).append('\n'));
        return digest(text.toString()).substring(0, 32);
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
