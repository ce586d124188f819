package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.exec.OutputWatch;
import dev.buildboss.jobserver.JobServer;
import dev.buildboss.protocol.Response;
import dev.buildboss.testing.Waits;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FollowedBoardsTest {

    private static final List<String> MAKE = List.of("make", "-s");

    private final LinkedBlockingQueue<Response> sent = new LinkedBlockingQueue<>();
    private final FollowedBoards followed = new FollowedBoards(sent::add);

    @Test
    void sendsWhatIsSaidWhileSomebodyFollowsAndNothingElse() {
        OutputWatch watch = followed.watch("a", 2, MAKE, Optional.empty());
        followed.follow("other", 1);
        watch.see("unheard\n");
        assertThat(sent).isEmpty();
        assertThat(followed.watchers("other")).isEqualTo(1);
        followed.follow("other", 0);
        assertThat(followed.watchers("other")).isZero();

        followed.follow("b", 1);
        OutputWatch second = followed.watch("b", 0, MAKE, Optional.empty());
        second.see("x");
        followed.follow("b", 2);
        second.see("y");
        followed.follow("b", 0);
        second.see("z");
        assertThat(sent)
                .containsExactly(
                        new Response.Log("b", 0, "+ make -s\n"),
                        new Response.Log("b", 0, "x"),
                        new Response.Log("b", 0, "y"));
    }

    @Test
    void tellsACommandThatWaitsForASlotThatSomebodyBeginsToFollow() throws Exception {
        OutputWatch unused = followed.watch("a", 0, MAKE, Optional.empty());
        JobServer.Watchers watchers = followed.of("a");
        CompletableFuture<Void> change = watchers.change();
        followed.follow("b", 1);
        assertThat(change).isNotDone();
        assertThat(watchers.count()).isZero();
        followed.follow("a", 2);
        change.get(Waits.LIMIT_S, TimeUnit.SECONDS);
        assertThat(watchers.count()).isEqualTo(2);
        assertThat(watchers.change()).isNotDone();
    }

    @Test
    void whoBeginsInTheMiddleGetsWhatTheMakeSaidBefore() throws Exception {
        OutputWatch watch = followed.watch("a", 2, MAKE, Optional.empty());
        watch.see("one\n");
        watch.see("two\n");
        followed.follow("a", 1);
        assertThat(sent.poll(Waits.LIMIT_S, TimeUnit.SECONDS))
                .isEqualTo(new Response.Log("a", 2, "+ make -s\none\ntwo\n"));
        Waits.until("a watcher", () -> followed.watchers("a") > 0);
        watch.see("three\n");
        assertThat(sent).containsExactly(new Response.Log("a", 2, "three\n"));
    }

    @Test
    void keepsABoundedEndOfAMakesOutput() throws Exception {
        OutputWatch watch = followed.watch("a", 0, MAKE, Optional.empty());
        for (int i = 0; i < 1000; i++) {
            watch.see("x".repeat(1000));
        }
        watch.see("end");
        followed.follow("a", 1);
        Response.Log log = (Response.Log) sent.poll(Waits.LIMIT_S, TimeUnit.SECONDS);
        assertThat(log.text()).hasSizeLessThanOrEqualTo(2 * 64 * 1024).endsWith("end");
    }

    @Test
    void theOtherWatchEndsTheCommandAsBefore() {
        OutputWatch watch = followed.watch("a", 0, MAKE, Optional.of(piece -> Optional.of("loop: " + piece)));
        assertThat(List.of(watch.see("x").orElseThrow())).containsExactly("loop: x");
    }
}
