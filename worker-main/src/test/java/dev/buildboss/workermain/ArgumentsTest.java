package dev.buildboss.workermain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

    @Test
    void readsAllArguments() {
        Arguments arguments = Arguments.parse(
                "-g", "/w", "-D", "--repo", "/r.git", "--threads", "3", "--set", "buildboss.worker.git-timeout=2 m");
        assertThat(arguments.directory()).isEqualTo(Path.of("/w"));
        assertThat(arguments.repository()).contains(Path.of("/r.git"));
        assertThat(arguments.threads()).isEqualTo(OptionalInt.of(3));
        assertThat(arguments.debug()).isTrue();
        assertThat(arguments.settings()).containsExactly("buildboss.worker.git-timeout = \"2 m\"");
    }

    @Test
    void keepsListsAsTheyAre() {
        assertThat(Arguments.parse("--set", "buildboss.toolchains.paths=[\"/a b\"]")
                        .settings())
                .containsExactly("buildboss.toolchains.paths = [\"/a b\"]");
    }

    @Test
    void namesTheArgumentThatIsWrong() {
        assertThatThrownBy(() -> Arguments.parse("--nope")).hasMessageContaining("--nope");
        assertThatThrownBy(() -> Arguments.parse("-g")).hasMessage("-g needs a value");
        assertThatThrownBy(() -> Arguments.parse("--threads", "0")).hasMessageContaining("--threads");
        assertThatThrownBy(() -> Arguments.parse("--set", "x")).hasMessageContaining("KEY=VALUE");
    }
}
