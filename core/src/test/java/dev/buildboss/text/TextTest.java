package dev.buildboss.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(Printable.line("\uD83D\uDE00 \uD83D\u007f\u0085")).isEqualTo("\uD83D\uDE00 \\ud83d\\x7f\\x85");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, '\u001b', '\u007f', '\u009b', '\u009d', '\u200b', '\u202e', '\u2066', '\u2028', '\u2029', '\ud800',
                0xe0041
            })
    void nothingThatATerminalOrAReaderActsOnIsHarmless(int codePoint) {
        String text = new String(Character.toChars(codePoint));

        assertThat(Printable.isHarmless(codePoint)).isFalse();
        assertThat(Printable.line(text)).matches("\\\\[xu][0-9a-f]+");
        assertThat(Printable.lines(text)).matches("\\\\[xu][0-9a-f]+");
    }
}
