package dev.buildboss.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.BuildbossException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
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
        hub.cellDone("a");
        hub.log("a", 1, "n", "a2\n");
        hub.cellDone("a");
        hub.cellDone("b");
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
    void cutsWhatNobodyReads() throws Exception {
        Follower follower = hub.follow(Set.of("b"));
        for (int i = 0; i < 5; i++) {
            hub.log("b", 0, "m", "x".repeat(1024 * 1024));
        }
        hub.cellDone("b");
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
            assertThat(told.poll(20, TimeUnit.SECONDS)).isNotNull();
            hub.log("b", 0, "m", "h\u00e9llo \u001b[31m\n");
            hub.cellDone("b");
            follower.get(20, TimeUnit.SECONDS);
            assertThat(shown.toString())
                    .contains("== old: built\n")
                    .contains("== b, commit 1, on m\nh\u00e9llo \\x1b[31m\n== b: built\n");
            assertThatThrownBy(() -> FollowSocket.follow(output, List.of("nope"), text -> {}))
                    .hasMessageContaining("builds no nope");
        }
        assertThatThrownBy(() -> FollowSocket.follow(output, List.of("b"), text -> {}))
                .hasMessageContaining("nothing is being built in " + output);
    }
}
