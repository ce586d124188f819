package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Board;
import dev.buildboss.report.CommitInfo;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.report.results.BoardHistory.Stretch;
import dev.buildboss.report.results.Diagnostic;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.MatrixCommit;
import dev.buildboss.report.summary.Blame;
import dev.buildboss.text.Nearest;
import dev.buildboss.text.Printable;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code boss blame}: which commit began it. */
@Command(
        name = "blame",
        exitCodeOnInvalidInput = 1,
        sortOptions = false,
        header = "Names the first bad commit of a board or an error, from the results on disk.",
        description = {
            "",
            "  boss blame -b my-branch                      every board that failed",
            "  boss blame -b my-branch zynq_cse_nor         one board: each error and warning of it",
            "  boss blame -b my-branch 'defined but not'    every error that has this text in it",
            "",
            "Ends with 0 if something was found, with 100 if a board still fails of it.",
            ""
        })
final class BlameCommand implements Callable<Integer> {

    private static final int SHORT_HASH = 12;
    private static final int STILL_FAILS = 100;
    private static final int MAX_BOARDS = 20;

    @Parameters(paramLabel = "BOARD|TEXT", arity = "0..1", description = "A board, or text of an error.")
    @Nullable
    private String query;

    @Mixin
    private final GitOption git = new GitOption();

    @Mixin
    private final SeriesOptions series = new SeriesOptions();

    private final BossCommand boss;

    BlameCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        SourceOptions source = git.source();
        ResultsFinder.Found found = new ResultsFinder(boss, source, series).find();
        Matrix matrix = found.read();
        matrix.problems().forEach(problem -> boss.around.err().println(SummaryPrinter.leftOut(problem)));
        List<Blame.Finding> findings = findings(matrix);
        PrintStream out = boss.around.out();
        if (findings.isEmpty()) {
            out.println(query == null ? "no board failed" : "nothing was wrong with " + Printable.line(query));
            return 0;
        }
        try (Authors authors = new Authors(source, boss.around)) {
            findings.forEach(finding -> print(matrix, finding, authors));
        }
        boolean still = findings.stream().anyMatch(f -> f.since().fixed().isEmpty() && fails(matrix, f));
        return still ? STILL_FAILS : 0;
    }

    private static boolean fails(Matrix matrix, Blame.Finding finding) {
        return finding.boards().stream()
                .anyMatch(board -> matrix.history(board).failures().stream()
                        .anyMatch(failure -> failure.fixed().isEmpty()));
    }

    private List<Blame.Finding> findings(Matrix matrix) {
        if (query == null) {
            return Blame.ofFailures(matrix);
        }
        if (matrix.board(query).isPresent()) {
            return Blame.ofBoard(matrix, query);
        }
        List<Blame.Finding> findings = Blame.ofText(matrix, query);
        if (findings.isEmpty()) {
            throw new BuildbossException("no results of a board " + query + ", and no error with that text"
                    + Nearest.hint(
                            query, matrix.boards().stream().map(Board::target).toList()));
        }
        return findings;
    }

    private void print(Matrix matrix, Blame.Finding finding, Authors authors) {
        PrintStream out = boss.around.out();
        Style style = new Style(boss.around.screen().colours());
        Stretch since = finding.since();
        out.println(style.red(boards(finding.boards()) + ":"));
        finding.diagnostic()
                .map(Diagnostic::lines)
                .orElse(List.of(
                        isLeftOut(matrix, finding)
                                ? "(fails; what it said is left out)"
                                : "(fails without an error that would tell why)"))
                .forEach(line -> out.println("    " + Printable.lines(line)));
        out.println("  first bad: " + commit(matrix, since.firstBad(), authors));
        out.println("  last good: "
                + since.lastGood()
                        .map(good -> commit(matrix, good, authors))
                        .orElse("none: it is so from the first result on"));
        int between = since.firstBad() - since.lastGood().orElse(since.firstBad() - 1) - 1;
        if (between > 0) {
            out.println("  (" + between + (between == 1 ? " commit between them tells" : " commits between them tell")
                    + " nothing of it: it may be one of those)");
        }
        confirmation(matrix, finding).ifPresent(known -> out.println("  built again: " + known));
        since.fixed().ifPresent(fixed -> out.println("  fixed:     " + commit(matrix, fixed, authors)));
        reproduce(matrix, finding);
        out.println();
    }

    private static boolean isLeftOut(Matrix matrix, Blame.Finding finding) {
        return finding.boards().stream()
                .anyMatch(
                        board -> matrix.cell(finding.since().firstBad(), board).isLeftOut());
    }

    /** What building it again told, of the first of its boards that was. */
    private static Optional<String> confirmation(Matrix matrix, Blame.Finding finding) {
        return finding.boards().stream()
                .flatMap(board -> matrix.cell(finding.since().firstBad(), board).confirmation().stream())
                .map(known -> Printable.line(known.words()))
                .findFirst();
    }

    private static String boards(List<String> boards) {
        return boards.size() <= MAX_BOARDS
                ? String.join(" ", boards)
                : String.join(" ", boards.subList(0, MAX_BOARDS)) + " and " + (boards.size() - MAX_BOARDS) + " more";
    }

    private void reproduce(Matrix matrix, Blame.Finding finding) {
        String board = finding.boards().get(0);
        String hash = matrix.commits().get(finding.since().firstBad()).hash();
        if (hash.isEmpty()) {
            return;
        }
        PrintStream out = boss.around.out();
        String shown = hash.substring(0, Math.min(SHORT_HASH, hash.length()));
        out.println("  again:     boss reproduce " + board + " " + shown + ", which does:");
        Reproduction.commands(board, hash, cross(matrix, finding.since().firstBad(), board))
                .forEach(command -> out.println("    " + command));
    }

    private static String cross(Matrix matrix, int commit, String board) {
        return matrix.cellDir(commit, board)
                .map(dir -> new dev.buildboss.report.results.CellFiles(dir, dev.buildboss.report.results.Limits.DEFAULT)
                        .toolchain()
                        .getOrDefault("cross", ""))
                .filter(prefix -> prefix.matches("[A-Za-z0-9_.+/-]*"))
                .orElse("");
    }

    private static String commit(Matrix matrix, int index, Authors authors) {
        MatrixCommit commit = matrix.commits().get(index);
        if (matrix.current()) {
            return "the current source";
        }
        return String.format(
                Locale.ROOT,
                "%02d %s %s%s",
                commit.number(),
                commit.hash().substring(0, Math.min(SHORT_HASH, commit.hash().length())),
                Printable.line(commit.subject()),
                authors.of(commit.hash())
                        .map(info -> Printable.line(" (" + info.author() + " <" + info.email() + ">)"))
                        .orElse(""));
    }

    /** Who wrote commits, as far as there is a repository that knows. */
    private static final class Authors implements AutoCloseable {
        private final Optional<SourceRepository> repository;

        Authors(SourceOptions source, Surroundings around) {
            this.repository = open(source, around);
        }

        private static Optional<SourceRepository> open(SourceOptions source, Surroundings around) {
            try {
                return Optional.of(source.open(around));
            } catch (BuildbossException e) {
                return Optional.empty(); // results may be read without one
            }
        }

        Optional<CommitInfo> of(String hash) {
            return repository.flatMap(r -> r.info(hash));
        }

        @Override
        public void close() {
            repository.ifPresent(SourceRepository::close);
        }
    }
}
