package dev.buildboss.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Confirmation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Random interleavings of everything that can happen to a plan; a failure names the command that replays it. */
class WorkPlanPropertyTest {

    private static final List<String> ARCHS = List.of("arm", "aarch64", "x86", "sandbox", "");

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int RUNS = 3000;

    /** {@code -Dplan.seed=4711} plays that one alone. */
    static LongStream seeds() {
        Long one = Long.getLong("plan.seed");
        return one != null ? LongStream.of(one) : LongStream.range(0, RUNS);
    }

    @Test
    void everyCellEndsExactlyOnceAndNothingIsOutTwice() {
        Set<Class<?>> seen = new HashSet<>();
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        Set<Confirmation.Verdict> verdicts = EnumSet.noneOf(Confirmation.Verdict.class);
        AtomicInteger recalled = new AtomicInteger();
        AtomicInteger late = new AtomicInteger();
        seeds().forEach(seed -> {
            Scenario scenario = new Scenario(new Random(seed), verdicts);
            try {
                scenario.play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ": " + e.getMessage() + "\nonce more:  bin/test -pl core -am"
                                + " -Dtest=WorkPlanPropertyTest -Dsurefire.failIfNoSpecifiedTests=false -Dplan.seed="
                                + seed,
                        e);
            }
            recalled.addAndGet(scenario.recalled);
            late.addAndGet(scenario.acceptedLate);
            scenario.outcomes.values().forEach(outcome -> {
                seen.add(outcome.getClass());
                if (outcome instanceof NotBuilt notBuilt) {
                    reasons.add(notBuilt.reason());
                }
            });
        });
        if (Long.getLong("plan.seed") == null) {
            assertThat(recalled.get()).as("commits were taken back").isPositive();
            assertThat(late.get()).as("and were built all the same").isPositive();
            assertThat(seen).contains(Built.class, NotBuilt.class);
            assertThat(verdicts).as("every verdict was seen").containsExactlyInAnyOrder(Confirmation.Verdict.values());
            assertThat(reasons).as("every way to end was seen").containsExactlyInAnyOrder(Reason.values());
        }
    }

    private static final class Scenario {
        private final Random random;
        private final int commits;
        private final List<Board> boards = new ArrayList<>();
        private final Set<Cell> before = new HashSet<>();
        private final Map<String, Capability> joined = new HashMap<>();
        private final Set<String> mayCome = new HashSet<>();
        private final Set<String> dismissed = new HashSet<>();
        private final Map<Long, Grant> out = new HashMap<>();
        private final List<Grant> over = new ArrayList<>();
        private final AskedCommits asked = new AskedCommits();
        private final Map<Cell, CellOutcome> outcomes = new HashMap<>();
        private final Map<String, Long> silentSince = new HashMap<>();
        private final Set<String> paused = new HashSet<>();
        private final Map<Long, Long> deadlines = new HashMap<>();
        private final PlanLimits limits;
        private final WorkPlan plan;
        /** Whether boards are split and built twice; else they go out whole. */
        private final boolean places;

        /** Whether failures are built again before they count. */
        private final boolean doubts;

        private final Set<Cell> doubted = new HashSet<>();
        private final Set<Confirmation.Verdict> verdicts;

        private long now;
        private int recalled;
        private int acceptedLate;

        Scenario(Random random, Set<Confirmation.Verdict> verdicts) {
            this.random = random;
            this.verdicts = verdicts;
            this.doubts = random.nextInt(3) == 0;
            this.commits = 1 + random.nextInt(5);
            int count = 1 + random.nextInt(12);
            for (int i = 0; i < count; i++) {
                boards.add(Board.of("b" + i, ARCHS.get(random.nextInt(ARCHS.size()))));
                for (int commit = 0; commit < commits; commit++) {
                    if (random.nextInt(6) == 0) {
                        before.add(new Cell("b" + i, commit));
                    }
                }
            }
            limits = new PlanLimits(
                    1 + random.nextInt(5),
                    2 + random.nextInt(3),
                    1 + random.nextInt(6),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(9));
            places = random.nextBoolean();
            plan = places
                    ? new WorkPlan(
                            boards,
                            commits,
                            before::contains,
                            limits,
                            Placement.predictedFinish(),
                            Plans.estimates(random))
                    : new WorkPlan(boards, commits, before::contains, limits);
            if (doubts) {
                plan.confirmFailures();
            }
            int workers = 1 + random.nextInt(5);
            for (int i = 0; i < workers; i++) {
                plan.expect("w" + i);
                mayCome.add("w" + i);
            }
        }

        void play() {
            for (int step = 0; step < 300 && plan.openCells() > 0; step++) {
                int kind = random.nextInt(26);
                now += random.nextInt(5000);
                plan.at(now);
                if (kind < 8) {
                    demand();
                } else if (kind < 15) {
                    settle();
                } else if (kind < 17) {
                    join();
                } else if (kind < 18) {
                    leave(random.nextInt(4) != 0);
                } else if (kind < 20) {
                    staleOrForeign();
                } else if (kind < 24) {
                    listen();
                } else {
                    resume();
                }
                collect();
            }
            if (random.nextInt(3) == 0) {
                goesOnToTheEndWithAllMachinesWell();
            }
            if (random.nextBoolean()) {
                plan.giveUp(new NotBuilt(Reason.CANCELLED, ""));
                collect();
            }
            Set<String> all = new HashSet<>(mayCome);
            all.addAll(joined.keySet());
            all.forEach(worker -> {
                plan.leave(worker, false, "the end");
                collect();
            });
            assertThat(plan.openCells()).isZero();
            assertThat(outcomes).hasSize(boards.size() * commits - before.size());
        }

        /** Whoever waits gets something in the end, or hears that there is nothing: no board is left lying. */
        private void goesOnToTheEndWithAllMachinesWell() {
            while (!mayCome.isEmpty()) {
                join();
                collect();
            }
            Set<String> asking = new HashSet<>(joined.keySet());
            asking.removeAll(dismissed);
            for (int round = 0; plan.openCells() > 0 && round < 10_000; round++) {
                List.copyOf(paused).forEach(plan::resume);
                paused.clear();
                now += 1000;
                plan.at(now);
                for (String worker : List.copyOf(asking)) {
                    demand(worker);
                    collect();
                }
                if (!out.isEmpty()) {
                    Grant grant = anyOf(out.values());
                    grant.commits().forEach(commit -> plan.settle(grant.id(), commit, new Built(Kind.OK, 0)));
                    collect();
                }
                asking.removeAll(dismissed);
            }
            assertThat(plan.openCells()).as("cells that nobody ever gets").isZero();
        }

        private void demand() {
            if (!joined.isEmpty()) {
                demand(anyOf(joined.keySet()));
            }
        }

        private void demand(String worker) {
            Demand demand = plan.demand(worker);
            if (demand instanceof Demand.Nothing) {
                dismissed.add(worker);
            } else if (demand instanceof Demand.Granted granted) {
                Grant grant = granted.grant();
                assertThat(dismissed).as("was told that nothing would come").doesNotContain(worker);
                assertThat(grant.worker()).isEqualTo(worker);
                assertThat(joined.get(worker).canBuild(grant.board().arch())).isTrue();
                assertThat(out.values().stream()
                                .filter(g -> !(places || doubts) || g.worker().equals(worker))
                                .map(g -> g.board().target()))
                        .as("boards that are out already")
                        .doesNotContain(grant.board().target());
                grant.confirms().ifPresent(known -> confirms(grant, known));
                grant.commits()
                        .forEach(commit -> assertThat(outcomes)
                                .doesNotContainKey(new Cell(grant.board().target(), commit)));
                asked.granted(grant, out.values());
                assertThat(paused).as("got a board although it was stopped").doesNotContain(worker);
                assertThat(out.put(grant.id(), grant)).isNull();
                deadlines.put(grant.id(), timeOf(worker) + PATIENCE.toSeconds());
            }
        }

        /** One cell that was doubted, where it did not fail; or there, if it was built elsewhere or nobody else can build it. */
        private void confirms(Grant grant, Confirmation known) {
            assertThat(grant.commits()).hasSize(1);
            assertThat(doubted)
                    .contains(new Cell(grant.board().target(), grant.commits().get(0)));
            if (!known.again().isEmpty()) {
                assertThat(grant.worker()).isEqualTo(known.first());
            }
        }

        private long timeOf(String worker) {
            return silentSince.getOrDefault(worker, 0L);
        }

        /** Time with a worker; exactly what it was silent about for too long is overdue, and taken back or closed. */
        private void listen() {
            if (joined.isEmpty()) {
                return;
            }
            String worker = anyOf(joined.keySet());
            List<Grant> own = new ArrayList<>(out.values());
            own.removeIf(grant -> !grant.worker().equals(worker));
            Set<Long> heard = new HashSet<>();
            own.stream().filter(grant -> random.nextInt(3) == 0).forEach(grant -> heard.add(grant.id()));
            if (!over.isEmpty()) {
                heard.add(anyOf(over).id());
            }
            Set<Long> closed = new HashSet<>();
            over.stream().filter(grant -> grant.worker().equals(worker)).forEach(grant -> closed.add(grant.id()));
            long seconds = random.nextInt(30);
            silentSince.merge(worker, seconds, Long::sum);
            heard.forEach(
                    grant -> deadlines.computeIfPresent(grant, (id, at) -> timeOf(worker) + PATIENCE.toSeconds()));
            Set<Long> expected = new HashSet<>();
            own.stream()
                    .filter(grant -> deadlines.get(grant.id()) <= timeOf(worker))
                    .forEach(grant -> expected.add(grant.id()));

            List<WorkPlan.Overdue> overdue = plan.listened(worker, Duration.ofSeconds(seconds), heard, closed);

            assertThat(overdue.stream().map(WorkPlan.Overdue::grant)).containsExactlyInAnyOrderElementsOf(expected);
            if (!overdue.isEmpty()) {
                leave(worker, random.nextInt(4) != 0); // as the pool and the conversation do
            }
        }

        private void resume() {
            if (!paused.isEmpty()) {
                String worker = anyOf(paused);
                paused.remove(worker);
                plan.resume(worker);
            }
        }

        private void settle() {
            if (out.isEmpty()) {
                return;
            }
            Grant grant = anyOf(out.values());
            int commit = anyOf(grant.commits());
            Cell cell = new Cell(grant.board().target(), commit);
            WorkPlan.Answer answer =
                    plan.settle(grant.id(), commit, Plans.anyOutcome(random, doubts), doubts && random.nextInt(3) != 0);
            asked.answered(grant, commit);
            if (answer == WorkPlan.Answer.ACCEPTED) {
                assertThat(outcomes).doesNotContainKey(cell);
                deadlines.put(grant.id(), timeOf(grant.worker()) + PATIENCE.toSeconds());
            }
        }

        private void join() {
            if (!mayCome.isEmpty()) {
                String worker = anyOf(mayCome);
                mayCome.remove(worker);
                dismissed.remove(worker);
                Capability capability = random.nextBoolean()
                        ? new Capability.Any()
                        : new Capability.Archs(
                                new HashSet<>(List.of(ARCHS.get(random.nextInt(4)), ARCHS.get(random.nextInt(4)))));
                joined.put(worker, capability);
                plan.join(worker, capability, PATIENCE, asked.joined(worker, Plans.power(random)));
            }
        }

        private void leave(boolean comesBack) {
            if (!joined.isEmpty()) {
                leave(anyOf(joined.keySet()), comesBack);
            }
        }

        private void leave(String worker, boolean comesBack) {
            joined.remove(worker);
            if (comesBack) {
                mayCome.add(worker);
            }
            plan.leave(worker, comesBack, "reset");
        }

        private void staleOrForeign() {
            if (!over.isEmpty()) {
                Grant old = anyOf(over);
                int commit = anyOf(old.commits());
                if (plan.settle(old.id(), commit, new Built(Kind.OK, 0)) == WorkPlan.Answer.ACCEPTED) {
                    assertThat(asked.isTakenBack(old, commit))
                            .as("it was taken back")
                            .isTrue();
                    assertThat(outcomes).doesNotContainKey(new Cell(old.board().target(), commit));
                    acceptedLate++;
                }
            }
            assertThat(plan.settle(1_000_000, 0, new Built(Kind.OK, 0))).isEqualTo(WorkPlan.Answer.STALE);
        }

        /** Takes the news, and finds out which grants are over: those that the plan takes no answer for. */
        private void collect() {
            plan.takeDoubted()
                    .forEach(one -> assertThat(doubted.add(one.cell())).isTrue());
            for (WorkPlan.Settled settled : plan.takeNews()) {
                assertThat(outcomes.put(settled.cell(), settled.outcome()))
                        .as("second outcome of %s", settled.cell())
                        .isNull();
                assertThat(before).doesNotContain(settled.cell());
                assertThat(settled.confirmation().isEmpty() || doubted.contains(settled.cell()))
                        .as("only what was doubted is confirmed")
                        .isTrue();
                settled.confirmation().ifPresent(known -> {
                    verdicts.add(known.verdict());
                    boolean isFailed = settled.outcome() instanceof Built built && built.kind() == Kind.FAILED;
                    assertThat(isFailed)
                            .isEqualTo(known.verdict() == Confirmation.Verdict.CODE
                                    || known.verdict() == Confirmation.Verdict.OPEN);
                });
            }
            plan.takeStopped().forEach(stopped -> paused.add(stopped.worker()));
            plan.takeRecalls().forEach(recall -> {
                asked.recalled(recall, places);
                if (!plan.isOut(recall.grant())) {
                    plan.closed(recall.worker(), recall.grant());
                }
                recalled++;
            });
            out.values().removeIf(grant -> {
                boolean isOver = !plan.isOut(grant.id());
                if (isOver) {
                    over.add(grant);
                }
                return isOver;
            });
            assertThat(outcomes.size() + plan.openCells()).isEqualTo(boards.size() * commits - before.size());
        }

        private <T> T anyOf(java.util.Collection<T> items) {
            List<T> list = new ArrayList<>(items);
            return list.get(random.nextInt(list.size()));
        }
    }
}
