package dev.buildboss.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Cell;
import dev.buildboss.testing.Waits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowTest {

    private final FollowHub hub = new FollowHub();
    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

    @TempDir
    Path output;

    @BeforeEach
    void expectBoards() {
        hub.expect(Map.of("a", 2, "b", 1, "old", 0));
        hub.listen(board -> told.add(board + " " + hub.watchers(board)));
    }

    private void done(String board, int commit, String machine) {
        hub.cellDone(new Cell(board, commit), Optional.of(machine));
    }

    private static String all(Follower follower) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        for (var piece = follower.next(); piece.isPresent(); piece = follower.next()) {
            text.append(piece.get());
        }
        return text.toString();
    }

    @Test
    void showsBoardsWholeOneAfterTheOtherInTheOrderInWhichTheyStarted() throws Exception {
        Follower follower = hub.follow(Set.of("a", "b"));
        hub.log("b", 0, "m", "b1\n");
        hub.log("a", 0, "n", "a1\n");
        hub.log("b", 0, "m", "b2\n");
        done("a", 0, "n");
        hub.log("a", 1, "n", "a2\n");
        done("a", 1, "n");
        done("b", 0, "m");
        assertThat(all(follower)).isEqualTo("""
                == b, commit 1, on m
                b1
                b2
                == b: built
                == a, commit 1, on n
                a1
                == a, commit 2, on n
                a2
                == a: built
                """);
    }

    @Test
    void showsThePiecesOfTheBoardWhoseTurnItIsAsTheyCome() throws Exception {
        Follower follower = hub.follow(Set.of("a"));
        hub.log("a", 0, "m", "one");
        assertThat(follower.next()).hasValue("== a, commit 1, on m\none");
        hub.log("a", 0, "m", "two");
        assertThat(follower.next()).hasValue("two");
        hub.end();
        assertThat(follower.next()).hasValue("== a: not built to its end\n");
        assertThat(follower.next()).isEmpty();
    }

    @Test
    void showsABoardThatIsSplitCommitByCommitUnderAHeadingForEach() throws Exception {
        Follower follower = hub.follow(Set.of("a"));
        hub.log("a", 0, "m", "m1\n");
        hub.log("a", 1, "n", "n1\n");
        hub.log("a", 0, "m", "m2\n");
        assertThat(follower.next()).hasValue("== a, commit 1, on m\nm1\nm2\n");
        hub.log("a", 1, "n", "n2\n");
        hub.built("a", 0, "m");
        assertThat(follower.next()).hasValue("== a, commit 2, on n\nn1\nn2\n");
        done("a", 0, "m");
        hub.log("a", 1, "n", "n3\n");
        hub.built("a", 1, "n");
        done("a", 1, "n");
        assertThat(all(follower)).isEqualTo("n3\n== a: built\n");
    }

    @Test
    void showsOneOfTwoBuildsOfACellToItsEndAndSaysOfTheOtherThatItWasEnded() throws Exception {
        Follower follower = hub.follow(Set.of("b"));
        hub.log("b", 0, "slow", "slow1\n");
        hub.log("b", 0, "quick", "quick1\n");
        assertThat(follower.next()).hasValue("== b, commit 1, on slow\nslow1\n");
        hub.log("b", 0, "quick", "quick2\n");
        hub.built("b", 0, "quick");
        hub.log("b", 0, "slow", "slow2\n");
        done("b", 0, "quick");
        hub.log("b", 0, "slow", "slow3\n");
        assertThat(all(follower)).isEqualTo("""
                slow2
                == b, commit 1, on slow: ended, as it was built elsewhere
                == b, commit 1, on quick
                quick1
                quick2
                == b: built
                """);
    }

    @Test
    void dropsABuildThatWasEndedBeforeItWasItsTurn() throws Exception {
        Follower follower = hub.follow(Set.of("a"));
        hub.log("a", 0, "m", "m1\n");
        hub.log("a", 0, "n", "n1\n");
        hub.built("a", 0, "m");
        done("a", 0, "m");
        hub.log("a", 0, "n", "n2\n");
        hub.log("a", 1, "m", "m2\n");
        done("a", 1, "m");
        assertThat(all(follower)).isEqualTo("""
                == a, commit 1, on m
                m1
                == a, commit 2, on m
                m2
                == a: built
                """);
    }

    @Test
    void aMachineThatIsLostGivesTheTurnToWhoeverBuildsItAnew() throws Exception {
        Follower follower = hub.follow(Set.of("b"));
        hub.log("b", 0, "lost", "half\n");
        hub.left("other");
        hub.left("lost");
        hub.log("b", 0, "m", "whole\n");
        assertThat(follower.next())
                .hasValue("== b, commit 1, on lost\nhalf\n== b, commit 1, on lost: not built to its end\n");
        assertThat(follower.next()).hasValue("== b, commit 1, on m\nwhole\n");
    }

    @Test
    void cutsWhatNobodyReads() throws Exception {
        Follower follower = hub.follow(Set.of("b"));
        for (int i = 0; i < 5; i++) {
            hub.log("b", 0, "m", "x".repeat(1024 * 1024));
        }
        done("b", 0, "m");
        String text = all(follower);
        assertThat(text)
                .hasSizeLessThan(Follower.MAX_WAITING + 200)
                .endsWith("characters not shown ...]\n== b: built\n");
    }

    @Test
    void boardsThatAreNotInTheRunAreRefusedByName() {
        assertThatThrownBy(() -> hub.follow(Set.of("a", "nope")))
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining("this run builds no nope");
    }

    @Test
    void tellsWhoTalksToWorkersHowManyFollow() {
        Follower follower = hub.follow(Set.of("a"));
        hub.leave(follower);
        assertThat(told).containsExactly("a 1", "a 0");
    }

    @Test
    void followsABuildFromAnotherProgramByItsOutputDirectory() throws Exception {
        StringBuilder shown = new StringBuilder();
        try (FollowSocket socket = FollowSocket.open(hub, output)) {
            assertThat(socket).isNotNull();
            CompletableFuture<Void> follower =
                    CompletableFuture.runAsync(() -> FollowSocket.follow(output, List.of("b", "old"), shown::append));
            assertThat(told.poll(Waits.LIMIT_S, TimeUnit.SECONDS)).isNotNull();
            hub.log("b", 0, "m", "h\u00e9llo \u001b[31m\n");
            done("b", 0, "m");
            follower.get(Waits.LIMIT_S, TimeUnit.SECONDS);
            assertThat(shown.toString())
                    .contains("== old: built\n")
                    .contains("== b, commit 1, on m\nh\u00e9llo \\x1b[31m\n== b: built\n");
            assertThatThrownBy(() -> FollowSocket.follow(output, List.of("nope"), text -> {}))
                    .hasMessageContaining("builds no nope");
        }
        assertThatThrownBy(() -> FollowSocket.follow(output, List.of("b"), text -> {}))
                .hasMessageContaining("nothing is being built in " + output);
    }

    @Test
    void findsTheOnlyBuildBelowADirectoryAndNamesSeveral() throws Exception {
        Path master = Files.createDirectory(output.resolve("master"));
        Path next = Files.createDirectory(output.resolve("next"));
        StringBuilder shown = new StringBuilder();
        try (FollowSocket first = FollowSocket.open(hub, next)) {
            FollowSocket.follow(output, List.of("old"), shown::append);
            assertThat(shown.toString()).isEqualTo("== old: built\n");
            try (FollowSocket second = FollowSocket.open(new FollowHub(), master)) {
                assertThat(List.of(first, second)).doesNotContainNull();
                assertThatThrownBy(() -> FollowSocket.follow(output, List.of("old"), text -> {}))
                        .hasMessageContaining("several builds")
                        .hasMessageEndingWith("name one with -o " + master + " or -o " + next);
            }
        }
    }
}
