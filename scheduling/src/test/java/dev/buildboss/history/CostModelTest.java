package dev.buildboss.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.plan.Estimates.Work;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CostModelTest {

    private static final Board ARM = Board.of("arm1", "arm");
    private static final ChangedFiles KCONFIG = ChangedFiles.of(List.of("drivers/mmc/Kconfig"));
    private static final ChangedFiles ONE_SOURCE = ChangedFiles.of(List.of("drivers/mmc/mmc.c"));
    private static final ChangedFiles MANUAL = ChangedFiles.of(List.of("doc/README", "test/py/x.py"));

    private static String hash(int number) {
        return String.format("%040x", number);
    }

    private static Commit commit(int number) {
        return new Commit(hash(number), "c" + number);
    }

    /** Alone on a machine of 4 threads, with its seconds of CPU. */
    private static Build build(Board board, int commit, boolean first, double cpuS, String machine) {
        double seconds = cpuS * (0.1 + 0.9 / 4);
        return new Build(
                board.target(), board.arch(), hash(commit), machine, first, seconds, 1, commit, 4, first ? 2 : 0, cpuS);
    }

    private static LearntEstimates estimates(CostModel model, List<Board> boards, Map<String, ChangedFiles> changes) {
        return model.estimates(
                boards, IntStream.range(0, 10).mapToObj(CostModelTest::commit).toList(), changes, Map.of());
    }

    private static double first(CostModel model, Board board) {
        return estimates(model, List.of(board), Map.of()).first(board, 0).total();
    }

    private static CostModel learn(Build... builds) {
        return CostModel.learn(List.of(builds), Map.of());
    }

    @Test
    void aBoardTakesWhatItTookAndOneWildTimeChangesLittle() {
        CostModel model = learn(
                build(ARM, 0, true, 80, "m"),
                build(ARM, 1, true, 82, "m"),
                build(ARM, 2, true, 78, "m"),
                build(ARM, 3, true, 4000, "m"),
                build(ARM, 4, true, 80, "m"));

        assertThat(first(model, ARM)).isCloseTo(80, Percentage.withPercentage(10));
        assertThat(model.basis(ARM)).isEqualTo(CostModel.Basis.BOARD);
    }

    @Test
    void aBoardThatWasNeverBuiltTakesWhatItsArchitectureDoesThenWhatAllDo() {
        List<Build> builds = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            builds.add(build(Board.of("a" + i, "arm"), i, true, 100 + i, "m"));
            builds.add(build(Board.of("x" + i, "x86"), i, true, 20 + i, "m"));
        }
        CostModel model = CostModel.learn(builds, Map.of());

        assertThat(first(model, Board.of("new", "arm"))).isBetween(70.0, 110.0);
        assertThat(first(model, Board.of("new", "x86"))).isBetween(18.0, 32.0);
        assertThat(first(model, Board.of("new", "mips"))).isBetween(30.0, 70.0);
        assertThat(model.basis(Board.of("new", "arm"))).isEqualTo(CostModel.Basis.ARCH);
        assertThat(model.basis(Board.of("new", "mips"))).isEqualTo(CostModel.Basis.OTHERS);
    }

    @Test
    void withoutAnyHistoryLongerDefconfigsTakeLongerAndWiderCommitsCostMore() {
        Board small = Board.of("small", "arm");
        Board large = Board.of("large", "arm");
        LearntEstimates estimates = CostModel.prior()
                .estimates(
                        List.of(small, large),
                        List.of(commit(0), commit(1), commit(2), commit(3)),
                        Map.of(hash(1), KCONFIG, hash(2), ONE_SOURCE, hash(3), MANUAL),
                        Map.of("small", 40, "large", 160));

        assertThat(estimates.first(large, 0).total())
                .isGreaterThan(1.4 * estimates.first(small, 0).total());
        assertThat(estimates.next(small, 1).total())
                .isGreaterThan(2 * estimates.next(small, 2).total());
        assertThat(estimates.next(small, 2).total())
                .isGreaterThan(estimates.next(small, 3).total());
        assertThat(CostModel.prior().basis(small)).isEqualTo(CostModel.Basis.PRIOR);
    }

    @Test
    void whatACommitCostOneBoardItCostsTheOthers() {
        Board other = Board.of("other", "arm");
        CostModel model = learn(
                build(ARM, 0, true, 100, "m"),
                build(other, 0, true, 50, "m"),
                build(ARM, 1, false, 60, "m"),
                build(ARM, 2, false, 4, "m"));
        LearntEstimates estimates = estimates(model, List.of(ARM, other), Map.of());

        assertThat(estimates.next(ARM, 1).total()).isBetween(45.0, 65.0);
        assertThat(estimates.next(other, 1).total())
                .isGreaterThan(2.5 * estimates.next(other, 2).total());
    }

    @Test
    void whatCommitsOfOneKindCostIsExpectedOfTheNextOfThem() {
        List<Build> builds = new ArrayList<>();
        Map<String, ChangedFiles> changes = new java.util.HashMap<>();
        builds.add(build(ARM, 1, true, 100, "m"));
        for (int i = 2; i < 9; i++) {
            builds.add(build(ARM, i, false, 2, "m"));
            changes.put(hash(i), ONE_SOURCE);
        }
        changes.put(hash(9), ONE_SOURCE);
        LearntEstimates estimates = estimates(CostModel.learn(builds, changes), List.of(ARM), changes);

        assertThat(estimates.next(ARM, 9).total()).isBetween(1.5, 5.0);
    }

    @Test
    void tellsHowFastMachinesAreFromBuildsOfTheSameBoards() {
        Random random = new Random(3);
        List<Build> builds = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Board board = Board.of("b" + i % 12, "arm");
            double work = 40 + i % 12 * 10;
            boolean fast = random.nextBoolean();
            double cpu = work / (fast ? 2 : 0.8) * Math.exp(0.1 * random.nextGaussian());
            builds.add(build(board, i, true, cpu, fast ? "fast" : "slow"));
        }
        CostModel model = CostModel.learn(builds, Map.of());

        assertThat(model.speed("fast") / model.speed("slow")).isCloseTo(2.5, within(0.4));
        assertThat(model.speed("unknown")).isEqualTo(1);
        assertThat(model.threads("fast")).isEqualTo(4);
    }

    @Test
    void withoutSecondsOfCpuACostFollowsFromTheCoresThatABuildHad() {
        // 10 boards on 10 threads: each has one core; then one alone, with a serial part.
        Build shared = new Build("arm1", "arm", hash(0), "m", true, 60, 10, 0, 10, 0, 0);
        Build alone = new Build("arm1", "arm", hash(0), "m", true, 60 * (0.12 + 0.88 / 10), 1, 0, 10, 0, 0);

        assertThat(first(learn(shared), ARM)).isCloseTo(first(learn(alone), ARM), within(1e-6));
        assertThat(first(learn(shared, shared, shared), ARM)).isCloseTo(60, Percentage.withPercentage(6));
    }

    @Test
    void coresThatABoardLeavesInItsSerialPartAreTakenByOthers() {
        // Two cores of eight each, all the time: what one leaves in its serial part the other three take.
        Build four = new Build("arm1", "arm", hash(0), "m", true, 60, 4, 0, 8, 0, 0);

        assertThat(first(learn(Collections.nCopies(60, four).toArray(Build[]::new)), ARM))
                .isCloseTo(60 * 2, Percentage.withPercentage(2));
    }

    @Test
    void tellsTheSerialPartWhereSecondsOfCpuAreKnown() {
        List<Build> builds = new ArrayList<>(Collections.nCopies(60, build(ARM, 0, true, 100, "m")));
        Work work = estimates(CostModel.learn(builds, Map.of()), List.of(ARM), Map.of())
                .first(ARM, 0);

        // A tenth of it, 2 s of configuring among that.
        assertThat(work.serial() / work.total()).isCloseTo(0.10, within(0.005));
    }

    @Test
    void eachBoardHasASerialPartOfItsOwn() {
        List<Build> builds = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            builds.add(build(ARM, i, true, 100, "m"));
            builds.add(new Build("slow", "arm", hash(i), "m", true, 100 * (0.5 + 0.5 / 4), 1, i, 4, 2, 100));
        }
        Board slow = Board.of("slow", "arm");
        LearntEstimates estimates = estimates(CostModel.learn(builds, Map.of()), List.of(ARM, slow), Map.of());

        assertThat(serial(estimates, ARM)).isCloseTo(0.1, within(0.02));
        assertThat(serial(estimates, slow)).isCloseTo(0.5, within(0.02));
        assertThat(estimates.first(slow, 0).total()).isCloseTo(100, Percentage.withPercentage(3));
        assertThat(serial(estimates, Board.of("other", "arm"))).isBetween(0.15, 0.45);
    }

    @Test
    void eachBoardHasAConfigurationOfItsOwn() {
        List<Build> builds = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            builds.add(new Build("quick", "arm", hash(i), "m", true, 50, 1, i, 2, 1, 0));
            builds.add(new Build("slow", "arm", hash(i), "m", true, 50, 1, i, 2, 20, 0));
        }
        CostModel model = CostModel.learn(builds, Map.of());

        double quick = model.configuring("quick");
        double slow = model.configuring("slow");
        assertThat(slow / quick).isGreaterThan(5);
        assertThat(model.configuring("never built")).isBetween(quick, slow);
        LearntEstimates estimates =
                estimates(model, List.of(Board.of("quick", "arm"), Board.of("slow", "arm")), Map.of());
        assertThat(serial(estimates, Board.of("slow", "arm")) - serial(estimates, Board.of("quick", "arm")))
                .isCloseTo((slow - quick) * (1 - Priors.SERIAL_FIRST), within(1e-9));
    }

    private static double serial(LearntEstimates estimates, Board board) {
        Work work = estimates.first(board, 0);
        return work.serial() / work.total();
    }

    @ParameterizedTest
    @CsvSource({
        "8, 1, 12, 2, held cores that it did not use: it waited for a disk, or only says that it builds",
        "8, 4, 30, 200, had company: what it left in its serial part others took",
        "2, 1, 40, 60, had two cores: what else the machine does weighs more",
        "8, 1, 20, 900, used more than there is",
        "0, 1, 20, 50, was on a machine that never said what it has"
    })
    void theSerialPartIsNotToldByABuildThat(int threads, double sharing, double seconds, double cpuS, String why) {
        Build odd = new Build("arm1", "arm", hash(0), "m", true, seconds, sharing, 0, threads, 0, cpuS);
        Build same = new Build("arm1", "arm", hash(0), "m", true, seconds, sharing, 0, threads, 0, 0);
        LearntEstimates told = estimates(learn(odd, odd, odd), List.of(ARM), Map.of());

        assertThat(told.first(ARM, 0))
                .as(why)
                .isEqualTo(estimates(learn(same, same, same), List.of(ARM), Map.of())
                        .first(ARM, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void estimatesOfWhateverHistoryAreCostsAndNoWorseThanFromTheBeginning(long seed) {
        Random random = new Random(seed);
        List<Build> builds = new ArrayList<>();
        Map<String, ChangedFiles> changes = new java.util.HashMap<>();
        for (int i = 0; i < random.nextInt(200); i++) {
            double seconds = random.nextInt(10) == 0 ? 0 : Math.exp(8 * random.nextGaussian());
            builds.add(new Build(
                    "b" + random.nextInt(8),
                    random.nextBoolean() ? "arm" : "",
                    hash(random.nextInt(12)),
                    "m" + random.nextInt(3),
                    random.nextBoolean(),
                    seconds,
                    1 + random.nextInt(9),
                    i,
                    random.nextInt(5),
                    random.nextDouble(),
                    random.nextBoolean() ? 0 : seconds * random.nextDouble() * 3));
            changes.put(
                    hash(random.nextInt(12)),
                    new ChangedFiles(random.nextInt(2), random.nextInt(3), random.nextInt(9), random.nextInt(30), 1));
        }
        CostModel model = CostModel.learn(builds, changes);
        List<Build> shuffled = new ArrayList<>(builds);
        Collections.shuffle(shuffled, random);
        CostModel again = CostModel.learn(shuffled, changes);
        List<Board> boards =
                IntStream.range(0, 10).mapToObj(i -> Board.of("b" + i, "arm")).toList();
        LearntEstimates estimates = estimates(model, boards, changes);
        LearntEstimates same = estimates(again, boards, changes);

        for (Board board : boards) {
            for (int commit = 0; commit < 10; commit++) {
                Work next = estimates.next(board, commit);
                assertThat(next.total()).isPositive();
                assertThat(next.total())
                        .isLessThanOrEqualTo(estimates.first(board, commit).total());
                // The order in which builds ended makes no difference.
                assertThat(same.next(board, commit).total()).isCloseTo(next.total(), Percentage.withPercentage(1e-6));
            }
            assertThat(model.spread(board)).isBetween(0.0, 20.0);
        }
        for (String machine : List.of("m0", "m1", "m2")) {
            assertThat(estimates.speed(machine)).isBetween(0.1, 10.0);
        }
    }

    /** More of the same never makes an estimate worse: it comes nearer to what is really there. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void estimatesComeNearerWithMoreBuilds(long seed) {
        double few = meanError(seed, 1);
        double many = meanError(seed, 12);

        assertThat(many).isLessThan(few * 0.7);
        assertThat(many).isLessThan(0.12);
    }

    private static double meanError(long seed, int rounds) {
        Random random = new Random(seed);
        double[] real = IntStream.range(0, 40)
                .mapToDouble(i -> 60 * Math.exp(0.6 * random.nextGaussian()))
                .toArray();
        List<Build> builds = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < real.length; i++) {
                double noisy = real[i] * Math.exp(0.3 * random.nextGaussian());
                builds.add(build(Board.of("b" + i, "arm"), round, true, noisy, "m"));
            }
        }
        CostModel model = CostModel.learn(builds, Map.of());
        return IntStream.range(0, real.length)
                .mapToDouble(i -> Math.abs(Math.log(first(model, Board.of("b" + i, "arm")) / real[i])))
                .average()
                .orElseThrow();
    }
}
