package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.CellOutcome;
import dev.buildboss.testing.Fault;
import dev.buildboss.testing.FaultRun;
import dev.buildboss.testing.VirtualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The real boss, pool, proxies, conversations and result store against machines that go wrong at random moments, in virtual time:
 * hundreds of runs, each drawn from its seed. {@code -Dfault.seeds=5000} runs more of them, {@code -Dfault.from=1000} others,
 * {@code -Dfault.seed=4711} that one, whose course is printed.
 */
class SeededFaultsTest {

    /** Enough for every kind of fault to strike several times, and done in seconds. */
    private static final long SEEDS = 250;

    /** With {@code bin/test --soak}. */
    private static final long ALL_SEEDS = 3000;

    private static final int LINES_SHOWN = 60;

    private ActorSystem<Void> system;
    private Path scratch;

    @BeforeEach
    void start() throws IOException {
        system = VirtualTime.system("faults");
        Path memory = Path.of("/dev/shm");
        scratch = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "buildboss-faults-")
                : Files.createTempDirectory("buildboss-faults-");
    }

    @AfterEach
    void stop() throws IOException {
        VirtualTime.end(system);
        delete(scratch);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS) // thousands of seeds, where asked for
    void everyRunEndsInOrderWhateverGoesWrong() {
        Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
        Map<String, Integer> outcomes = new TreeMap<>();
        int refusedByDisk = 0;
        int givenBack = 0;
        for (long seed : seeds()) {
            for (FaultRun.Result result : runs(seed)) {
                refusedByDisk += result.refusedByDisk();
                givenBack += result.givenBack();
                result.faults().forEach((fault, times) -> faults.merge(fault, times, Integer::sum));
                result.report()
                        .outcomes()
                        .values()
                        .forEach(outcome -> outcomes.merge(nameOf(outcome), 1, Integer::sum));
            }
        }
        if (Long.getLong("fault.seed") == null) {
            assertThat(faults.keySet()).as("faults that struck").containsExactly(Fault.values());
            assertThat(refusedByDisk).as("writes that found no room").isPositive();
            assertThat(givenBack).as("commits that were given back").isPositive();
            assertThat(outcomes.keySet()).as("outcomes").isEqualTo(everyOutcome());
        }
    }

    @Test
    void aSeedGoesTheSameWayAgain() {
        FaultRun one = new FaultRun(7, 0, system, scratch.resolve("same"));
        one.run();
        delete(scratch.resolve("same"));
        FaultRun other = new FaultRun(7, 0, system, scratch.resolve("same"));
        other.run();
        assertThat(other.trace()).isEqualTo(one.trace());
        delete(scratch.resolve("same"));
    }

    private static Set<String> everyOutcome() {
        return Stream.concat(
                        Stream.of(CellOutcome.Kind.values()).map(Enum::name),
                        Stream.of(CellOutcome.Reason.values()).map(Enum::name))
                .collect(Collectors.toSet());
    }

    private static String nameOf(CellOutcome outcome) {
        return outcome instanceof CellOutcome.NotBuilt notBuilt
                ? notBuilt.reason().name()
                : ((CellOutcome.Built) outcome).kind().name();
    }

    private static long[] seeds() {
        Long one = Long.getLong("fault.seed");
        long from = Long.getLong("fault.from", 1);
        return one != null
                ? new long[] {one}
                : LongStream.range(
                                from,
                                from
                                        + Long.getLong(
                                                "fault.seeds",
                                                "all".equals(System.getProperty("buildboss.faults"))
                                                        ? ALL_SEEDS
                                                        : SEEDS))
                        .toArray();
    }

    /** A run, and for some seeds another that goes on from what it left. */
    private List<FaultRun.Result> runs(long seed) {
        Path out = scratch.resolve("seed-" + seed);
        int rounds = seed % 4 == 0 ? 2 : 1;
        List<FaultRun.Result> results = new java.util.ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            FaultRun run = new FaultRun(seed, round, system, out);
            try {
                run.run().ifPresent(results::add);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ": " + e.getMessage() + "\n\nhow it came to that, at the end:\n"
                                + String.join("\n", last(run.trace()))
                                + "\n\nonce more, and the whole of it:  bin/test -pl core -am -Dtest=SeededFaultsTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dfault.seed=" + seed,
                        e);
            } finally {
                if (Long.getLong("fault.seed") != null) {
                    run.trace().forEach(System.out::println);
                }
            }
        }
        delete(out);
        return results;
    }

    private static List<String> last(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
    }

    private static void delete(Path dir) {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
