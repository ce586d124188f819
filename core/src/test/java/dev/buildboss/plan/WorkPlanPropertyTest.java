package dev.buildboss.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random interleavings of everything that can happen to a plan; a failure names the seed that replays it. */
class WorkPlanPropertyTest {

    private static final List<String> ARCHS = List.of("arm", "aarch64", "x86", "sandbox", "");

    static List<Integer> seeds() {
        List<Integer> seeds = new ArrayList<>();
        for (int seed = 0; seed < 400; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyCellEndsExactlyOnceAndNothingIsOutTwice(int seed) {
        new Scenario(new Random(seed)).play();
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
        private final Map<Cell, CellOutcome> outcomes = new HashMap<>();
        private final WorkPlan plan;

        Scenario(Random random) {
            this.random = random;
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
            plan = new WorkPlan(boards, commits, before::contains, 1 + random.nextInt(4));
            int workers = 1 + random.nextInt(4);
            for (int i = 0; i < workers; i++) {
                plan.expect("w" + i);
                mayCome.add("w" + i);
            }
        }

        void play() {
            for (int step = 0; step < 300 && plan.openCells() > 0; step++) {
                int kind = random.nextInt(20);
                if (kind < 8) {
                    demand();
                } else if (kind < 15) {
                    settle();
                } else if (kind < 17) {
                    join();
                } else if (kind < 18) {
                    leave(random.nextInt(4) != 0);
                } else {
                    staleOrForeign();
                }
                collect();
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

        private void demand() {
            if (joined.isEmpty()) {
                return;
            }
            String worker = anyOf(joined.keySet());
            Demand demand = plan.demand(worker);
            if (demand instanceof Demand.Nothing) {
                dismissed.add(worker);
            } else if (demand instanceof Demand.Granted granted) {
                Grant grant = granted.grant();
                assertThat(dismissed).as("was told that nothing would come").doesNotContain(worker);
                assertThat(grant.worker()).isEqualTo(worker);
                assertThat(joined.get(worker).canBuild(grant.board().arch())).isTrue();
                assertThat(out.values().stream().map(g -> g.board().target()))
                        .doesNotContain(grant.board().target());
                grant.commits()
                        .forEach(commit -> assertThat(outcomes)
                                .doesNotContainKey(new Cell(grant.board().target(), commit)));
                assertThat(out.put(grant.id(), grant)).isNull();
            }
        }

        private void settle() {
            if (out.isEmpty()) {
                return;
            }
            Grant grant = anyOf(out.values());
            int commit = anyOf(grant.commits());
            Cell cell = new Cell(grant.board().target(), commit);
            WorkPlan.Answer answer = plan.settle(grant.id(), commit, anyOutcome());
            if (answer == WorkPlan.Answer.ACCEPTED) {
                assertThat(outcomes).doesNotContainKey(cell);
            }
        }

        private CellOutcome anyOutcome() {
            return switch (random.nextInt(12)) {
                case 0 -> new NotBuilt(Reason.INFRASTRUCTURE, "killed");
                case 1 -> new NotBuilt(Reason.NO_TOOLCHAIN, "none");
                case 2 -> new NotBuilt(Reason.RESULT_REFUSED, "too large");
                case 3 -> new NotBuilt(Reason.DISK_FULL, "full");
                case 4 -> new Built(Kind.FAILED, 2);
                default -> new Built(Kind.OK, 0);
            };
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
                plan.join(worker, capability);
            }
        }

        private void leave(boolean comesBack) {
            if (!joined.isEmpty()) {
                String worker = anyOf(joined.keySet());
                joined.remove(worker);
                if (comesBack) {
                    mayCome.add(worker);
                }
                plan.leave(worker, comesBack, "reset");
            }
        }

        private void staleOrForeign() {
            if (!over.isEmpty()) {
                Grant old = anyOf(over);
                assertThat(plan.settle(old.id(), anyOf(old.commits()), new Built(Kind.OK, 0)))
                        .isEqualTo(WorkPlan.Answer.STALE);
            }
            assertThat(plan.settle(1_000_000, 0, new Built(Kind.OK, 0))).isEqualTo(WorkPlan.Answer.STALE);
        }

        /** Takes the news, and finds out which grants are over: those that the plan takes no answer for. */
        private void collect() {
            for (WorkPlan.Settled settled : plan.takeNews()) {
                assertThat(outcomes.put(settled.cell(), settled.outcome()))
                        .as("second outcome of %s", settled.cell())
                        .isNull();
                assertThat(before).doesNotContain(settled.cell());
            }
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
