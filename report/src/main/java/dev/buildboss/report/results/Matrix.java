package dev.buildboss.report.results;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All that is on disk of boards × commits. Immutable; equal diagnostics of many cells are one object, so that a thousand
 * boards by fifty commits fit into little memory.
 */
public final class Matrix {

    private final Path directory;
    private final boolean current;
    private final List<MatrixCommit> commits;
    private final Map<String, Board> boards;
    private final List<Map<String, CellReport>> cells;
    private final List<String> problems;

    /**
     * A matrix.
     *
     * @param directory where its results are
     * @param current whether it is the source as it stands, without commits
     * @param commits oldest first
     * @param boards by target; in the order of their names
     * @param cells of each commit, by target; what is not there is missing
     * @param problems what could not be read and belongs to no one cell
     */
    public Matrix(
            Path directory,
            boolean current,
            List<MatrixCommit> commits,
            Collection<Board> boards,
            List<Map<String, CellReport>> cells,
            List<String> problems) {
        this(
                directory,
                current,
                commits,
                byName(boards),
                problems,
                cells.stream()
                        .map(m -> (Map<String, CellReport>) new HashMap<>(m))
                        .toList());
    }

    /** The same of what nobody changes any more: boards by name in order, and cells. */
    Matrix(
            Path directory,
            boolean current,
            List<MatrixCommit> commits,
            Map<String, Board> boards,
            List<String> problems,
            List<Map<String, CellReport>> cells) {
        this.directory = requireNonNull(directory, "directory");
        this.current = current;
        this.commits = List.copyOf(commits);
        this.boards = boards;
        this.problems = List.copyOf(problems);
        this.cells = List.copyOf(cells);
        if (cells.size() != commits.size()) {
            throw new IllegalArgumentException(cells.size() + " rows of cells for " + commits.size() + " commits");
        }
    }

    static Map<String, Board> byName(Collection<Board> boards) {
        Map<String, Board> byName = new TreeMap<>();
        boards.forEach(board -> byName.put(board.target(), board));
        return byName;
    }

    /** Where its results are. */
    public Path directory() {
        return directory;
    }

    /** Whether it is the source as it stands: then there is one commit, without a number or a level of its own. */
    public boolean current() {
        return current;
    }

    /** The commits, oldest first. */
    public List<MatrixCommit> commits() {
        return commits;
    }

    /** The boards by name. */
    public List<Board> boards() {
        return List.copyOf(boards.values());
    }

    /** A board. */
    public Optional<Board> board(String target) {
        return Optional.ofNullable(boards.get(target));
    }

    /** A cell; {@link CellReport#MISSING} if nothing of it is there. */
    public CellReport cell(int commit, String target) {
        return cells.get(commit).getOrDefault(target, CellReport.MISSING);
    }

    /** Where a cell's files are; empty if nothing of its commit is there. */
    public Optional<Path> cellDir(int commit, String target) {
        return commits.get(commit).dir().map(dir -> dir.resolve(target));
    }

    /** What could not be read and belongs to no one cell. */
    public List<String> problems() {
        return problems;
    }

    /** All cells that have anything on disk. */
    public Stream<CellReport> cells() {
        return cells.stream().flatMap(row -> row.values().stream());
    }

    /** The last commit before one that has a result of a board. */
    public Optional<Integer> lastBuiltBefore(int commit, String target) {
        int last = history(target).lastBuiltBefore(commit);
        return last < 0 ? Optional.empty() : Optional.of(last);
    }

    /** The same cells with other boards, which tell more of them or are fewer. */
    public Matrix withBoards(Collection<Board> newBoards) {
        return new Matrix(directory, current, commits, byName(newBoards), problems, cells);
    }

    /**
     * The same with what a repository tells of its commits.
     *
     * @param series of each of its commits, in their order; they are numbered by that
     */
    public Matrix named(List<Commit> series) {
        List<MatrixCommit> named = new ArrayList<>();
        for (Commit commit : series) {
            Optional<Path> dir = commits.get(named.size()).dir();
            named.add(new MatrixCommit(named.size() + 1, commit.hash(), commit.subject(), dir));
        }
        return new Matrix(directory, current, named, boards, problems, cells);
    }

    /** The same without some diagnostics; a cell that warned of nothing else is well then. */
    public Matrix without(Predicate<Diagnostic> unwanted) {
        Map<List<Diagnostic>, List<Diagnostic>> known = new HashMap<>();
        List<Map<String, CellReport>> filtered = new ArrayList<>();
        for (Map<String, CellReport> row : cells) {
            Map<String, CellReport> kept = new HashMap<>(row);
            kept.replaceAll((target, cell) -> cell.withDiagnostics(known.computeIfAbsent(
                    cell.diagnostics(),
                    all -> all.stream().filter(unwanted.negate()).toList())));
            filtered.add(kept);
        }
        return new Matrix(directory, current, commits, boards, problems, filtered);
    }

    /** One board's way through the commits. */
    public BoardHistory history(String target) {
        List<CellReport> own = new ArrayList<>(commits.size());
        for (int i = 0; i < commits.size(); i++) {
            own.add(cell(i, target));
        }
        return new BoardHistory(target, own);
    }
}
