package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.boards.BoardList;
import dev.buildboss.boards.BoardSource;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.report.CommitInfo;
import dev.buildboss.report.CommitSeries;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.report.results.Limits;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.MatrixCommit;
import dev.buildboss.report.results.ResultsReader;
import dev.buildboss.settings.Settings;
import dev.buildboss.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the results that a command line means, with the repository where there is one and from their directory alone where not. */
final class ResultsFinder {

    private final BossCommand boss;
    private final SourceOptions source;
    private final SeriesOptions series;

    ResultsFinder(BossCommand boss, SourceOptions source, SeriesOptions series) {
        this.boss = boss;
        this.source = source;
        this.series = series;
    }

    /**
     * Results that were found; can be read again and again.
     *
     * @param directory where they are
     * @param commits those of the branch; empty: those that the directory has whenever it is read
     * @param boards what is known of boards; empty: what the directory tells
     * @param chosen whether the boards were chosen by name: then those without results count too
     * @param notes what a person should know
     * @param names gives the directory's commits the names that they have in a repository
     * @param first what was read of them already
     */
    record Found(
            Path directory,
            List<Commit> commits,
            List<Board> boards,
            boolean chosen,
            List<String> notes,
            UnaryOperator<Matrix> names,
            AtomicReference<@Nullable Matrix> first) {
        Found(Path directory, List<Commit> commits, List<Board> boards, boolean chosen, List<String> notes) {
            this(directory, commits, boards, chosen, notes, UnaryOperator.identity(), new AtomicReference<>());
        }

        Found {
            commits = List.copyOf(commits);
            boards = List.copyOf(boards);
            notes = List.copyOf(notes);
        }

        /** Reads what is there now. */
        Matrix read() {
            Matrix known = first.getAndSet(null);
            if (known != null) {
                return known;
            }
            ResultsReader reader = ResultsReader.of(directory).withLimits(Limits.DEFAULT);
            if (!commits.isEmpty()) {
                reader = reader.withCommits(commits);
            }
            if (chosen && !boards.isEmpty()) {
                return names.apply(reader.withBoards(boards).read());
            }
            Matrix all = names.apply(reader.read());
            if (boards.isEmpty()) {
                return all;
            }
            Map<String, Board> listed = new HashMap<>();
            boards.forEach(board -> listed.put(board.target(), board));
            return all.withBoards(all.boards().stream()
                    .map(board -> listed.getOrDefault(board.target(), board))
                    .toList());
        }
    }

    /** The results of a branch, of the source as it stands, or of a directory. */
    Found find() {
        if (series.branch == null && series.output != null && !series.noSubdirs) {
            return inDirectory(onlyOne(boss.around.resolve(series.output)));
        }
        try (SourceRepository repository = source.open(boss.around)) {
            Path directory = series.directory(boss.around, repository);
            List<String> notes = new ArrayList<>();
            List<Commit> commits = List.of();
            if (!series.isCurrent()) {
                CommitSeries found = repository.series(series.request());
                commits = found.commits();
                notes.addAll(found.notes());
            }
            SettingsLoader loader = boss.loader(repository.workTree());
            source.apply(loader);
            Settings settings = loader.load().settings();
            Path kept =
                    series.noSubdirs ? directory : directory.resolveSibling(".").normalize();
            BoardSource.Found list =
                    source.list(boss.around, repository, series.tipName(), Optional.of(kept), settings);
            boolean chosen = source.choosesBoards();
            return new Found(directory, commits, source.choose(list.list()), chosen, notes);
        }
    }

    /** Only where the results of a command line are; they need not be there. */
    Path directory() {
        if (series.branch == null && series.output != null && !series.noSubdirs) {
            return onlyOne(boss.around.resolve(series.output));
        }
        try (SourceRepository repository = source.open(boss.around)) {
            return series.directory(boss.around, repository);
        }
    }

    /** What {@code -o} names without a branch: one series of results, of which nothing else need be there. */
    private static Path onlyOne(Path given) {
        List<Path> found = ResultsReader.find(given);
        if (found.isEmpty()) {
            throw new BuildbossException("no results in " + given);
        } else if (found.size() > 1) {
            throw new BuildbossException("there are several series of results in " + given + ": name one, such as -o "
                    + found.get(0) + " ("
                    + found.stream().map(p -> p.getFileName().toString()).collect(Collectors.joining(", ")) + ")");
        }
        return found.get(0);
    }

    private Found inDirectory(Path directory) {
        return inDirectory(directory, ResultsReader.of(directory).commits());
    }

    /**
     * The results in a directory.
     *
     * @param listed its commits as they were a moment ago: a build may have added some since
     */
    Found inDirectory(Path directory, List<MatrixCommit> listed) {
        // To open a repository takes about as long as to read the results.
        CommitNames names = new CommitNames(this::named, listed);
        Matrix matrix = names.apply(ResultsReader.of(directory).read());
        boolean chosen = source.choosesBoards();
        List<Board> boards = chosen ? source.choose(BoardList.of(matrix.boards())) : List.of();
        return new Found(
                directory, List.of(), boards, chosen, List.of(), names, new AtomicReference<>(chosen ? null : matrix));
    }

    /** The directory's commits with their subjects, if the repository here has all of them; else none. */
    private List<Commit> named(List<MatrixCommit> found) {
        List<Commit> commits = new ArrayList<>();
        if (found.isEmpty()) {
            return commits;
        }
        try (SourceRepository repository = source.open(boss.around)) {
            for (MatrixCommit commit : found) {
                Optional<CommitInfo> info = repository.info(commit.hash());
                if (info.isEmpty()) {
                    return List.of();
                }
                commits.add(info.get().commit());
            }
        } catch (BuildbossException e) {
            return List.of(); // no repository here: the directories' names must do
        }
        return commits;
    }
}
