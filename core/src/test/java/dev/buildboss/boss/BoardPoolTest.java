package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildEvent;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.plan.Capability;
import dev.buildboss.plan.Grant;
import dev.buildboss.plan.PlanLimits;
import dev.buildboss.plan.Power;
import dev.buildboss.plan.WorkPlan;
import dev.buildboss.testing.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final PlanLimits LIMITS = new PlanLimits(3, 3, 6, Duration.ofMillis(10), Duration.ofMillis(10));

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
        WorkPlan plan = new WorkPlan(List.of(Board.of("a", "arm")), 2, cell -> false, LIMITS);
        plan.expect("one");
        plan.expect("two");
        pool = kit.spawn(BoardPool.create(plan, boss.getRef(), System::nanoTime));
        pool.tell(new BoardPool.Join("one", one.getRef(), new Capability.Any(), PATIENCE, Power.UNKNOWN));
        pool.tell(new BoardPool.Join("two", two.getRef(), new Capability.Any(), PATIENCE, Power.UNKNOWN));
    }

    @Test
    void answersAWaitingRequestWhenABoardComesBack() throws Exception {
        assertThat(ask("one", one)).succeedsWithin(Waits.LIMIT);
        CompletableFuture<Optional<Grant>> waiting = ask("two", two);

        pool.tell(new BoardPool.Leave("one", true, "reset"));

        Optional<Grant> grant = waiting.get(Waits.LIMIT_S, TimeUnit.SECONDS);
        assertThat(grant.orElseThrow().commits()).containsExactly(0, 1);
        boss.expectMessage(new Boss.Told(new BuildEvent.BoardRequeued("a", "one", "reset")));
    }

    @Test
    void answersAWaitingRequestWithNothingWhenAllIsSettled() throws Exception {
        Grant grant = ask("one", one).get(Waits.LIMIT_S, TimeUnit.SECONDS).orElseThrow();
        CompletableFuture<Optional<Grant>> waiting = ask("two", two);

        pool.tell(new BoardPool.Settle("one", grant.id(), 0, OK, ""));
        pool.tell(new BoardPool.Settle("one", grant.id(), 1, OK, "oops"));

        assertThat(waiting.get(Waits.LIMIT_S, TimeUnit.SECONDS)).isEmpty();
        assertThat(boss.expectMessageClass(Boss.Answered.class).settled())
                .containsExactly(new WorkPlan.Settled(new Cell("a", 0), OK));
        assertThat(boss.expectMessageClass(Boss.Answered.class).errorText()).isEqualTo("oops");
        boss.expectMessageClass(Boss.AllSettled.class);
    }

    @Test
    void tellsThatAWorkerIsThroughWithABoardAfterWhatItBuiltOfIt() throws Exception {
        Grant grant = ask("one", one).get(Waits.LIMIT_S, TimeUnit.SECONDS).orElseThrow();

        pool.tell(new BoardPool.Settle("one", grant.id(), 0, OK, ""));
        pool.tell(new BoardPool.Through("one", "a"));

        boss.expectMessageClass(Boss.Answered.class);
        boss.expectMessage(new Boss.Told(new BuildEvent.BoardEnded("a", "one")));
    }

    @Test
    void givesNothingToAProxyThatHasLeftAlthoughItsWorkerIsBack() throws Exception {
        TestProbe<Conversation.Command> next = kit.createTestProbe();
        pool.tell(new BoardPool.Leave("one", true, "reset"));
        pool.tell(new BoardPool.Join("one", next.getRef(), new Capability.Any(), PATIENCE, Power.UNKNOWN));

        assertThat(ask("one", one).get(Waits.LIMIT_S, TimeUnit.SECONDS)).isEmpty();
        assertThat(ask("one", next).get(Waits.LIMIT_S, TimeUnit.SECONDS)).isPresent();
    }

    @Test
    void dropsLateResultsWithAWord() throws Exception {
        Grant grant = ask("one", one).get(Waits.LIMIT_S, TimeUnit.SECONDS).orElseThrow();
        pool.tell(new BoardPool.Leave("one", true, "reset"));
        boss.expectMessageClass(Boss.Told.class);

        pool.tell(new BoardPool.Settle("one", grant.id(), 0, OK, ""));

        assertThat(boss.expectMessageClass(Boss.Note.class).text()).contains("late result");
    }

    @Test
    void aBoardThatIsOverdueGoesBackAsSoonAsItsWorkerIsEnded() throws Exception {
        Grant grant = ask("one", one).get(Waits.LIMIT_S, TimeUnit.SECONDS).orElseThrow();
        CompletableFuture<Optional<Grant>> waiting = ask("two", two);
        pool.tell(new BoardPool.Listened("one", one.getRef(), PATIENCE.minusSeconds(1), Set.of(), Set.of()));
        pool.tell(new BoardPool.Listened("one", one.getRef(), PATIENCE.minusSeconds(1), Set.of(grant.id()), Set.of()));
        pool.tell(new BoardPool.Listened("one", two.getRef(), PATIENCE, Set.of(), Set.of()));
        one.expectNoMessage(Duration.ofMillis(50));

        pool.tell(new BoardPool.Listened("one", one.getRef(), PATIENCE, Set.of(), Set.of()));

        assertThat(one.expectMessageClass(Conversation.Overdue.class).board()).isEqualTo("a");
        assertThat(waiting).isNotDone();
        pool.tell(new BoardPool.Leave("one", true, "no sign of life about board a"));
        assertThat(waiting.get(Waits.LIMIT_S, TimeUnit.SECONDS).orElseThrow().commits())
                .containsExactly(0, 1);
        boss.expectMessage(new Boss.Told(new BuildEvent.BoardRequeued("a", "one", "no sign of life about board a")));
        pool.tell(new BoardPool.Settle("one", grant.id(), 0, OK, ""));
        assertThat(boss.expectMessageClass(Boss.Note.class).text()).contains("late result");
    }

    @Test
    void leavesAMachineAloneForAWhileThatFailsBoardsInARowAndThenForGood() throws Exception {
        WorkPlan plan = new WorkPlan(
                List.of(Board.of("a", "arm"), Board.of("b", "arm"), Board.of("c", "arm"), Board.of("d", "arm")),
                1,
                cell -> false,
                new PlanLimits(3, 3, 3, Duration.ofMillis(10), Duration.ofMillis(10)));
        plan.expect("one");
        pool = kit.spawn(BoardPool.create(plan, boss.getRef(), System::nanoTime));
        pool.tell(new BoardPool.Join("one", one.getRef(), new Capability.Any(), PATIENCE, Power.UNKNOWN));
        NotBuilt full = new NotBuilt(Reason.DISK_FULL, "12 MiB free");
        for (int i = 0; i < 3; i++) {
            Grant grant = ask("one", one).get(Waits.LIMIT_S, TimeUnit.SECONDS).orElseThrow();
            pool.tell(new BoardPool.Settle("one", grant.id(), 0, full, ""));
        }

        assertThat(ask("one", one).get(Waits.LIMIT_S, TimeUnit.SECONDS)).isEmpty();
        boss.expectMessage(notice("its disk is full: 12 MiB free")); // once, however often it happens
        boss.expectMessageClass(Boss.Answered.class);
        boss.expectMessageClass(Boss.Answered.class);
        assertThat(boss.expectMessageClass(Boss.Note.class).text())
                .isEqualTo("failed 2 boards in a row, last: 12 MiB free; it gets no board for 0.01 s");
        assertThat(boss.expectMessageClass(Boss.Answered.class).settled()).hasSize(2);
        boss.expectMessage(notice("failed 3 boards in a row, last: 12 MiB free; it gets no more boards in this run"));
        boss.expectMessageClass(Boss.AllSettled.class);
    }

    @Test
    void givingUpSettlesEverythingOnce() {
        pool.tell(new BoardPool.GiveUp(Reason.CANCELLED, "stopped"));
        pool.tell(new BoardPool.GiveUp(Reason.CANCELLED, "again"));

        assertThat(boss.expectMessageClass(Boss.Answered.class).settled()).hasSize(2);
        boss.expectMessageClass(Boss.AllSettled.class);
        boss.expectNoMessage(Duration.ofMillis(100));
    }

    private static Boss.Told notice(String text) {
        return new Boss.Told(new BuildEvent.Notice("one", text));
    }

    private CompletableFuture<Optional<Grant>> ask(String worker, TestProbe<Conversation.Command> proxy) {
        CompletableFuture<Optional<Grant>> reply = new CompletableFuture<>();
        pool.tell(new BoardPool.RequestWork(worker, proxy.getRef(), reply));
        return reply;
    }
}
