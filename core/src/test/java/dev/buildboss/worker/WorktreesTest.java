package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.files.FileTrees;
import dev.buildboss.git.GitProgram;
import dev.buildboss.testing.Waits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("process")
class WorktreesTest {
    @TempDir
    Path directory;

    private final ProcessRunner runner = new ProcessRunner(Duration.ofMillis(200));
    private GitSandbox source;
    private WorkDir workDir;
    private Worktrees worktrees;
    private String first;
    private String second;

    @BeforeEach
    void makeRepository() {
        source = new GitSandbox(directory);
        first = source.commit("a", "1\n");
        second = source.commit("sub/a", "2\n");
        workDir = take();
        worktrees = new Worktrees(new GitProgram(runner, Waits.LIMIT), workDir, Waits.LIMIT);
    }

    @AfterEach
    void close() {
        workDir.close();
        runner.close();
    }

    private void makeAndCheck(int thread) throws IOException {
        worktrees.mend();
        assertThat(worktrees.make(thread, List.of(first))).isEmpty();
        assertThat(worktrees.checkOut(thread, second)).isEmpty();
        assertThat(Files.readString(worktrees.path(thread).resolve("sub/a"))).isEqualTo("2\n");
        assertThat(worktrees.checkOut(thread, first)).isEmpty();
        assertThat(worktrees.path(thread).resolve("sub/a")).doesNotExist();
    }

    @Test
    void makesWorktreesByNumberAndReusesThem() throws IOException {
        makeAndCheck(0);
        Path kept = Files.writeString(worktrees.path(0).resolve("build.log"), "x");
        makeAndCheck(0);
        assertThat(kept).exists();
        assertThat(worktrees.path(0)).isEqualTo(directory.resolve(".bm-work/00"));
        assertThat(worktrees.path(123)).isEqualTo(directory.resolve(".bm-work/123"));
    }

    @Test
    void makesManyWorktreesSideBySide() {
        List<CompletableFuture<Optional<String>>> made = IntStream.range(0, 24)
                .mapToObj(thread ->
                        CompletableFuture.supplyAsync(() -> worktrees.make(thread, List.of(first)), task -> {
                            Thread own = new Thread(task, "worktree-" + thread);
                            own.start();
                        }))
                .toList();
        assertThat(made).allSatisfy(trouble -> assertThat(trouble.join()).isEmpty());
    }

