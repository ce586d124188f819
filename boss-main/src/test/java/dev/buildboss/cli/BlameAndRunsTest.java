package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.Commit;
import dev.buildboss.report.SeriesRequest;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.results.ResultLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlameAndRunsTest {

    @TempDir
    private Path temp;

    private CliFixture cli;
    private Path results;
    private List<Commit> commits = List.of();

    @BeforeEach
    void makeTree() throws Exception {
        cli = new CliFixture(temp);
        results = cli.tree.resolveSibling("work");
        try (SourceRepository repository = SourceRepository.open(cli.tree)) {
            commits = repository.series(SeriesRequest.branch("work")).commits();
        }
    }

    private void cell(int commit, String board, int code, String err) throws IOException {
        Path cell = Files.createDirectories(results.resolve(ResultLayout.commitDir(commit, commits.get(commit)))
                .resolve(board));
        Files.writeString(cell.resolve("done"), code + "\n");
        Files.writeString(cell.resolve("err"), err);
        Files.writeString(cell.resolve("toolchain"), "cross arm-linux-\narch arm\n0\n");
    }

    @Test
    void namesTheFirstBadCommitItsAuthorAndHowToSeeItAgain() throws IOException {
        cell(0, "oak", 0, "");
        cell(1, "oak", 2, "a.c:1:2: error: no\nmake: *** [a] Error 2\n");
        cell(2, "oak", 2, "a.c:7:2: error: no\nmake: *** [a] Error 2\n");

        int status = cli.run("blame", "-b", "work", "oak");

        String hash = commits.get(1).hash();
        assertThat(cli.out)
                .contains("oak:\n    a.c:1:2: error: no\n")
                .contains("first bad: 02 " + hash.substring(0, 12) + " two (A <a@example.org>)")
                .contains("last good: 01 " + commits.get(0).hash().substring(0, 12) + " one")
                .contains("boss reproduce oak " + hash.substring(0, 12))
                .contains("git worktree add --detach ../reproduce-oak-" + hash.substring(0, 12) + " " + hash)
                .contains("CROSS_COMPILE=arm-linux- make -C ../reproduce-oak-" + hash.substring(0, 12)
                        + " O=build oak_defconfig");
        assertThat(status).isEqualTo(100);
    }

    @Test
    void blamesAnErrorsTextOnAllBoardsThatSayIt() throws IOException {
        for (String board : List.of("elm", "oak")) {
            cell(0, board, 0, "");
            cell(2, board, 0, "a.c:1:2: warning: odd \u001b[31m\n");
        }

        int status = cli.run("blame", "-b", "work", "odd");

        assertThat(cli.out)
                .startsWith("elm oak:\n    a.c:1:2: warning: odd \\x1b[31m\n  first bad: 03 ")
                .contains("(1 commit between them tells nothing of it: it may be one of those)");
        assertThat(status).isZero();
    }

    @Test
    void suggestsTheNearestBoardWhereNothingFits() throws IOException {
        cell(0, "oak", 0, "");

        assertThat(cli.run("blame", "-b", "work", "oakk")).isEqualTo(1);
        assertThat(cli.err).contains("no results of a board oakk").contains("did you mean oak?");
    }

    @Test
    void listsRunsWithTheirVerdicts() {
        cli.run("build", "-b", "work");
        cli.builds.outcomes = cell -> Built.of(cell.board().equals("oak") ? 2 : 0, false);
        cli.run("build", "-b", "work");

        int status = cli.run("runs", "-b", "work");

        assertThat(status).isZero();
        assertThat(cli.out.lines()).hasSize(3);
        assertThat(cli.out.lines().toList().get(1)).startsWith("1 ").endsWith("ok");
        assertThat(cli.out.lines().toList().get(2)).startsWith("2 ").endsWith("failed");
    }

    @Test
    void takesWhatFollowsFailFastForABoardUnlessItIsAttached() {
        assertThat(cli.run("build", "-b", "work", "--fail-fast", "oak")).isZero();
        assertThat(cli.run("build", "-b", "work", "--fail-fast=2", "oak")).isZero();
        assertThat(cli.run("build", "-b", "work", "--fail-fast=oak")).isEqualTo(1);
    }

    @Test
    void stopsAtTheFirstFailureOnRequest() {
        cli.builds.outcomes = cell -> Built.of(2, false);
        cli.builds.deaf = true;

        int status = cli.run("build", "-b", "work", "--fail-fast");

        assertThat(cli.out).contains("stopping: 1 cell failed (--fail-fast)");
        assertThat(cli.builds.cancelled).isTrue();
        assertThat(status).isEqualTo(100);
    }

    @Test
    void refusesANumberOfFailuresThatMeansNothing() {
        assertThat(cli.run("build", "-b", "work", "--fail-fast=-1")).isEqualTo(1);
        assertThat(cli.err).contains("--fail-fast=-1: must be 1 or more");
    }

    @Test
    @Tag("process")
    void tellsACommandTheVerdict() throws IOException {
        cli.builds.outcomes = cell -> Built.of(cell.board().equals("oak") ? 2 : 0, false);
        Path told = temp.resolve("told");

        int status = cli.run(
                "build",
                "-b",
                "work",
                "--notify",
                "echo \"$BUILDBOSS_VERDICT $BUILDBOSS_STATUS $BUILDBOSS_FAILED $BUILDBOSS_FAILED_BOARDS\" > " + told);

        assertThat(told).hasContent("failed 100 3 oak");
        assertThat(status).isEqualTo(100);
    }

    @Test
    @Tag("process")
    void saysWhatBecameOfACommandThatFailsOrHangsAndKeepsTheVerdict() {
        assertThat(cli.run("build", "-b", "work", "--notify", "exit 7")).isZero();
        assertThat(cli.err).contains("--notify exit 7: exit status 7");

        assertThat(cli.run("build", "-b", "work", "--notify", "sleep 60", "--notify-limit", "1"))
                .isZero();
        assertThat(cli.err).contains("--notify sleep 60: ");
    }

    @Test
    @Tag("process")
    void reproducesABoardInAScratchWorktree() throws Exception {
        Files.writeString(
                cli.tree.resolve("Makefile"),
                "all:\n\t@echo making; exit 3\n%_defconfig:\n\t@echo configured $@ in $(O)\n");
        new ProcessBuilder("git", "-C", cli.tree.toString(), "add", "-A")
                .start()
                .waitFor();
        new ProcessBuilder(
                        "git",
                        "-C",
                        cli.tree.toString(),
                        "-c",
                        "user.name=a",
                        "-c",
                        "user.email=a@b",
                        "commit",
                        "-qm",
                        "make")
                .start()
                .waitFor();

        int status = cli.run("reproduce", "elm", "work");

        assertThat(cli.err).isEmpty();
        assertThat(cli.out).contains("configured elm_defconfig in build").contains("making");
        assertThat(status).isEqualTo(100);
        assertThat(cli.tree.resolveSibling("src")).doesNotExist();
    }
}
