package dev.buildboss.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.buildboss.BuildRequest;
import dev.buildboss.BuildbossException;
import dev.buildboss.files.FileTrees;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.Commit;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The output directory of one run: reads what earlier runs left, and stores each cell at once or not at all.
 *
 * <p>Commits' directories are found by their full hash, so that results are kept when a commit's number changes. The directory
 * is locked while the store is open. Reading and writing block; {@link #begin} and the writers may be used from several threads,
 * one thread a writer.
 */
public final class ResultStore implements AutoCloseable {

    private static final String SOURCE_FILE = ".source";
    /** More than any number takes. */
    private static final int MAX_DONE = 16;

    /** What {@code done} says of a build that was interrupted: the next run builds the cell again. */
    static final int INTERRUPTED = -1;

    private final BuildRequest request;
    private final Path root;
    private final long maxCellBytes;
    private final OutputLock lock;
    private final Path staging;
    private final AtomicLong counter = new AtomicLong();
    private final List<String> commitDirs;
    private final Confirmations confirmations;
    private final FirstResults results = new FirstResults(this);
    private volatile @Nullable IOException failure;

    private ResultStore(BuildRequest request, long maxCellBytes, OutputLock lock) {
        this.request = request;
        this.root = request.outputDir();
        this.maxCellBytes = maxCellBytes;
        this.lock = lock;
        this.staging = root.resolve(ResultLayout.WORK_DIR).resolve("staging");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < request.commits().size(); i++) {
            names.add(ResultLayout.commitDir(i, request.commits().get(i)));
        }
        this.commitDirs = List.copyOf(names);
        this.confirmations =
                new Confirmations(this::cellDir, () -> staging.resolve("said-" + counter.incrementAndGet()));
    }

    /**
     * Opens the output directory, repairs what a killed run left there, and gives commits' directories their new numbers.
     *
     * @param maxCellBytes the most that one cell may take
     * @throws BuildbossException if it is in use by another boss, or can't be written
     */
    public static ResultStore open(BuildRequest request, long maxCellBytes) {
        try {
            Files.createDirectories(request.outputDir());
            OutputLock lock = OutputLock.take(request.outputDir());
            try {
                ResultStore store = new ResultStore(request, maxCellBytes, lock);
                store.repair();
                store.arrangeCommits();
                return store;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new BuildbossException(
                    "output directory " + request.outputDir() + ": " + reasonOf(e) + "; choose another with -o", e);
        }
    }

    /** The results that are there, by the request's rule for what is built again, without opening (or making) anything. */
    public static Map<Cell, Built> peek(BuildRequest request) {
        try {
            return new Previous(request).read();
        } catch (IOException e) {
            throw new BuildbossException("output directory " + request.outputDir() + ": " + reasonOf(e), e);
        }
    }

    /** Which boss seems to build into an output directory just now, without touching it. */
    public static Optional<String> seemsInUseBy(Path outputDir) {
        return OutputLock.seemsHeldBy(outputDir);
    }

    /** The directory of this run's results. */
    public Path outputDir() {
        return root;
    }

    /** The results that need not be built again, by the request's rule. */
    public Map<Cell, Built> previous() {
        return peek(request);
    }

    /** Starts a cell's files; nothing is written before the first of them. */
    public CellWriter begin(Cell cell) {
        if (request.commit(cell.commit()).isEmpty()) {
            throw new IllegalArgumentException("no such cell in this run: " + cell);
        }
        return new CellWriter(this, cell, staging.resolve("new-" + counter.incrementAndGet()), maxCellBytes);
    }

    /** Where a cell's files are once they are there. */
    public Path cellDir(Cell cell) {
        return commitRoot(cell.commit()).resolve(cell.board());
    }

    private Path commitRoot(int commit) {
        return request.current() ? root : root.resolve(commitDirs.get(commit));
    }

    /** What is kept beside results of failures that were built again. */
    public Confirmations confirmations() {
        return confirmations;
    }

    /** Which result of a cell counts of those that this run has. */
    FirstResults results() {
        return results;
    }

    /**
     * A result could not be written, which ends the run: no other is put in place any more. What was removed of that one may leave
     * room for it, and it would be there while the run tells that it was not built.
     */
    public void failed(IOException why) {
        failure = failure == null ? why : failure;
    }

    void moveIntoPlace(Cell cell, Path from) throws IOException {
        IOException before = failure;
        if (before != null) {
            throw new IOException("no result is stored any more: " + before, before);
        }
        if (request.current()) {
            Files.writeString(
                    from.resolve(SOURCE_FILE), request.commits().get(0).hash() + "\n");
        }
        Path to = cellDir(cell);
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // The common case costs one call; here the commit's directory is not there yet, or an older result is.
            Files.createDirectories(commitRoot(cell.commit()));
            Path aside = staging.resolve("old-" + counter.incrementAndGet());
            boolean replaced = Files.exists(to, LinkOption.NOFOLLOW_LINKS);
            if (replaced) {
                Files.createDirectories(aside);
                Files.writeString(aside.resolve("place"), root.relativize(to) + "\n");
                Files.move(to, aside.resolve("cell"), StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            if (replaced) {
                FileTrees.delete(aside);
            }
        }
    }

    /** A killed run may have left an older result aside with nothing in its place yet: it goes back. The rest goes. */
    private void repair() throws IOException {
        if (!FileTrees.isRealDirectory(staging)) {
            FileTrees.delete(staging);
            Files.createDirectories(staging);
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(staging)) {
            for (Path entry : entries) {
                Path place = entry.resolve("place");
                if (Files.isRegularFile(place) && FileTrees.isRealDirectory(entry.resolve("cell"))) {
                    Path to = root.resolve(Files.readString(place).strip()).normalize();
                    if (to.startsWith(root) && !Files.exists(to)) {
                        Files.createDirectories(requireNonNull(to.getParent()));
                        Files.move(entry.resolve("cell"), to, StandardCopyOption.ATOMIC_MOVE);
                    }
                }
                FileTrees.delete(entry);
            }
        }
    }

    /** Directories of this series' commits get their names of today; those of obsolete commits go. */
    private void arrangeCommits() throws IOException {
        if (request.current()) {
            return;
        }
        Map<String, String> wanted = namesOf(request.commits());
        for (String name : wanted.values()) {
            Path place = root.resolve(name);
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !FileTrees.isRealDirectory(place)) {
                Files.delete(place); // a link would lead results out of here
            }
        }
        Map<String, Path> kept = commitDirsOnDisk(root, wanted);
        for (Map.Entry<String, Path> found : kept.entrySet()) {
            String name = found.getValue().getFileName().toString();
            String today = wanted.get(found.getKey());
            if (today != null && !today.equals(name)) {
                Files.move(found.getValue(), root.resolve(today), StandardCopyOption.ATOMIC_MOVE);
            } else if (today == null && request.obsolete().contains(found.getKey())) {
                FileTrees.delete(found.getValue());
            }
        }
    }

    /**
     * The directory of each commit that has one, by hash. Where there are several, the one that is named as it should be now,
     * else the first by name, so that what is read and what is kept are the same.
     */
    private static Map<String, Path> commitDirsOnDisk(Path root, Map<String, String> wanted) throws IOException {
        Map<String, Path> result = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                Optional<String> hash = ResultLayout.hashOf(name);
                if (hash.isPresent() && FileTrees.isRealDirectory(entry)) {
                    String best = wanted.getOrDefault(hash.get(), "");
                    result.merge(hash.get(), entry, (one, other) -> better(one, other, best));
                }
            }
        } catch (NoSuchFileException e) {
            return Map.of();
        }
        return result;
    }

    private static Path better(Path one, Path other, String best) {
        if (one.getFileName().toString().equals(best)) {
            return one;
        }
        boolean otherIsBest = other.getFileName().toString().equals(best);
        return otherIsBest || other.compareTo(one) < 0 ? other : one;
    }

    /** The name that each commit's directory has in this series, by hash. */
    private static Map<String, String> namesOf(List<Commit> commits) {
        Map<String, String> wanted = new HashMap<>();
        for (int i = 0; i < commits.size(); i++) {
            wanted.put(commits.get(i).hash(), ResultLayout.commitDir(i, commits.get(i)));
        }
        return wanted;
    }

    @Override
    public void close() {
        try {
            FileTrees.delete(staging);
            lock.close();
        } catch (IOException e) {
            throw new BuildbossException("output directory " + root + ": " + reasonOf(e), e);
        }
    }

    /** Whether a failure to write means that the disk (or the user's share of it) is full. */
    public static boolean isDiskFull(Throwable failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded");
    }

    private static String reasonOf(IOException e) {
        if (e instanceof FileAlreadyExistsException exists) {
            return exists.getFile() + " is not a directory";
        }
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        String reason = e instanceof java.nio.file.FileSystemException fs ? fs.getReason() : e.getMessage();
        return reason != null ? reason : e.getClass().getSimpleName();
    }

    /** Reads earlier results, as far as they need not be built again. */
    private static final class Previous {
        private final BuildRequest request;
        private final Set<String> targets = new HashSet<>();

        private Previous(BuildRequest request) {
            this.request = request;
            request.boards().stream().map(Board::target).forEach(targets::add);
        }

        private Map<Cell, Built> read() throws IOException {
            Map<Cell, Built> result = new HashMap<>();
            if (request.rebuild() == BuildRequest.Rebuild.ALL) {
                return result;
            }
            if (request.current()) {
                return readCommit(request.outputDir(), 0);
            }
            Map<String, Path> dirs = commitDirsOnDisk(request.outputDir(), namesOf(request.commits()));
            List<Commit> commits = request.commits();
            // Side by side, as it is most of the time that a large run takes to go on.
            try {
                IntStream.range(0, commits.size())
                        .parallel()
                        .filter(i -> dirs.containsKey(commits.get(i).hash()))
                        .mapToObj(i -> readCommit(
                                requireNonNull(dirs.get(commits.get(i).hash())), i))
                        .forEachOrdered(result::putAll);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            return result;
        }

        private Map<Cell, Built> readCommit(Path dir, int commit) {
            Map<Cell, Built> result = new HashMap<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
                for (Path entry : entries) {
                    String target = entry.getFileName().toString();
                    if (targets.contains(target) && FileTrees.isRealDirectory(entry)) {
                        readCell(entry)
                                .filter(built -> isGoodEnough(entry, built))
                                .ifPresent(built -> result.put(new Cell(target, commit), built));
                    }
                }
            } catch (NoSuchFileException e) {
                // nothing was ever built there
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (DirectoryIteratorException e) {
                throw new UncheckedIOException(e.getCause());
            }
            return result;
        }

        private boolean isGoodEnough(Path dir, Built built) {
            if (request.rebuild() == BuildRequest.Rebuild.FAILED && built.kind() != Kind.OK) {
                return false;
            }
            if (built.kind() == Kind.FAILED && Confirmations.isOpen(dir)) {
                return false; // the run that was to confirm it ended before
            }
            if (!request.current()) {
                return true;
            }
            try {
                return Files.readString(dir.resolve(SOURCE_FILE))
                        .strip()
                        .equals(request.commits().get(0).hash());
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** The result in a cell's directory; empty if there is none that counts (no, an empty or a bad {@code done}, or −1). */
    public static Optional<Built> readCell(Path dir) {
        // Plain java.io: with a hundred thousand of them, half of the time of java.nio's calls for the same.
        try (FileInputStream file = new FileInputStream(new File(dir.toString(), "done"))) {
            byte[] done = file.readNBytes(MAX_DONE + 1);
            if (done.length > MAX_DONE) {
                return Optional.empty();
            }
            int code = Integer.parseInt(new String(done, UTF_8).strip());
            boolean hasErrorText = new File(dir.toString(), "err").length() > 0;
            return code == INTERRUPTED ? Optional.empty() : Optional.of(Built.of(code, hasErrorText));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
