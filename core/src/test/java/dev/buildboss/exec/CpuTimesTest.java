package dev.buildboss.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuTimesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0m0.000000s 0m0.001000s\n1m2.340000s 0m5.600000s\n", // dash
                "0m0.001s 0m0.002s\n1m2.340s 0m5.600s\n", // bash
                "0m0,001s 0m0,002s\n1m2,340s 0m5,600s\n", // bash in other places
                "0m0.00s 0m0.00s\n1m2.34s 0m5.60s\n" // busybox
            })
    void readsWhatShellsSayOfTheirChildren(String text) {
        assertThat(CpuTimes.children(text)).contains(Duration.ofMillis(67_940));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0m0.00s 0m0.00s\n", "0m0.00s 0m0.00s\n0m1.00s\n", "a\nb\n", "\n\n\n"})
    void saysNothingOfOtherText(String text) {
        assertThat(CpuTimes.children(text)).isEmpty();
    }

    @Test
    void countsMinutes() {
        assertThat(CpuTimes.children("0m0.00s 0m0.00s\n600m0.00s 0m59.99s\n"))
                .contains(Duration.ofMinutes(600).plusMillis(59_990));
    }
}
