package dev.buildboss.faults;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs in which random things happen at random moments, by a seed. Whatever it is: each cell has one end, its files are there
 * all or not at all, the exit status follows from the cells, nothing is left running or lying about, and the next run completes.
 */
class RandomFaultsTest extends FaultTest {

    private static final String SEED = "buildboss.fault.seed";
    private static final int QUICK_SEEDS = 1;
    private static final int ALL_SEEDS = 12;

    static LongStream seeds() {
        Long one = Long.getLong(SEED);
        if (one != null) {
            return LongStream.of(one);
        }
        boolean all = System.getProperty("buildboss.faults", "quick").equals("all");
        return LongStream.rangeClosed(1, all ? ALL_SEEDS : QUICK_SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepItsPromises(long seed) throws Exception {
        RandomFaults faults = new RandomFaults(bed, seed);
        try {
            faults.run();
        } catch (AssertionError | Exception e) {
            throw new AssertionError(
                    "seed " + seed + " failed; once more: bin/test -pl boss-main -am -Dtest=RandomFaultsTest"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -D" + SEED + "=" + seed + "\n" + faults.story(),
                    e);
        }
    }
}
