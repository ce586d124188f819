package dev.buildboss.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StalenessTest {

    private static final Owner HERE = new Owner("simon", "here", 7, Instant.EPOCH);
    private static final Owner ELSEWHERE = new Owner("simon", "elsewhere", 7, Instant.EPOCH);

    private static Staleness judge(boolean bossLives) {
        return new Staleness("here", owner -> bossLives, Duration.ofSeconds(150));
    }

    private static FoundWorker worker(Owner boss, String state, long parent, long startedBy, long renewed) {
        return new FoundWorker(
                99,
                1,
                parent,
                OptionalLong.of(startedBy),
                state,
                "/w",
                true,
                Optional.of(boss.text()),
                OptionalLong.of(renewed));
    }

    @Test
    void aWorkerThatLivesForABossThatLivesIsInUse() {
        assertThat(judge(true).of(worker(HERE, "S", 5, 5, 20))).isEmpty();
        assertThat(judge(false).of(worker(ELSEWHERE, "R", 5, 5, 20))).isEmpty();
        assertThat(judge(false)
                        .of(new FoundWorker(
                                99,
                                1,
                                1,
                                OptionalLong.empty(),
                                "S",
                                "/w",
                                true,
                                Optional.empty(),
                                OptionalLong.empty())))
                .isEmpty();
    }

    @Test
    void saysWhyAWorkerIsLeftBehind() {
        assertThat(judge(false).of(worker(HERE, "S", 5, 5, 20))).contains("its boss is gone");
        assertThat(judge(true).of(worker(HERE, "T", 5, 5, 20))).contains("it is stopped");
        assertThat(judge(true).of(worker(HERE, "t", 5, 5, 20))).contains("it is stopped");
        assertThat(judge(true).of(worker(ELSEWHERE, "S", 1, 5, 20))).contains("its connection is gone");
        assertThat(judge(true).of(worker(ELSEWHERE, "S", 5, 5, 151))).contains("no sign of life for 151 s");
    }

    @Test
    void tellsAProcessFromALaterOneOfTheSameId() {
        Instant start = ProcessHandle.current().info().startInstant().orElseThrow();
        long me = ProcessHandle.current().pid();

        assertThat(Staleness.livesHere(new Owner("u", "h", me, start.minusSeconds(3600))))
                .isTrue();
        assertThat(Staleness.livesHere(new Owner("u", "h", me, start.minusSeconds(48 * 3600))))
                .isFalse();
        assertThat(Staleness.livesHere(new Owner("u", "h", 4_194_304_000L, start)))
                .isFalse();
    }

    @Test
    void readsWhatTheScriptSaysAndPassesOverWhatDoesNotFit() {
        WorkerSweep.Found found = SweepAnswer.found(List.of(
                "host boot pid:[1]",
                "worker 42 1000 7 S",
                "directory 42 /a b/c",
                "own 42 yes",
                "boss 42 simon@laptop process 7 since 2026-01-31T08:00:00Z",
                "startedby 42 7",
                "renewed 42 12",
                "worker 1 1 0 S",
                "worker x y z Z",
                "worker 43",
                "directory 44 /nobody",
                "lock foreign 12",
                "end"));

        assertThat(found.host()).isEqualTo("host boot pid:[1]");
        assertThat(found.lock()).isEqualTo(WorkerSweep.Lock.FOREIGN);
        assertThat(found.workers())
                .containsExactly(new FoundWorker(
                        42,
                        1000,
                        7,
                        OptionalLong.of(7),
                        "S",
                        "/a b/c",
                        true,
                        Optional.of("simon@laptop process 7 since 2026-01-31T08:00:00Z"),
                        OptionalLong.of(12)));
        assertThat(SweepAnswer.ended(List.of("ended 4", "left 5", "unlocked", "end")))
                .isEqualTo(new WorkerSweep.Ended(java.util.Set.of(5L), true));
    }
}
