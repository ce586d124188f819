package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.report.SeriesRequest;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.MatrixCommit;
import dev.buildboss.report.results.ResultsReader;
import dev.buildboss.report.results.RunJournal;
import dev.buildboss.report.results.RunRecord;
import dev.buildboss.results.ResultLayout;
import dev.buildboss.settings.SettingsLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryCommandTest {

    private static final String HEADING = "Summary of 3 commits for 2 boards (2 threads, 3 jobs per thread)";

    @TempDir
    private Path temp;

    private CliFixture cli;
    private Path results;
    private List<dev.buildboss.model.Commit> commits = List.of();

    @BeforeEach
    void makeResults() throws Exception {
        cli = new CliFixture(temp);
        cli.userConfig("buildboss.local { slots = 2, jobs = 3 }");
        results = cli.tree.resolveSibling("work");
        try (SourceRepository repository = SourceRepository.open(cli.tree)) {
            commits = repository.series(SeriesRequest.branch("work")).commits();
        }
        cell(0, "oak", 0, "");
        cell(1, "oak", 2, "a.c:1:2: error: no\n");
        cell(0, "elm", 0, "");
        cell(1, "elm", 0, "");
    }

    private Path cell(int commit, String board, int code, String err) throws IOException {
        Path cell = Files.createDirectories(results.resolve(ResultLayout.commitDir(commit, commits.get(commit)))
                .resolve(board));
        Files.writeString(cell.resolve("done"), code + "\n");
        Files.writeString(cell.resolve("err"), err);
        return cell;
    }

    @Test
    void tellsWhatEachCommitOfABranchChanged() {
        int status = cli.run("summary", "-b", "work", "-e");

        assertThat(cli.out.lines())
                .containsExactly(
                        HEADING, "01: one", "02: two", "       arm:  +   oak", "+a.c:1:2: error: no", "03: three");
        assertThat(status).isEqualTo(100);
    }

    @Test
    void saysTheSameForBuildWithS() {
        int status = cli.run("build", "-b", "work", "-s", "-e");
        String build = cli.out;
        cli.run("summary", "-b", "work", "-e");

        assertThat(build).isEqualTo(cli.out);
        assertThat(status).isEqualTo(100);
        assertThat(cli.builds.request).isNull();
    }

    @Test
    void writesReportsForProgramsToOutputOrAFile() throws Exception {
        int status = cli.run("summary", "-b", "work", "--format", "markdown");
        String markdown = cli.out;
        Path file = temp.resolve("report.xml");
        int junit = cli.run("summary", "-b", "work", "--format", "junit", "--report", file.toString());

        assertThat(markdown).contains("- ❌ broken (1): `oak`");
        assertThat(status).isEqualTo(100);
        assertThat(junit).isEqualTo(100);
        assertThat(cli.out).isEmpty();
        assertThat(Files.readString(file)).contains("<failure type=\"build\" message=\"a.c:1:2: error: no\">");
        assertThat(file.resolveSibling("report.xml.new")).doesNotExist();
    }

    @Test
    void refusesReportsThatMakeNoSense() {
        assertThat(cli.run("summary", "-b", "work", "--report", "x")).isEqualTo(1);
        assertThat(cli.err).contains("--report needs --format");
        assertThat(cli.run("summary", "-b", "work", "--format", "json", "--follow"))
                .isEqualTo(1);
        assertThat(cli.err).contains("--format and --follow");
        assertThat(cli.run("summary", "-b", "work", "--format", "pdf")).isEqualTo(1);
        assertThat(cli.err).containsIgnoringCase("[json, junit, sarif, markdown, html]");
        assertThat(cli.run("summary", "-b", "work", "--format", "json", "--report", "/nowhere/x"))
                .isEqualTo(1);
        assertThat(cli.err).contains("can't write the report to /nowhere/x");
    }

    @Test
    void buildsFirstWithZ() {
        cli.run("build", "-b", "work", "-z");

        assertThat(cli.builds.request).isNotNull();
        assertThat(cli.out).contains("Completed: ", HEADING + "\n01: one\n");
    }

    @Test
    void readsADirectoryWithoutARepository() throws IOException {
        cli.directory = Files.createDirectories(temp.resolve("elsewhere"));

        int status = cli.run("summary", "-o", results.toString(), "-u");

        assertThat(cli.out).contains("01: one\n02: two\n").contains("boards:  +   oak");
        assertThat(status).isEqualTo(100);
        assertThat(cli.err).isEmpty();
    }

    @Test
    void takesSubjectsOfADirectorysCommitsFromTheRepositoryHereIfItHasThemAll() throws IOException {
        Path long2 = results.resolve(ResultLayout.commitDir(1, commits.get(1)));
        Files.move(long2, long2.resolveSibling("07_g" + commits.get(1).hash() + "_cut"));

        cli.run("summary", "-o", results.toString());
        String known = cli.out;
        Files.createDirectories(results.resolve("08_g" + "0".repeat(40) + "_nobody-s/elm"));
        cli.run("summary", "-o", results.toString());

        assertThat(known).contains("01: one\n02: two\n");
        assertThat(cli.out.lines()).contains("01: one", "07: cut", "08: nobody-s");
    }

    @Test
    void countsOnlyChosenBoardsInTheStatusWithOrWithoutARepository() throws IOException {
        assertThat(cli.run("summary", "-o", results.toString(), "elm")).isZero();

        cli.directory = Files.createDirectories(temp.resolve("elsewhere"));

        assertThat(cli.run("summary", "-o", results.toString(), "elm")).isZero();
        assertThat(cli.run("summary", "-o", results.toString(), "oak")).isEqualTo(100);
    }

    @Test
    void asksWhichOfSeveralSeriesIsMeant() throws IOException {
        Files.createDirectories(results.resolveSibling("current/oak"));
        Files.writeString(results.resolveSibling("current/oak/done"), "0\n");

        int status = cli.run("summary", "-o", results.getParent().toString());

        assertThat(status).isEqualTo(1);
        assertThat(cli.err)
                .contains("several series of results")
                .contains("current, work")
                .contains("-o ");
    }

    @Test
    void namesADirectoryWithoutResults() throws IOException {
        Path empty = Files.createDirectories(temp.resolve("empty"));

        assertThat(cli.run("summary", "-o", empty.toString())).isEqualTo(1);
        assertThat(cli.err).contains("no results in " + empty);
    }

    @Test
    void listsUnknownBoardsThatWereAskedFor() {
        cli.run("summary", "-b", "work", "-u", "--boards", "oak");

        assertThat(cli.out).contains("for 1 board ").contains("03: three\n       arm:  ?   oak\n");
    }

    @Test
    void countsACellThatTheLastRunLeftOutAsNotBuilt() {
        RunJournal journal = RunJournal.of(results);
        int run = journal.begin(Instant.EPOCH, 2, 3).orElseThrow();
        journal.end(
                run,
                new RunRecord.End(
                        Instant.EPOCH,
                        103,
                        0,
                        3,
                        0,
                        1,
                        1,
                        Map.of(RunRecord.cell("elm", commits.get(2).hash()), "no toolchain")));

        int status = cli.run("summary", "-b", "work");

        assertThat(cli.out).endsWith("03: three\n   not built, no toolchain: elm\n");
        assertThat(status).isEqualTo(103);
    }

    @Test
    void endsWithZeroForWarningsOnRequest() throws IOException {
        cell(1, "oak", 0, "w");

        assertThat(cli.run("summary", "-b", "work")).isEqualTo(101);
        assertThat(cli.run("summary", "-b", "work", "-W")).isZero();
    }

    @Test
    void keepsColoursOfLogsOutOfTheTerminal() throws IOException {
        cell(1, "oak", 2, "a.c:1:2: error: \u001b[31mred\u0007\n");

        cli.run("summary", "-b", "work", "-e");

        assertThat(cli.out).doesNotContain("\u001b").doesNotContain("\u0007").contains("\\x1b[31mred");
    }

    @Test
    void paintsOnATerminal() {
        cli.screen = new Screen(true, true, () -> 80);

        cli.run("summary", "-b", "work", "-e");

        assertThat(cli.out).contains("\u001b[31m +   oak\u001b[0m").contains("\u001b[31m+a.c:1:2: error: no\u001b[0m");
    }

    @Test
    void followsABuildAndShowsEachCommitWhenItIsComplete() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RunJournal.of(results).begin(Instant.EPOCH, 2, 3);
        ResultsFinder.Found found = new ResultsFinder.Found(results, commits, List.of(), false, List.of());
        int[] turn = {0};
        String[] seen = new String[3];

        ExitStatus status = printer(around(temp, bytes))
                .follow(
                        found,
                        () -> turn[0] < 2,
                        () -> {
                            seen[turn[0]] = bytes.toString(StandardCharsets.UTF_8);
                            turn[0]++;
                            try {
                                cell(2, turn[0] == 1 ? "oak" : "elm", 0, "");
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        },
                        false);

        assertThat(seen[0]).contains("02: two").doesNotContain("03: three");
        assertThat(seen[1]).isEqualTo(seen[0]);
        assertThat(bytes.toString(StandardCharsets.UTF_8)).endsWith("03: three\n    boards:     oak\n");
        assertThat(status).isEqualTo(ExitStatus.FAILED);
    }

    /** Follows the directory alone, in the repository of its commits, while a build takes these steps; what was printed before each. */
    private String[] follow(Step... steps) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Surroundings around = around(cli.tree, bytes);
        BossCommand boss = new BossCommand(around, cli.builds, cli.interrupts, System::nanoTime);
        RunJournal.of(results).begin(Instant.EPOCH, 2, 3);
        ResultsFinder.Found found = new ResultsFinder(boss, new SourceOptions(), new SeriesOptions())
                .inDirectory(results, ResultsReader.of(results).commits());
        int[] turn = {0};
        String[] seen = new String[steps.length + 1];
        printer(around)
                .follow(
                        found,
                        () -> turn[0] < steps.length,
                        () -> {
                            seen[turn[0]] = bytes.toString(StandardCharsets.UTF_8);
                            try {
                                steps[turn[0]++].take();
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        },
                        false);
        seen[steps.length] = bytes.toString(StandardCharsets.UTF_8);
        return seen;
    }

    private interface Step {
        void take() throws IOException;
    }

    @Test
    void followsADirectoryToTheCommitsThatABuildAddsThere() {
        String[] seen = follow(() -> cell(2, "oak", 0, ""), () -> cell(2, "elm", 0, ""), () -> {});

        assertThat(seen[0]).startsWith("Summary of 3 commits for 2 boards").endsWith("02: two\n    boards:  +   oak\n");
        assertThat(seen[1]).isEqualTo(seen[0]);
        assertThat(seen[2]).isEqualTo(seen[0] + "03: three\n    boards:     oak\n");
        assertThat(seen[3]).isEqualTo(seen[2]);
    }

    @Test
    void followingADirectoryShowsNoCommitBeforeTheOnesBelowIt() throws IOException {
        cell(0, "oak", 2, "");
        Path two = results.resolve(ResultLayout.commitDir(1, commits.get(1)));
        Files.move(two, temp.resolve("two"));
        String[] seen = follow(
                () -> {
                    cell(2, "oak", 0, "");
                    cell(2, "elm", 0, "");
                },
                () -> Files.move(temp.resolve("two"), two),
                () -> {});

        assertThat(seen[0]).endsWith("01: one\n    boards:  +   oak\n");
        assertThat(seen[1]).isEqualTo(seen[0]);
        assertThat(seen[2]).isEqualTo(seen[0] + "02: two\n03: three\n    boards:     oak\n");
        assertThat(seen[3]).isEqualTo(seen[2]);
    }

    @Test
    void followingReadsAgainWhatWasReadBeforeTheBuildWasSeenToHaveEnded() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ResultsFinder.Found found = new ResultsFinder.Found(results, commits, List.of(), false, List.of());
        found.first().set(found.read());
        cell(1, "oak", 0, "");

        ExitStatus status = printer(around(temp, bytes)).follow(found, () -> false, () -> {}, false);

        assertThat(bytes.toString(StandardCharsets.UTF_8)).doesNotContain("+   oak");
        assertThat(status).isEqualTo(ExitStatus.OK);
    }

    @Test
    void namesTheCommitsThatWereReadAndNotThoseThatWereListedBefore() {
        Surroundings around = around(cli.tree, new ByteArrayOutputStream());
        BossCommand boss = new BossCommand(around, cli.builds, cli.interrupts, System::nanoTime);
        List<MatrixCommit> there = ResultsReader.of(results).commits();
        MatrixCommit three = new MatrixCommit(3, commits.get(2).hash(), "three", Optional.empty());

        for (List<MatrixCommit> listed : List.of(
                List.<MatrixCommit>of(),
                there.subList(0, 1),
                List.of(there.get(0), three),
                List.of(there.get(0), there.get(1), three))) {
            ResultsFinder.Found found =
                    new ResultsFinder(boss, new SourceOptions(), new SeriesOptions()).inDirectory(results, listed);
            Matrix matrix = found.read();

            assertThat(matrix.commits()).extracting(MatrixCommit::subject).containsExactly("one", "two");
            assertThat(matrix.commits()).extracting(MatrixCommit::number).containsExactly(1, 2);
            assertThat(matrix.cell(1, "oak").kind()).isEqualTo(Kind.FAILED);
        }
    }

    private static Surroundings around(Path directory, ByteArrayOutputStream out) {
        return new Surroundings(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                System.err,
                directory,
                Map.of("HOME", directory.toString()),
                Map.of(),
                Screen.NONE);
    }

    private static SummaryPrinter printer(Surroundings around) {
        return new SummaryPrinter(
                around,
                new SummaryOptions(),
                new SettingsLoader().load().settings().local());
    }
}
