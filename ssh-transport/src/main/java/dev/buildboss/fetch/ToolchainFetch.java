package dev.buildboss.fetch;

import static java.util.Objects.requireNonNull;

import dev.buildboss.BuildbossException;
import dev.buildboss.exec.Exec;
import dev.buildboss.exec.Execution;
import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.files.FileTrees;
import dev.buildboss.lock.LockFile;
import dev.buildboss.settings.Settings;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Fetched compilers of this computer: gets archives, unpacks them aside and puts them into their place in one step; packs them for
 * machines. What is in the making is in {@code .fetch} of the directory, and gone after {@link #close}, but for the part of
 * an archive that a later fetch can go on from.
 *
 * <p>Blocking; for one thread. Holds a lock, so that two bosses don't fetch into each other's files.
 */
public final class ToolchainFetch implements AutoCloseable {

    private static final String MAKING = ".fetch";
    private static final Duration TRY_LIMIT = Duration.ofSeconds(20);
    private static final Duration KILL_GRACE = Duration.ofMillis(500);
    private static final int TRY_OUTPUT = 4096;

    private final Crosstool index;
    private final Settings.Fetch settings;
    private final FetchProgress progress;
    private final Path directory;
    private final Path making;
    private final String ownHost;
    private final LockFile lock;
    private final Map<Archive, Unpacked> unpacked = new HashMap<>();
    private final Map<Archive, Parcel> parcels = new HashMap<>();

    private ToolchainFetch(
            Crosstool index,
            Settings.Fetch settings,
            FetchProgress progress,
            Path directory,
            String ownHost,
            LockFile lock) {
        this.index = index;
        this.settings = settings;
        this.progress = progress;
        this.directory = directory;
        this.making = directory.resolve(MAKING);
        this.ownHost = ownHost;
        this.lock = lock;
    }

    /** A compiler's own directory, and its gcc's path from there. */
    private record Unpacked(Path root, Path gcc) {}

    /**
     * A compiler as it travels to a machine.
     *
     * @param file a {@code .tar.gz} of its own directory
     * @param sha256 that file's
     * @param bytes that file's
     * @param gcc the compiler's path from that directory
     */
    public record Parcel(Path file, String sha256, long bytes, Path gcc) {}

    /**
     * Takes the directory of the settings.
     *
     * @param home this user's
     * @param ownHost what this computer is, in the index's words
     * @throws BuildbossException if it can't be written, or another boss has it
     */
    public static ToolchainFetch open(
            Crosstool index, Settings.Fetch settings, Path home, String ownHost, Clock clock, FetchProgress progress) {
        String named = settings.directory();
        Path directory = named.startsWith("~/") ? home.resolve(named.substring(2)) : Path.of(named);
        try {
            Files.createDirectories(directory.resolve(MAKING));
            LockFile.Attempt attempt =
                    LockFile.take(directory.resolve(MAKING).resolve("lock"), clock.instant(), Optional.empty());
            if (attempt instanceof LockFile.InUse other) {
                throw new BuildbossException(
                        directory + ": another boss fetches compilers into it: " + other.by() + "; try again later");
            }
            LockFile lock = ((LockFile.Taken) attempt).lock();
            ToolchainFetch fetch = new ToolchainFetch(index, settings, progress, directory, ownHost, lock);
            fetch.removeMaking(); // what one that was killed left
            return fetch;
        } catch (IOException e) {
            throw new BuildbossException(
                    directory + ": can't be written: " + Crosstool.words(e) + " (fetch.directory)", e);
        }
    }

    /** Where a compiler is or would be. */
    public Path placeOf(Archive archive) {
        return directory.resolve(archive.place());
    }

    /** Whether that very version is there, for this computer. */
    public boolean isInstalled(Archive archive) {
        return archive.host().equals(ownHost) && gccIn(placeOf(archive)).isPresent();
    }

    /**
     * Fetches a compiler and puts it into its place; one that is there is replaced.
     *
     * @return its gcc
     * @throws BuildbossException in words
     */
    public Path install(Archive archive) {
        Unpacked ready = unpack(archive);
        Path place = placeOf(archive);
        try {
            runs(archive, ready.root().resolve(ready.gcc()));
            Files.createDirectories(requireNonNull(place.getParent()));
            Path old = making.resolve("old-" + archive.target());
            if (FileTrees.isRealDirectory(place)) {
                Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(ready.root(), place, StandardCopyOption.ATOMIC_MOVE);
            FileTrees.delete(old);
            unpacked.put(archive, new Unpacked(place, ready.gcc()));
            return place.resolve(ready.gcc());
        } catch (IOException e) {
            throw new BuildbossException(place + ": " + Crosstool.words(e), e);
        }
    }

    /**
     * Packs a compiler for machines; fetches it, unless this computer has the very same.
     *
     * @throws BuildbossException in words
     */
    public Parcel parcel(Archive archive) {
        Parcel known = parcels.get(archive);
        if (known != null) {
            return known;
        }
        Unpacked source = isInstalled(archive)
                ? new Unpacked(placeOf(archive), gccIn(placeOf(archive)).orElseThrow())
                : unpack(archive);
        try {
            Path file = making.resolve(archive.host() + "-" + archive.target() + ".tgz");
            progress.at("packing " + archive.fileName(), 0, -1);
            Repacker.pack(source.root(), file);
            Parcel parcel = new Parcel(file, Download.sha256(file), Files.size(file), source.gcc());
            parcels.put(archive, parcel);
            return parcel;
        } catch (IOException e) {
            throw new BuildbossException(archive.fileName() + ": " + Crosstool.words(e), e);
        }
    }

    private Unpacked unpack(Archive archive) {
        Unpacked known = unpacked.get(archive);
        if (known != null) {
            return known;
        }
        Path part = making.resolve(archive.fileName() + ".part");
        new Download(index.source(), settings, progress).to(archive, part);
        Path aside = making.resolve("new-" + archive.host() + "-" + archive.target());
        boolean good = false;
        try {
            FileTrees.delete(aside);
            Files.createDirectories(aside);
            Unpacker unpacker = new Unpacker(aside);
            new ArchiveReader(settings, progress).read(archive.fileName(), part, unpacker);
            Path root = MemberRules.root(unpacker.programs())
                    .map(aside::resolve)
                    .orElseThrow(() ->
                            new BuildbossException(archive.fileName() + ": there is no compiler in it (bin/*-gcc)"));
            Unpacked result = new Unpacked(
                    root,
                    gccIn(root)
                            .orElseThrow(() -> new BuildbossException(
                                    archive.fileName() + ": its compiler is no program (bin/*-gcc)")));
            unpacked.put(archive, result);
            good = true;
            return result;
        } catch (IOException e) {
            throw new BuildbossException(
                    archive.fileName() + " can't be unpacked in " + aside + ": " + Crosstool.words(e)
                            + " (fetch.directory); nothing of it was kept",
                    e);
        } finally {
            Download.removeQuietly(part);
            if (!good) {
                removeTree(aside);
            }
        }
    }

    private void runs(Archive archive, Path gcc) {
        if (!archive.host().equals(ownHost)) {
            return;
        }
        Execution done;
        try (ProcessRunner runner = new ProcessRunner(KILL_GRACE)) {
            done = runner.run(new Exec(
                    List.of(gcc.toString(), "--version"),
                    directory,
                    System.getenv(),
                    TRY_LIMIT,
                    TRY_OUTPUT,
                    Optional.empty()));
        }
        if (!done.ok()) {
            throw new BuildbossException(archive.fileName() + ": its compiler does not run here: "
                    + Printable.line(done.trouble()) + "; nothing of it was kept");
        }
    }

    /** The compiler of a directory, by its path from there. */
    private static Optional<Path> gccIn(Path root) {
        try (Stream<Path> programs = Files.list(root.resolve("bin"))) {
            return programs.filter(file -> String.valueOf(file.getFileName()).endsWith("-gcc"))
                    .filter(Files::isExecutable)
                    .sorted()
                    .findFirst()
                    .map(root::relativize);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Removes all that is in the making, and gives the directory free. */
    @Override
    public void close() {
        removeMaking();
        try {
            lock.close();
            if (isEmptyButForLock()) {
                FileTrees.delete(making);
            }
        } catch (IOException e) {
            return; // the lock goes with the process
        }
    }

    private boolean isEmptyButForLock() throws IOException {
        try (Stream<Path> left = Files.list(making)) {
            return left.allMatch(file -> file.endsWith("lock"));
        }
    }

    private void removeMaking() {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(making)) {
            for (Path path : left) {
                String name = String.valueOf(path.getFileName());
                if (name.startsWith("new-") || name.startsWith("old-") || name.endsWith(".tgz")) {
                    removeTree(path);
                }
            }
        } catch (IOException e) {
            return; // not there, or not ours to write: told where something is put there
        }
    }

    private static void removeTree(Path path) {
        try {
            FileTrees.delete(path);
        } catch (IOException e) {
            return; // the next fetch tries again
        }
    }
}