    @Test
    void waitsForAnEntryThatSomebodyElseIsJustMaking() throws IOException {
        assertThat(worktrees.make(0, List.of(first))).isEmpty();
        Path entry = Files.createDirectories(directory.resolve(".git/worktrees/someone"));
        Path common = Files.createFile(entry.resolve("commondir"));
        Files.writeString(entry.resolve("gitdir"), directory.resolve("elsewhere/.git") + "\n");
        Files.writeString(entry.resolve("HEAD"), first + "\n");

        CompletableFuture<Void> other = CompletableFuture.runAsync(
                () -> write(common, "../..\n"), CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
        assertThat(worktrees.make(1, List.of(first))).isEmpty();

        other.join();
        assertThat(entry).isDirectory();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void removesLocksThatAKilledWorkerLeft() throws IOException {
        makeAndCheck(0);
        Path entry = GitFile.target(worktrees.path(0).resolve(".git")).orElseThrow();
        Files.createFile(entry.resolve("index.lock"));
        Files.createFile(directory.resolve(".git/index.lock"));
        makeAndCheck(0);
        assertThat(directory.resolve(".git/index.lock")).doesNotExist();
        Files.createFile(entry.resolve("index.lock"));
        assertThat(worktrees.checkOut(0, second)).isEmpty();
    }

    @Test
    void replacesAFullClone() throws IOException {
        Path clone = Files.createDirectories(worktrees.path(0));
        new GitSandbox(clone).commit("other", "x");
        makeAndCheck(0);
        assertThat(clone.resolve(".git")).isRegularFile();
        assertThat(clone.resolve("other")).doesNotExist();
    }

    @Test
    void recreatesOneWhoseEntryIsGone() throws IOException {
        makeAndCheck(0);
        FileTrees.delete(GitFile.target(worktrees.path(0).resolve(".git")).orElseThrow());
        makeAndCheck(0);
    }

    @Test
    void recreatesOneWhoseDirectoryIsGone() throws IOException {
        makeAndCheck(0);
        FileTrees.delete(worktrees.path(0));
        makeAndCheck(0);
        assertThat(source.git("worktree", "list").lines()).hasSize(2);
    }

    @Test
    void recreatesOneWithoutAHead() throws IOException {
        makeAndCheck(0);
        Files.delete(
                GitFile.target(worktrees.path(0).resolve(".git")).orElseThrow().resolve("HEAD"));
        makeAndCheck(0);
    }

    @Test
    void acceptsARelativeGitdir() throws IOException {
        makeAndCheck(0);
        Path gitFile = worktrees.path(0).resolve(".git");
        Path entry = GitFile.target(gitFile).orElseThrow();
        Files.writeString(gitFile, "gitdir: ../../.git/worktrees/" + entry.getFileName() + "\n");
        Path kept = Files.writeString(worktrees.path(0).resolve("kept"), "x");
        makeAndCheck(0);
        assertThat(kept).exists();
    }

    @Test
    void leavesTheUsersOwnWorktreesAlone() throws IOException {
        Path users = directory.resolve("users-own");
        source.git("worktree", "add", "-q", "--detach", users.toString());
        Path entry = GitFile.target(users.resolve(".git")).orElseThrow();
        Files.createFile(entry.resolve("index.lock"));
        FileTrees.delete(users);
        makeAndCheck(0);
        assertThat(entry.resolve("index.lock")).exists();
    }

    private Path entry(int thread) {
        return GitFile.target(worktrees.path(thread).resolve(".git")).orElseThrow();
    }

    @Test
    void removesLocksOfHeadsThatAKilledGitLeft() throws IOException {
        makeAndCheck(0);
        Files.createFile(entry(0).resolve("HEAD.lock"));
        Files.createFile(entry(0).resolve("config.worktree.lock"));
        Files.createFile(directory.resolve(".git/HEAD.lock"));

        makeAndCheck(0);

        assertThat(directory.resolve(".git/HEAD.lock")).doesNotExist();
        assertThat(entry(0)).isDirectoryNotContaining("glob:**.lock");
    }

    /** What is left of an entry when git is killed, or the power fails, while it makes one. */
    @ParameterizedTest
    @ValueSource(strings = {"gitdir", "commondir", "HEAD"})
    void recreatesOneWhoseEntryIsHalfWritten(String file) throws IOException {
        makeAndCheck(0);
        makeAndCheck(1);
        Path entry = entry(0);
        Files.writeString(entry.resolve(file), "");
        Files.writeString(entry.resolve("locked"), "initializing\n");
        makeAndCheck(0);
        Files.delete(entry(0).resolve(file));
        makeAndCheck(0);
        makeAndCheck(1);
        assertThat(source.git("worktree", "list").lines()).hasSize(3);
    }

    @Test
    void recreatesOneThatHasFilesButNoGitFile() throws IOException {
        makeAndCheck(0);
        Files.delete(worktrees.path(0).resolve(".git"));
        Path old = Files.writeString(worktrees.path(0).resolve("leftover"), "x");

        makeAndCheck(0);

        assertThat(old).doesNotExist();
        assertThat(source.git("worktree", "list").lines()).hasSize(2);
    }

    @Test
    void recreatesOneWhoseGitFilePointsNowhere() throws IOException {
        makeAndCheck(0);
        Files.writeString(worktrees.path(0).resolve(".git"), "gitdir: /nowhere/at/all\n");
        makeAndCheck(0);
        Files.writeString(worktrees.path(0).resolve(".git"), "");
        makeAndCheck(0);
        assertThat(source.git("worktree", "list").lines()).hasSize(2);
    }

    @Test
    void makesATornIndexAnew() throws IOException {
        makeAndCheck(0);
        Files.writeString(entry(0).resolve("index"), "DIRC");
        makeAndCheck(0);
        Files.writeString(entry(0).resolve("index"), "");
        makeAndCheck(0);
    }

    @Test
    void neverBuildsInAWorktreeOfTheUsers() throws IOException {
        Path users = directory.resolve("users-own");
        source.git("worktree", "add", "-q", "-b", "users-branch", users.toString());
        Path usersEntry = GitFile.target(users.resolve(".git")).orElseThrow();
        Files.writeString(users.resolve("work"), "not committed");
        Files.createDirectories(worktrees.path(0).getParent());
        Files.createSymbolicLink(worktrees.path(0), users);
        Files.createDirectories(worktrees.path(1));
        Files.copy(users.resolve(".git"), worktrees.path(1).resolve(".git"));

        makeAndCheck(0);
        makeAndCheck(1);

        assertThat(worktrees.path(0)).isDirectory();
        assertThat(Files.isSymbolicLink(worktrees.path(0))).isFalse();
        assertThat(users.resolve("work")).hasContent("not committed");
        assertThat(usersEntry.resolve("HEAD")).hasContent("ref: refs/heads/users-branch");
        assertThat(source.git("rev-parse", "users-branch")).isEqualTo(second);
        assertThat(source.git("worktree", "list").lines()).hasSize(4);
    }

    @Test
    void saysWhichCommandFailedForAnUnknownCommit() {
        worktrees.make(0, List.of("0000000000000000000000000000000000000000", second));
        assertThat(worktrees
                        .checkOut(0, "0000000000000000000000000000000000000000")
                        .orElseThrow())
                .startsWith("git checkout -q -f --detach 0000000000000000000000000000000000000000 --: fatal: ");
    }

    @Test
    void refusesRevisionsThatGitWouldTakeForSomethingElse() {
        worktrees.make(0, List.of(first));
        for (String bad : List.of("--upload-pack=x", "-f", "a..b", "", "a b", "x;y", ":/x")) {
            assertThat(worktrees.checkOut(0, bad)).as(bad).contains("not a commit: " + bad);
        }
        assertThat(worktrees.checkOut(0, "HEAD~0")).isEmpty();
    }

    @Test
    void tellsWhatChangedBetweenTwoCommits() {
        assertThat(worktrees.changedPaths(first, second).orElseThrow()).containsExactly("sub/a");
    }

    private WorkDir take() {
        return WorkDir.take(directory, directory.resolve(".git"), Optional.empty(), Duration.ofSeconds(30));
    }
}
