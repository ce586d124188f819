package dev.buildboss.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildEvent;
import dev.buildboss.history.Build;
import dev.buildboss.history.CostModel;
import dev.buildboss.history.LearntEstimates;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.plan.Estimates;
import dev.buildboss.simulate.SimFleet;
import dev.buildboss.simulate.Workload;
import dev.buildboss.simulate.Workload.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Forecasts of runs that go on with what former ones built: they tell what is told of a run of the rest alone. */
class ResumedForecastTest {

    private static final CostModel NOTHING_KNOWN = CostModel.prior();

    /** A run of a matrix of which cells are there, beside one of which the open cells are all; both see the same. */
    private static final class Twins {
        private final Forecast whole;
        private final Forecast rest;

        Twins(LearntEstimates matrix, Set<Cell> there, LearntEstimates open) {
            whole = new Forecast(matrix, there);
            whole.event(ForecastTest.runStarted(matrix, there), 0);
            rest = new Forecast(open, Set.of());
            rest.event(ForecastTest.runStarted(open, Set.of()), 0);
        }

        void at(int second, BuildEvent event) {
            at(second, event, event);
        }

        void at(int second, BuildEvent event, BuildEvent ofTheRest) {
            whole.event(event, second * 1000L);
            rest.event(ofTheRest, second * 1000L);
            alike(second);
        }

        void alike(int second) {
            assertThat(eta(second)).as("after " + second + " s").isEqualTo(rest.eta(second * 1000L));
        }

        Optional<BuildEvent.Eta> eta(int second) {
            return whole.eta(second * 1000L);
        }
    }

