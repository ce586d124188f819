package dev.buildboss.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTest {

    @Test
    void countsASwapAsOneEdit() {
        assertThat(Nearest.distance("slots", "solts")).isEqualTo(1);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("same", "same")).isZero();
    }

    @Test
    void findsTheNearestNameAndNoneFarAway() {
        assertThat(Nearest.to("sandbx", List.of("sandbox", "snow", "sandbox64")))
                .contains("sandbox");
        assertThat(Nearest.to("zzz", List.of("sandbox"))).isEmpty();
        assertThat(Nearest.hint("elmm", List.of("elm"))).isEqualTo(" (did you mean elm?)");
    }

    @Test
    void showsWhatATerminalWouldActOn() {
        assertThat(Printable.line("a\u001b[31mb\nc\u202e")).isEqualTo("a\\x1b[31mb\\x0ac\\u202e");
        assertThat(Printable.lines("a\n\tb\r")).isEqualTo("a\n\tb\\x0d");
        assertThat(Printable.line("grün ‘quoted’")).isEqualTo("grün ‘quoted’");
    }
}
