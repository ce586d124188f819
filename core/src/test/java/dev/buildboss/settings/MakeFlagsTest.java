package dev.buildboss.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildbossException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MakeFlagsTest {

    private static Map<String, List<String>> expand(String... lines) {
        return MakeFlags.expand(
                ConfigFactory.parseString(String.join("\n", lines)).root());
    }

    @Test
    void followsReferencesAndTheTargetsName() {
        Map<String, List<String>> flags = expand(
                "at91-boards = \"ENABLE_AT91_TEST=1\"",
                "snapper = \"${at91-boards} NAME=${target}\"",
                "snapper9260 = \"${snapper} BUILD_TAG=442\"",
                "snapper9g45 = [\"${snapper}\", \"BUILD_TAG=443 ${target}\"]");

        assertThat(flags.get("snapper9260")).containsExactly("ENABLE_AT91_TEST=1", "NAME=snapper9260", "BUILD_TAG=442");
        assertThat(flags.get("snapper9g45"))
                .containsExactly("ENABLE_AT91_TEST=1", "NAME=snapper9g45", "BUILD_TAG=443 snapper9g45");
    }

    @Test
    void splitsTextAsAShellWouldAndTakesListsAsTheyStand() {
        Map<String, List<String>> flags = expand(
                "a = \"HOSTCC=\\\"cc -isystem /add/include\\\" HOSTLDFLAGS='-L/add/lib'  V=1\"",
                "b = [\"KCFLAGS=-Og -g\", 7]",
                "c = \"X=a\\\\ b\"");

        assertThat(flags.get("a")).containsExactly("HOSTCC=cc -isystem /add/include", "HOSTLDFLAGS=-L/add/lib", "V=1");
        assertThat(flags.get("b")).containsExactly("KCFLAGS=-Og -g", "7");
        assertThat(flags.get("c")).containsExactly("X=a b");
    }

    @Test
    void findsAReferenceInAnotherCase() {
        assertThat(expand("Common = \"A=1\"", "oak = \"${common}\"").get("oak")).containsExactly("A=1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a = \"${b}\", b = \"x ${a}\" | make-flags.a: refers to itself: a → b → a",
                "a = [\"${a}\"] | make-flags.a: refers to itself: a → a",
                "common = \"A=1\", a = \"${comon}\" | make-flags.a: ${comon}: no such name in make-flags (did you mean common?)",
                "a = \"${\", b = 1 | make-flags.a: must be make arguments without",
                "a = \"$\", b = [\"${a}{x}\"] | make-flags.a: must be make arguments without",
                "b = \"'\", a = \"${b}$(id)'\" | make-flags.a: must be make arguments without",
                "a = \"A='x\" | make-flags.a: must be make arguments (a ' is not closed)",
            })
    void refusesWhatLeadsNowhereOrToAShell(String flags, String expected) {
        assertThatThrownBy(() -> expand(flags))
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining(expected.strip());
    }

    @Test
    void boundsWhatReferencesMultiply() {
        String[] lines = new String[21];
        lines[0] = "x0 = [\"A=0123456789\"]";
        for (int i = 1; i < lines.length; i++) {
            String before = "${x" + (i - 1) + "}";
            lines[i] = "x" + i + " = [\"" + before + "\", \"" + before + before + "\"]";
        }

        assertThatThrownBy(() -> expand(lines))
                .isInstanceOf(BuildbossException.class)
                .hasMessageContaining("longer than");
    }
}