    private static List<Board> boards(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> Board.of("b" + number, "arm"))
                .toList();
    }

    private static LearntEstimates estimates(CostModel model, List<Board> boards, int commits) {
        return model.estimates(
                boards,
                IntStream.range(0, commits).mapToObj(ForecastTest::commit).toList(),
                Map.of(),
                Map.of());
    }

    private static Set<Cell> cells(List<Board> boards, int from, int to) {
        Set<Cell> result = new HashSet<>();
        for (Board board : boards) {
            IntStream.range(from, to).forEach(commit -> result.add(new Cell(board.target(), commit)));
        }
        return result;
    }

    private static BuildEvent ready(String machine) {
        return new BuildEvent.MachineReady(machine, 4, 4);
    }

    private static BuildEvent done(String board, int commit, String machine) {
        String hash = ForecastTest.commit(commit).hash();
        return new BuildEvent.CellDone(new Cell(board, commit), hash, Optional.of(machine), new Built(Kind.OK, 0), "");
    }

    /** Such as {@code -c 3}, and then {@code -c 6}. */
    @Test
    void earlierCommitsThanThoseThatAreThereAreWhatIsBuilt() {
        List<Board> boards = boards(2);
        Twins twins = new Twins(
                estimates(NOTHING_KNOWN, boards, 6), cells(boards, 3, 6), estimates(NOTHING_KNOWN, boards, 3));

        twins.at(0, ready("m"));
        twins.at(0, new BuildEvent.BoardStarted("b0", "m", 3));
        twins.at(1, new BuildEvent.BoardStarted("b1", "m", 3));
        twins.at(40, done("b0", 0, "m"));
        twins.at(41, done("b1", 0, "m"));
        twins.at(50, done("b0", 1, "m"));
        twins.at(60, done("b0", 2, "m"));
        twins.at(60, new BuildEvent.BoardEnded("b0", "m"));
        twins.at(70, done("b1", 1, "m"));
        twins.alike(90);
        twins.at(100, done("b1", 2, "m"));

        assertThat(twins.eta(100)).as("nothing is left").isEmpty();
    }

    /** Such as {@code -F}. */
    @Test
    void aFailedCommitInTheMiddleIsWhatIsBuiltAgain() {
        List<Board> boards = boards(2);
        Set<Cell> there = cells(boards, 0, 6);
        there.remove(new Cell("b0", 2));
        there.remove(new Cell("b1", 2));
        Twins twins = new Twins(estimates(NOTHING_KNOWN, boards, 6), there, estimates(NOTHING_KNOWN, boards, 1));

        twins.at(0, ready("m"));
        twins.at(0, new BuildEvent.BoardStarted("b0", "m", 1));
        twins.at(30, done("b0", 2, "m"), done("b0", 0, "m"));
        twins.at(31, new BuildEvent.BoardStarted("b1", "m", 1));
        twins.alike(40);
        twins.at(60, done("b1", 2, "m"), done("b1", 0, "m"));

        assertThat(twins.eta(60)).as("nothing is left").isEmpty();
    }

    /** Those that are there were built before, so the history knows them; of the others it knows nothing. */
    @Test
    void boardsThatAreWholeNeitherWaitNorMakeTheRangeNarrower() {
        List<Board> boards = boards(48);
        List<Board> open = boards.subList(40, 48);
        List<Build> history = new ArrayList<>();
        for (Board board : boards.subList(0, 40)) {
            history.add(new Build(board.target(), "arm", "old", "m", true, 15, 1, history.size(), 4, 0, 0));
        }
        CostModel model = CostModel.learn(history, Map.of());
        Twins twins =
                new Twins(estimates(model, boards, 1), cells(boards.subList(0, 40), 0, 1), estimates(model, open, 1));

        twins.at(0, ready("m"));
        for (int number = 40; number < 48; number++) {
            int second = (number - 40) * 20;
            twins.at(second, new BuildEvent.BoardStarted("b" + number, "m", 1));
            twins.alike(second + 10);
            twins.at(second + 20, done("b" + number, 0, "m"));
            twins.at(second + 20, new BuildEvent.BoardEnded("b" + number, "m"));
        }

        assertThat(twins.eta(160)).as("nothing is left").isEmpty();
    }

    /** As when a machine has a full disk, or the rest is for another. */
    @Test
    void whatAMachineGaveBackIsNotWorkedAtAnyMore() {
        LearntEstimates estimates = estimates(NOTHING_KNOWN, boards(1), 3);
        Forecast forecast = new Forecast(estimates, Set.of());
        forecast.event(ForecastTest.runStarted(estimates, Set.of()), 0);
        forecast.event(ready("m"), 0);
        forecast.event(new BuildEvent.BoardStarted("b0", "m", 3), 0);
        forecast.event(done("b0", 0, "m"), 15_000);

        forecast.event(new BuildEvent.BoardEnded("b0", "m"), 16_000);

        Optional<BuildEvent.Eta> then = forecast.eta(16_000);
        assertThat(then).isPresent();
        assertThat(forecast.eta(1_000_000)).as("nobody is late with it").isEqualTo(then);
    }

    /** How a run comes to have something to go on with. */
    private enum Resumed {
        EARLIER_COMMITS(24, 6) {
            @Override
            boolean isThere(int board, int commit, Random random) {
                return commit >= 3;
            }
        },
        MOST_BOARDS(72, 6) {
            @Override
            boolean isThere(int board, int commit, Random random) {
                return board % 3 != 0;
            }
        },
        ALL_BUT_FAILURES(72, 6) {
            @Override
            boolean isThere(int board, int commit, Random random) {
                return random.nextInt(5) > 0;
            }
        };

        final int boards;
        final int commits;

        Resumed(int boards, int commits) {
            this.boards = boards;
            this.commits = commits;
        }

        abstract boolean isThere(int board, int commit, Random random);

        Set<Cell> there(Workload workload, long seed) {
            Random random = new Random(seed);
            Set<Cell> result = new HashSet<>();
            for (int board = 0; board < boards; board++) {
                for (int commit = 0; commit < commits; commit++) {
                    if (isThere(board, commit, random)) {
                        result.add(new Cell(workload.boards().get(board).target(), commit));
                    }
                }
            }
            return result;
        }
    }

    /** What that workload's builds cost. */
    private static Estimates costsOf(Workload workload) {
        Map<Board, Integer> numbers = new HashMap<>();
        workload.boards().forEach(board -> numbers.put(board, numbers.size()));
        return new Estimates() {
            @Override
            public Work first(Board board, int commit) {
                return workload.first(numbers.getOrDefault(board, 0), commit);
            }

            @Override
            public Work next(Board board, int commit) {
                return workload.next(numbers.getOrDefault(board, 0), commit);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void ofResumedRunsThatSaidEightyPercentEightyPercentEndInIt(Resumed kind) {
        Map<Double, ForecastTest.Score> scores = ForecastTest.noScores();

        for (SimFleet fleet : ForecastTest.FLEETS) {
            for (int round = 0; round < 4; round++) {
                long seed = round * 7919L + kind.ordinal();
                Workload all = Workload.generate(kind.boards, kind.commits, Shape.USUAL, seed);
                Set<Cell> there = kind.there(all, seed);
                Workload rest =
                        Workload.of(all.boards(), all.commits(), costsOf(all), there::contains, Shape.USUAL, seed);
                ForecastTest.play(fleet, rest, there, 1, seed, scores);
            }
        }

        assertThat(ForecastTest.coverage(scores)).as(scores.toString()).isBetween(0.65, 0.93);
    }
}
