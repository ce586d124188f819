package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.settings.Settings;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineTotalsTest {

    private static final Settings.Boss SETTINGS = Settings.of(ConfigFactory.parseString(
                    "buildboss.boss { max-reconnects = 5, reconnect-delay = 1 s, max-delay = 6 s }"))
            .boss();

    private final MachineTotals totals = new MachineTotals();

    @Test
    void waitsLongerForEachLossInARowUpToALimitAndThenNoMore() {
        assertThat(lose(Boss.End.LOST)).contains(Duration.ofSeconds(1));
        assertThat(lose(Boss.End.LOST)).contains(Duration.ofSeconds(2));
        assertThat(lose(Boss.End.LOST)).contains(Duration.ofSeconds(4));
        assertThat(lose(Boss.End.LOST)).contains(Duration.ofSeconds(6));
        assertThat(lose(Boss.End.UNAVAILABLE)).contains(Duration.ofSeconds(6));
        assertThat(lose(Boss.End.LOST)).isEmpty();
    }

    @Test
    void beginsAnewWhenACellWasBuilt() {
        for (int i = 0; i < 20; i++) {
            totals.connect();
            totals.end(new Boss.MachineEnded("m", Boss.End.LOST, "", 0, 0, true));
            assertThat(totals.again(Boss.End.LOST, SETTINGS)).contains(Duration.ofSeconds(1));
            assertThat(lose(Boss.End.UNAVAILABLE)).contains(Duration.ofSeconds(2));
        }
    }

    @Test
    void doesNotWaitForAMachineThatWasNeverThereNorForOneThatBrokeTheRules() {
        assertThat(lose(Boss.End.UNAVAILABLE)).isEmpty();
        assertThat(lose(Boss.End.EXPELLED)).isEmpty();
        assertThat(lose(Boss.End.FINISHED)).isEmpty();
    }

    private Optional<Duration> lose(Boss.End how) {
        totals.connect();
        return end(how);
    }

    private Optional<Duration> end(Boss.End how) {
        totals.end(new Boss.MachineEnded("m", how, "", 0, 0));
        return totals.again(how, SETTINGS);
    }
}
