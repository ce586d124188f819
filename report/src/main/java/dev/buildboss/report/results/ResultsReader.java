package dev.buildboss.report.results;

import static java.util.Objects.requireNonNull;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Reads a directory of results, made by this project or by U-Boot's {@code buildman}, with or without the repository that they
 * came from; also while a build writes there. Immutable; {@link #read} blocks.
 *
 * <p>Nothing that is in the directory makes it fail: what is damaged is said cell by cell in {@link CellReport#damage}. Nothing
 * is changed but the index, which is kept beside the results and makes the next reading faster.
 */
public final class ResultsReader {

    private static final int MAX_PROBLEMS = 100;
    private static final long MIB = 1024L * 1024L;
    /** What a heap is advised to grow by, of the power of two below it. */
    private static final int TIMES_MORE = 8;

    private final Path directory;
    private final List<Commit> commits;
    private final Collection<Board> boards;
    private final boolean onlyThese;
    private final Limits limits;
    private final boolean useIndex;

    private ResultsReader(
            Path directory,
            List<Commit> commits,
            Collection<Board> boards,
            boolean onlyThese,
            Limits limits,
            boolean useIndex) {
        this.directory = requireNonNull(directory, "directory");
        this.commits = List.copyOf(commits);
        this.boards = List.copyOf(boards);
        this.onlyThese = onlyThese;
        this.limits = requireNonNull(limits, "limits");
        this.useIndex = useIndex;
    }

    /** Reads all that is in a directory: one with commits' directories in it, or with boards' (the source as it stands). */
    public static ResultsReader of(Path directory) {
        return new ResultsReader(directory, List.of(), List.of(), false, Limits.DEFAULT, true);
    }

    /** The same for these commits only, oldest first, whether or not there are results of them. */
    public ResultsReader withCommits(List<Commit> series) {
        return new ResultsReader(directory, series, boards, onlyThese, limits, useIndex);
    }

    /** The same for these boards only, whether or not there are results of them. */
    public ResultsReader withBoards(Collection<Board> chosen) {
        return new ResultsReader(directory, commits, chosen, true, limits, useIndex);
    }

    /** The same with other limits. */
    public ResultsReader withLimits(Limits newLimits) {
        return new ResultsReader(directory, commits, boards, onlyThese, newLimits, useIndex);
    }

    /** The same without reading or writing an index. */
    public ResultsReader withoutIndex() {
        return new ResultsReader(directory, commits, boards, onlyThese, limits, false);
    }

    /**
     * Reads the results.
     *
     * @throws BuildbossException in words, if there is no such directory or it cannot be listed
     */
    public Matrix read() {
        List<String> problems = new ArrayList<>();
        List<Path> entries = list(directory);
        List<CommitDir> dirs = commitDirs(entries);
        boolean current = commits.isEmpty() && dirs.isEmpty();
        List<MatrixCommit> series = current
                ? List.of(new MatrixCommit(1, "", "current source", Optional.of(directory)))
                : commits.isEmpty() ? fromNames(dirs) : fromRepository(dirs);
        // Which cells find room must not be up to threads: if there is not enough for all, the first ones in order have
        // it.
        List<Map<String, CellReport>> cells = cells(series, true, problems)
                .or(() -> cells(series, false, problems))
                .orElseThrow();
        leftOut(cells).ifPresent(problems::add);
        return new Matrix(directory, current, series, Matrix.byName(boardsOf(cells, series)), problems, cells);
    }

    /** The cells of a series; of many commits at once, or in the order of commits and boards. Empty: at once, and not all found room. */
    private Optional<List<Map<String, CellReport>>> cells(
            List<MatrixCommit> series, boolean atOnce, List<String> problems) {
        DiagnosticPool pool = new DiagnosticPool(limits);
        Map<String, String> targets = new ConcurrentHashMap<>();
        List<String> found = new ArrayList<>();
        ResultsIndex index = useIndex ? ResultsIndex.load(directory, pool) : ResultsIndex.none(pool);
        // Two passes, so that the first, which asks the file system, goes on beside the reading of the index.
        List<ResultsIndex.Row> rows = series.parallelStream()
                .map(commit -> index.row(commit.dir(), dir -> {
                    List<String> there = targetsIn(dir, targets, found);
                    return atOnce ? there : there.stream().sorted().toList();
                }))
                .toList();
        Stream<ResultsIndex.Row> ordered = atOnce ? rows.parallelStream() : rows.stream();
        List<Map<String, CellReport>> cells =
                ordered.map(ResultsIndex.Row::cells).toList();
        if (atOnce && pool.isFull()) {
            return Optional.empty();
        }
        if (useIndex) {
            index.saveIfChanged(directory);
        }
        problems.addAll(found);
        return Optional.of(cells);
    }

    /**
     * The commits that have a directory there, oldest first, as far as its name tells of them; none for the source as it stands.
     *
     * @throws BuildbossException in words, if there is no such directory or it cannot be listed
     */
    public List<MatrixCommit> commits() {
        return fromNames(commitDirs(list(directory)));
    }

    /**
     * The directories of results that a directory is, or has directly in it: what {@code -o} names holds one for each branch.
     *
     * @throws BuildbossException in words, if there is no such directory or it cannot be listed
     */
    public static List<Path> find(Path directory) {
        List<Path> entries = list(directory);
        if (isResults(entries)) {
            return List.of(directory);
        }
        List<Path> found = new ArrayList<>();
        for (Path entry : entries) {
            if (!entry.getFileName().toString().startsWith(".")
                    && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                    && Files.isReadable(entry)
                    && isResults(list(entry))) {
                found.add(entry);
            }
        }
        return found;
    }

    private static boolean isResults(List<Path> entries) {
        return !commitDirs(entries).isEmpty()
                || entries.stream().anyMatch(entry -> Files.exists(entry.resolve("done")));
    }

    private static List<Path> list(Path directory) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException e) {
            String why = !Files.exists(directory)
                    ? "no such directory"
                    : e instanceof NotDirectoryException ? "not a directory" : "cannot be read";
            throw new BuildbossException("results directory " + directory + ": " + why, e);
        }
        entries.sort(Comparator.naturalOrder());
        return entries;
    }

    private static List<CommitDir> commitDirs(List<Path> entries) {
        return entries.stream()
                .flatMap(path -> CommitDir.of(path).stream())
                .filter(dir -> Files.isDirectory(dir.path(), LinkOption.NOFOLLOW_LINKS))
                .sorted(Comparator.comparingInt(CommitDir::number).thenComparing(CommitDir::path))
                .toList();
    }

    private static List<MatrixCommit> fromNames(List<CommitDir> dirs) {
        List<MatrixCommit> series = new ArrayList<>();
        Map<String, CommitDir> seen = new HashMap<>();
        for (CommitDir dir : dirs) {
            if (seen.putIfAbsent(dir.hash(), dir) == null) {
                series.add(new MatrixCommit(dir.number(), dir.hash(), dir.subject(), Optional.of(dir.path())));
            }
        }
        return series;
    }

    private List<MatrixCommit> fromRepository(List<CommitDir> dirs) {
        List<MatrixCommit> series = new ArrayList<>();
        for (Commit commit : commits) {
            int number = series.size() + 1;
            List<CommitDir> own =
                    dirs.stream().filter(dir -> dir.isOf(commit.hash())).toList();
            Optional<CommitDir> dir = own.stream()
                    .filter(d -> d.number() == number)
                    .findFirst()
                    .or(() -> own.stream().findFirst());
            series.add(new MatrixCommit(number, commit.hash(), commit.subject(), dir.map(CommitDir::path)));
        }
        return series;
    }

    private List<String> targetsIn(Path dir, Map<String, String> seen, List<String> problems) {
        return onlyThese ? boards.stream().map(Board::target).toList() : listed(dir, seen, problems);
    }

    /** The targets in a directory. A name that was seen before is known to be one, and kept once. */
    private static List<String> listed(Path dir, Map<String, String> seen, List<String> problems) {
        List<String> targets = new ArrayList<>();
        String[] names = dir.toFile().list(); // a fifth of the time of a stream of paths
        if (names == null) {
            problem(problems, dir.getFileName() + ": cannot be read");
            return targets;
        }
        for (String name : names) {
            if (isTarget(name, seen)) {
                targets.add(seen.getOrDefault(name, name));
            } else if (!name.startsWith(".")) {
                problem(problems, dir.getFileName() + ": not a board's name: " + name);
            }
        }
        return targets;
    }

    private static boolean isTarget(String name, Map<String, String> seen) {
        if (seen.containsKey(name)) {
            return true;
        }
        boolean is = Board.TARGET_PATTERN.matcher(name).matches();
        if (is) {
            seen.put(name, name);
        }
        return is;
    }

    private static void problem(List<String> problems, String text) {
        synchronized (problems) {
            if (problems.size() < MAX_PROBLEMS) {
                problems.add(Printable.line(text));
            }
        }
    }

    /** How much of what was said there was no room for, and what gives it room. */
    private static Optional<String> leftOut(List<Map<String, CellReport>> cells) {
        long all = 0;
        long leftOut = 0;
        for (Map<String, CellReport> row : cells) {
            all += row.size();
            leftOut += row.values().stream().filter(CellReport::isLeftOut).count();
        }
        long more = Long.highestOneBit(Runtime.getRuntime().maxMemory() / MIB) * TIMES_MORE;
        return leftOut == 0
                ? Optional.empty()
                : Optional.of("what " + leftOut + " of " + all
                        + " results said, for want of memory; there is room for more with" + " BUILDBOSS_HEAP=" + more
                        + "m");
    }

    private Collection<Board> boardsOf(List<Map<String, CellReport>> cells, List<MatrixCommit> series) {
        if (onlyThese) {
            return boards;
        }
        Set<String> targets = new HashSet<>();
        cells.forEach(row -> targets.addAll(row.keySet()));
        return targets.parallelStream()
                .map(target -> Board.of(target, arch(target, cells, series)))
                .toList();
    }

    /** What the board's results tell of its architecture; empty if they don't. */
    private static String arch(String target, List<Map<String, CellReport>> cells, List<MatrixCommit> series) {
        for (int i = 0; i < series.size(); i++) {
            Optional<Path> dir = series.get(i).dir();
            if (dir.isPresent() && cells.get(i).containsKey(target)) {
                String arch = new CellFiles(dir.get().resolve(target), Limits.DEFAULT)
                        .toolchain()
                        .getOrDefault("arch", "");
                if (!arch.isEmpty() && Board.ARCH_PATTERN.matcher(arch).matches()) {
                    return arch;
                }
            }
        }
        return "";
    }
}
