package dev.buildboss.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ShellQuoteTest {

    private static final List<String> NASTY = List.of(
            "",
            " ",
            "a b",
            "it's",
            "$(reboot)",
            "`id`",
            "a;b",
            "a\nb",
            "\\",
            "\"",
            "*",
            "~",
            "-n",
            "!!",
            "#x",
            "é",
            "'\\''",
            "{a,b}");

    @Test
    @Tag("process")
    void comesBackFromAShellAsItWas() throws IOException {
        for (String word : NASTY) {
            assertThat(Sshd.run(List.of("sh", "-c", "printf %s " + ShellQuote.quote(word))))
                    .isEqualTo(word);
        }
    }

    @Test
    @Tag("process")
    void survivesAScriptInsideACommand() throws IOException {
        String script = "printf '%s|' " + ShellQuote.quote(NASTY);

        assertThat(Sshd.run(List.of("sh", "-c", Scripts.command(script)))).isEqualTo(String.join("|", NASTY) + "|");
    }

    @Test
    @Tag("process")
    void fillsVariablesIntoQuotedWords() throws IOException {
        String word = ShellTemplate.variable("b") + "/it's.jar:" + ShellTemplate.variable("b") + "/x";

        assertThat(Sshd.run(List.of("sh", "-c", "b='a b'; printf %s " + ShellTemplate.quote(List.of(word)))))
                .isEqualTo("a b/it's.jar:a b/x");
    }

    @Test
    void refusesANulAndAnotherUsersHome() {
        assertThatThrownBy(() -> ShellQuote.quote("a\0b")).hasMessageContaining("NUL");
        assertThatThrownBy(() -> ShellQuote.path("~bob/x")).hasMessageContaining("another user's home");
    }

    @Test
    void expandsOnlyTheOwnHome() {
        assertThat(ShellQuote.path("~")).isEqualTo("\"$HOME\"");
        assertThat(ShellQuote.path("~/a b")).isEqualTo("\"$HOME\"/'a b'");
        assertThat(ShellQuote.path("-rf")).isEqualTo("./-rf");
    }

    @Test
    void fillsAPlaceOnceEvenIfTheValueLooksLikeOne() {
        assertThat(ShellTemplate.fill("x=@A@ y=@B@ z=@C@", Map.of("A", "@B@", "B", "$1")))
                .isEqualTo("x=@B@ y=$1 z=@C@");
    }

    @Test
    void refusesHostsAndUsersThatLookLikeOptions() {
        assertThatThrownBy(() -> SshHost.requireWord("host", "-oProxyCommand=x"))
                .hasMessageContaining("not a host");
        assertThatThrownBy(() -> SshHost.requireWord("user", "a b")).hasMessageContaining("not a user");
        assertThatThrownBy(() -> SshHost.requireWord("host", "")).hasMessageContaining("not a host");
    }
}
