package dev.buildboss.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineFacts;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FitnessTest {

    private static final Settings.Probe LIMITS = Settings.defaults().probe();

    private static MachineFacts facts(double load, long memory, long disk, Map<String, String> versions) {
        return new MachineFacts("x86_64", 4, 8, 5000, load, memory, disk, OptionalInt.of(17), versions);
    }

    private static Optional<String> unfit(double load, long memory, long disk, Map<String, String> versions) {
        return Fitness.unfit(facts(load, memory, disk, versions), LIMITS);
    }

    private static Optional<String> withGitAndMake(String git, String make) {
        return unfit(0, 8000, 8000, Map.of("git", git, "make", make));
    }

    @Test
    void namesTheFigureAndTheThresholdThatItBreaks() {
        assertThat(unfit(3.6, 8000, 8000, Map.of())).hasValue("busy: load/cpus 0.90 > 0.8 (probe.max-load)");
        assertThat(unfit(0, 8000, 999, Map.of())).hasValue("low disk: 999 MiB free, probe.min-disk is 1000 MiB");
        assertThat(unfit(0, 511, 8000, Map.of()))
                .hasValue("low memory: 511 MiB available, probe.min-memory is 512 MiB");
        assertThat(withGitAndMake("2.10.9", "4.3")).hasValue("too old: git 2.10.9, probe.min-git is 2.11");
        assertThat(withGitAndMake("2.39.5", "3.82")).hasValue("too old: make 3.82, probe.min-make is 4.2");
        assertThat(unfit(0, 8000, 8000, Map.of("git", "2.39.5"))).hasValue("no make: it must be installed");
    }

    @Test
    void takesAMachineAtEachThreshold() {
        assertThat(unfit(3.2, 512, 1000, Map.of("git", "2.11", "make", "4.2"))).isEmpty();
    }

    @Test
    void knowsNothingBadOfWhatWasNotTold() {
        assertThat(unfit(0, 0, 0, Map.of())).isEmpty();
        assertThat(withGitAndMake("?", "?")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "4.1, 4.2, true",
        "4.2, 4.2, false",
        "4.2.1, 4.2, false",
        "4, 4.2, true",
        "4, 4.0, false",
        "4.10, 4.2, false",
        "4.2rc, 4.2, true",
        "5.x, 4.2, false",
        "99999999999, 4.2, false"
    })
    void comparesVersionsNumberByNumber(String version, String than, boolean older) {
        assertThat(Fitness.isOlder(version, than)).isEqualTo(older);
    }

    @Test
    void blamesAClockOnlyForWhatTheConnectionCantExplain() {
        assertThat(new MachineFacts.Clock(Duration.ofSeconds(-30), Duration.ofSeconds(10)).surelyOff())
                .isEqualTo(Duration.ofSeconds(25));
        assertThat(new MachineFacts.Clock(Duration.ofSeconds(4), Duration.ofSeconds(10)).surelyOff())
                .isZero();
    }
}
