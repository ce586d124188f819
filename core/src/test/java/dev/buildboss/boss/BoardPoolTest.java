package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.plan.Capability;
import dev.buildboss.plan.Grant;
import dev.buildboss.plan.WorkPlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BoardPoolTest {

    private static final Built OK = new Built(Kind.OK, 0);

    private ActorTestKit kit;
    private TestProbe<Boss.Command> boss;
    private TestProbe<Conversation.Command> one;
    private TestProbe<Conversation.Command> two;
    private ActorRef<BoardPool.Command> pool;

    @BeforeAll
    void start() {
        kit = ActorTestKit.create();
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @BeforeEach
    void newPool() {
        boss = kit.createTestProbe();
        one = kit.createTestProbe();
        two = kit.createTestProbe();
        WorkPlan plan = new WorkPlan(List.of(Board.of("a", "arm")), 2, cell -> false, 3);
        plan.expect("one");
        plan.expect("two");
        pool = kit.spawn(BoardPool.create(plan, boss.getRef()));
        pool.tell(new BoardPool.Join("one", one.getRef(), new Capability.Any()));
        pool.tell(new BoardPool.Join("two", two.getRef(), new Capability.Any()));
    }

    @Test
    void answersAWaitingRequestWhenABoardComesBack() throws Exception {
        assertThat(ask("one", one)).succeedsWithin(Duration.ofSeconds(5));
        CompletableFuture<Optional<Grant>> waiting = ask("two", two);

        pool.tell(new BoardPool.Leave("one", true, "reset"));

        Optional<Grant> grant = waiting.get(5, TimeUnit.SECONDS);
        assertThat(grant.orElseThrow().commits()).containsExactly(0, 1);
        assertThat(boss.expectMessageClass(Boss.Requeued.class).reason()).isEqualTo("reset");
    }

    @Test
    void answersAWaitingRequestWithNothingWhenAllIsSettled() throws Exception {
        Grant grant = ask("one", one).get(5, TimeUnit.SECONDS).orElseThrow();
        CompletableFuture<Optional<Grant>> waiting = ask("two", two);

        pool.tell(new BoardPool.Settle("one", grant.id(), 0, OK, ""));
        pool.tell(new BoardPool.Settle("one", grant.id(), 1, OK, "oops"));

        assertThat(waiting.get(5, TimeUnit.SECONDS)).isEmpty();
        assertThat(boss.expectMessageClass(Boss.CellsSettled.class).cells())
                .containsExactly(new WorkPlan.Settled(new Cell("a", 0), OK));
        assertThat(boss.expectMessageClass(Boss.CellsSettled.class).errorText()).isEqualTo("oops");
        boss.expectMessageClass(Boss.AllSettled.class);
    }

    @Test
    void givesNothingToAProxyThatHasLeftAlthoughItsWorkerIsBack() throws Exception {
        TestProbe<Conversation.Command> next = kit.createTestProbe();
        pool.tell(new BoardPool.Leave("one", true, "reset"));
        pool.tell(new BoardPool.Join("one", next.getRef(), new Capability.Any()));

        assertThat(ask("one", one).get(5, TimeUnit.SECONDS)).isEmpty();
        assertThat(ask("one", next).get(5, TimeUnit.SECONDS)).isPresent();
    }

    @Test
    void dropsLateResultsWithAWord() throws Exception {
        Grant grant = ask("one", one).get(5, TimeUnit.SECONDS).orElseThrow();
        pool.tell(new BoardPool.Leave("one", true, "reset"));
        boss.expectMessageClass(Boss.Requeued.class);

        pool.tell(new BoardPool.Settle("one", grant.id(), 0, OK, ""));

        assertThat(boss.expectMessageClass(Boss.Note.class).text()).contains("late result");
    }

    @Test
    void givingUpSettlesEverythingOnce() {
        pool.tell(new BoardPool.GiveUp(Reason.CANCELLED, "stopped"));
        pool.tell(new BoardPool.GiveUp(Reason.CANCELLED, "again"));

        assertThat(boss.expectMessageClass(Boss.CellsSettled.class).cells()).hasSize(2);
        boss.expectMessageClass(Boss.AllSettled.class);
        boss.expectNoMessage(Duration.ofMillis(100));
    }

    private CompletableFuture<Optional<Grant>> ask(String worker, TestProbe<Conversation.Command> proxy) {
        CompletableFuture<Optional<Grant>> reply = new CompletableFuture<>();
        pool.tell(new BoardPool.RequestWork(worker, proxy.getRef(), reply));
        return reply;
    }
}
