package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.git.GitProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
@Timeout(60)
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
        worktrees = new Worktrees(new GitProgram(runner, Duration.ofSeconds(30)), workDir, Duration.ofSeconds(30));
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
        Trees.remove(GitFile.target(worktrees.path(0).resolve(".git")).orElseThrow());
        makeAndCheck(0);
    }

    @Test
    void recreatesOneWhoseDirectoryIsGone() throws IOException {
        makeAndCheck(0);
        Trees.remove(worktrees.path(0));
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
        Trees.remove(users);
        makeAndCheck(0);
        assertThat(entry.resolve("index.lock")).exists();
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
