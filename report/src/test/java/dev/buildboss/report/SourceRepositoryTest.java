package dev.buildboss.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.BuildbossException;
import dev.buildboss.boards.BoardList;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.results.ResultLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class SourceRepositoryTest {

    @TempDir
    Path temp;

    private TestRepo repo;

    @BeforeEach
    void makeRepository() throws Exception {
        repo = TestRepo.init(temp.resolve("repo"));
        repo.write("configs/elm_defconfig", "CONFIG_SANDBOX=y\n");
        repo.commit("one");
        repo.commit("two");
        repo.git("checkout", "-q", "-b", "work", "--track", "main");
        repo.commit("three");
        repo.commit("four");
    }

    private List<String> subjects(Path where, SeriesRequest request) {
        try (SourceRepository source = SourceRepository.open(where)) {
            return source.series(request).commits().stream()
                    .map(Commit::subject)
                    .toList();
        }
    }

    private List<String> subjects(String branch, int count, int step) {
        return subjects(
                repo.dir, new SeriesRequest(branch, count > 0 ? OptionalInt.of(count) : OptionalInt.empty(), step));
    }

    @Test
    void takesABranchSinceItsUpstreamWithTheUpstreamFirst() {
        assertThat(subjects("work", 0, 1)).containsExactly("two", "three", "four");
    }

    @Test
    void tellsWhichFilesEachCommitChangesAgainstTheOneBeforeIt() throws Exception {
        repo.write("drivers/Kconfig", "config X\n");
        String wide = repo.commit("five");
        try (SourceRepository source = SourceRepository.open(repo.dir)) {
            List<Commit> series = source.series(new SeriesRequest("work", OptionalInt.of(3), 1))
                    .commits();

            assertThat(source.changes(series, commit -> true))
                    .hasSize(2)
                    .containsEntry(wide, List.of("drivers/Kconfig", "file.txt"));
            assertThat(source.changes(series, commit -> false)).isEmpty();
        }
    }

    @Test
    void takesWhereTheBranchLeftAnUpstreamThatWentOn() throws Exception {
        repo.git("checkout", "-q", "main");
        repo.commit("elsewhere");

        assertThat(subjects("work", 0, 1)).containsExactly("two", "three", "four");
    }

    @Test
    void takesTheTopCommitsOfAnyRevision() {
        assertThat(subjects("work", 3, 1)).containsExactly("two", "three", "four");
        assertThat(subjects("main", 1, 1)).containsExactly("two");
        assertThat(subjects("HEAD~1", 1, 1)).containsExactly("three");
    }

    @Test
    void saysWhenThereAreFewerCommitsThanAskedFor() {
        try (SourceRepository source = SourceRepository.open(repo.dir)) {
            CommitSeries series = source.series(new SeriesRequest("main", OptionalInt.of(9), 1));

            assertThat(series.commits()).hasSize(2);
            assertThat(series.notes()).containsExactly("only 2 of the 9 commits asked for are there");
        }
    }

    @Test
    void takesARangeAsItIs() {
        assertThat(subjects("main..work", 0, 1)).containsExactly("three", "four");
        assertThat(subjects("main..", 0, 1)).containsExactly("three", "four");
        assertThat(subjects("main~1..work", 2, 1)).containsExactly("three", "four");
        assertThatThrownBy(() -> subjects("work..main", 0, 1)).hasMessage("no commits in work..main");
        assertThatThrownBy(() -> subjects("main...work", 0, 1)).hasMessage("main...work: a range is written A..B");
    }

    @Test
    void stepsThroughTheSeries() {
        assertThat(subjects("work", 4, 2)).containsExactly("one", "three");
        assertThat(subjects("work", 4, 0)).containsExactly("one", "four");
        assertThat(subjects("work", 1, 0)).containsExactly("four");
    }

    @Test
    void namesTheNearestBranchOfOneThatIsNotThere() {
        assertThatThrownBy(() -> subjects("wrok", 0, 1))
                .isInstanceOf(BuildbossException.class)
                .hasMessage("no branch or commit 'wrok' in " + repo.dir.resolve(".git") + " (did you mean work?)");
        assertThatThrownBy(() -> subjects("--all", 1, 1)).hasMessageContaining("not a branch or commit");
    }

    @Test
    void saysHowToGoOnWithoutAnUpstream() {
        assertThatThrownBy(() -> subjects("main", 0, 1))
                .hasMessageStartingWith("branch main has no upstream: set one (git branch -u UPSTREAM main)");
    }

    @Test
    void guessesTheUpstreamByTheNearestBranchBelowAndSaysSo() throws Exception {
        repo.git("checkout", "-q", "-b", "topic");
        repo.git("branch", "same-tip");
        repo.commit("five");
        repo.commit("six");
        repo.git("update-ref", "refs/remotes/origin/elsewhere", "main~1");

        try (SourceRepository source = SourceRepository.open(repo.dir)) {
            CommitSeries series = source.series(SeriesRequest.branch("topic"));
            assertThat(series.commits().stream().map(Commit::subject)).containsExactly("four", "five", "six");
            assertThat(series.notes())
                    .containsExactly("branch topic has no upstream: guessed work"
                            + " (another: git branch -u UPSTREAM topic, a range A..B, or -c N)");
            assertThat(source.series(SeriesRequest.branch("HEAD")).commits()).hasSize(3);
            repo.git("checkout", "-q", "--detach");
            assertThat(source.series(SeriesRequest.branch("HEAD")).notes().get(0))
                    .as("its own tip is no base")
                    .contains("guessed work");
        }
    }

    @Test
    void guessesARemoteBranchToo() throws Exception {
        repo.git("clone", "-q", "--branch", "work", ".", "../clone");
        TestRepo clone = TestRepo.at(temp.resolve("clone"));
        clone.git("branch", "--unset-upstream");
        clone.commit("five");

        try (SourceRepository source = SourceRepository.open(clone.dir)) {
            CommitSeries series = source.series(SeriesRequest.branch("work"));
            assertThat(series.commits().stream().map(Commit::subject)).containsExactly("four", "five");
            assertThat(series.notes().get(0)).contains("guessed origin/work");
        }
    }

    @Test
    void buildsFromTheRepositoryOfALinkedWorktreeWithItsUncommittedChanges() throws Exception {
        repo.git("worktree", "add", "-q", "-b", "side", "../linked", "work~1");
        Files.writeString(temp.resolve("linked/file.txt"), "changed\n");

        try (SourceRepository source = SourceRepository.open(temp.resolve("linked"))) {
            assertThat(source.gitDir()).isEqualTo(repo.dir.resolve(".git"));
            Commit current = source.currentSource();
            assertThat(current.subject()).isEqualTo("Current source");
            assertThat(repo.git("show", current.hash() + ":file.txt")).isEqualTo("changed");
            assertThat(repo.git("rev-parse", current.hash() + "^")).isEqualTo(repo.git("rev-parse", "work~1"));
        }
    }

    @Test
    void saysToDeepenAShallowRepositoryThatEndsAboveTheUpstream() throws Exception {
        String url = "file://" + repo.dir;
        repo.git("clone", "-q", "--depth", "1", "--no-single-branch", "--branch", "work", url, "../shallow");
        TestRepo shallow = TestRepo.at(temp.resolve("shallow"));
        shallow.git("branch", "-q", "-u", "origin/main", "work");

        assertThatThrownBy(() -> subjects(shallow.dir, SeriesRequest.branch("work")))
                .hasMessageContaining("have no commit in common: the repository is shallow, deepen it with git fetch");
    }

    @Test
    void refusesADirectoryThatIsNoRepository() {
        assertThatThrownBy(() -> SourceRepository.open(temp.resolve("none")))
                .hasMessage(temp.resolve("none") + ": no such directory");
        assertThatThrownBy(() -> SourceRepository.open(temp))
                .hasMessage(temp + ": not a git repository (give its directory with -g DIR)");
    }

    @Test
    void readsLinkedWorktreesAndDirectoriesBelow() throws Exception {
        repo.git("worktree", "add", "-q", "--detach", "../linked", "work~1");
        Path below = Files.createDirectories(temp.resolve("linked/sub"));

        try (SourceRepository source = SourceRepository.open(below)) {
            assertThat(source.workTree()).contains(temp.resolve("linked"));
            assertThat(source.currentSource().subject()).isEqualTo("three");
        }
        assertThat(subjects(below, SeriesRequest.branch("work"))).containsExactly("two", "three", "four");
    }

    @Test
    void readsBareRepositories() throws Exception {
        repo.git("clone", "-q", "--bare", ".", "../bare.git");

        assertThat(subjects(temp.resolve("bare.git"), new SeriesRequest("main..work", OptionalInt.empty(), 1)))
                .containsExactly("three", "four");
        try (SourceRepository source = SourceRepository.open(temp.resolve("bare.git"))) {
            assertThat(source.workTree()).isEmpty();
            assertThat(BoardList.scan(source.tree("work")).all()).containsExactly(Board.of("elm", "sandbox"));
            assertThatThrownBy(source::currentSource).hasMessageContaining("a bare repository has no current source");
        }
    }

    @Test
    void readsShallowRepositories() throws Exception {
        repo.git("clone", "-q", "--depth", "2", "--branch", "work", "file://" + repo.dir, "../shallow");

        try (SourceRepository source = SourceRepository.open(temp.resolve("shallow"))) {
            CommitSeries series = source.series(new SeriesRequest("work", OptionalInt.of(5), 1));

            assertThat(series.commits().stream().map(Commit::subject)).containsExactly("three", "four");
            assertThat(series.notes().get(0)).contains("the repository is shallow");
        }
    }

    @Test
    void takesTheCommitThatIsCheckedOutWhenNothingChanged() throws Exception {
        try (SourceRepository source = SourceRepository.open(repo.dir)) {
            assertThat(source.currentSource().hash()).isEqualTo(repo.git("rev-parse", "HEAD"));
        }
    }

    @Test
    void makesACommitOfTheSourceAsItStandsAndLeavesTheUsersIndexAlone() throws Exception {
        repo.write(".gitignore", "*.o\n").write("new.c", "int x;\n").write("new.o", "object");
        repo.write("file.txt", "changed\n");
        Files.delete(repo.dir.resolve("configs/elm_defconfig"));
        repo.write("staged.c", "int y;\n").git("add", "staged.c");
        String statusBefore = repo.git("status", "--porcelain");
        byte[] indexBefore = Files.readAllBytes(repo.dir.resolve(".git/index"));

        try (SourceRepository source = SourceRepository.open(repo.dir)) {
            Commit first = source.currentSource();
            Commit second = source.currentSource();

            assertThat(second).isEqualTo(first);
            assertThat(first.subject()).isEqualTo("Current source");
            assertThat(repo.git("ls-tree", "-r", "--name-only", first.hash()).lines())
                    .containsExactly(".gitignore", "file.txt", "new.c", "staged.c");
            assertThat(repo.git("show", first.hash() + ":file.txt")).isEqualTo("changed");
            assertThat(repo.git("rev-parse", first.hash() + "^")).isEqualTo(repo.git("rev-parse", "HEAD"));
        }
        assertThat(repo.git("status", "--porcelain")).isEqualTo(statusBefore);
        assertThat(Files.readAllBytes(repo.dir.resolve(".git/index"))).isEqualTo(indexBefore);
        assertThat(repo.git("branch", "--show-current")).isEqualTo("work");
    }

    @Test
    void refusesSubmodulesByName() throws Exception {
        TestRepo other = TestRepo.init(temp.resolve("other"));
        other.commit("x");
        repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../other", "lib/other");

        try (SourceRepository source = SourceRepository.open(repo.dir)) {
            assertThatThrownBy(source::currentSource).hasMessageStartingWith("submodule lib/other: ");
            repo.commit("y");
            assertThatThrownBy(() -> source.series(SeriesRequest.branch("work")))
                    .hasMessageStartingWith("submodule lib/other: ");
        }
    }

    @Test
    void refusesFilesInLfsByTheirPattern() throws Exception {
        Files.writeString(
                repo.dir.resolve(".gitattributes"), "# *.a filter=lfs\n*.txt text\n*.bin filter=lfs diff=lfs\n");
        repo.git("add", ".gitattributes");
        repo.commit("y");

        try (SourceRepository source = SourceRepository.open(repo.dir)) {
            assertThatThrownBy(() -> source.series(SeriesRequest.branch("work")))
                    .hasMessageStartingWith("files in Git LFS (.gitattributes: *.bin filter=lfs diff=lfs): ");
        }
    }

    @Test
    void findsResultsThatTheBranchNoLongerReaches() throws Exception {
        String gone = repo.git("rev-parse", "HEAD");
        repo.git("reset", "-q", "--hard", "HEAD~1");
        String tip = repo.git("rev-parse", "HEAD");
        String unknown = "0123456789".repeat(4);
        Path output = temp.resolve("out");
        for (String hash : List.of(gone, tip, unknown)) {
            Files.createDirectories(output.resolve(ResultLayout.commitDir(0, new Commit(hash, "x"))));
        }
        Files.createDirectories(output.resolve("notes"));

        try (SourceRepository source = SourceRepository.open(repo.dir)) {
            assertThat(source.obsolete(output, tip)).containsExactlyInAnyOrder(gone, unknown);
            assertThat(source.obsolete(temp.resolve("none"), tip)).isEmpty();
        }
    }
}
