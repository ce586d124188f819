package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class BuildEnvironmentTest {
    @Test
    void speaksCEvenIfAMakefileUnsetsLcAll() {
        Map<String, String> environment = BuildEnvironment.sameEverywhere(Map.of(
                "LANG", "de_DE.UTF-8", "LC_CTYPE", "C.UTF-8", "LC_MESSAGES", "fr_FR", "LANGUAGE", "de", "LC_ALL", "x"));

        assertThat(environment)
                .containsEntry("LC_ALL", "C")
                .containsEntry("LANG", "C")
                .doesNotContainKeys("LC_CTYPE", "LC_MESSAGES", "LANGUAGE");
    }

    @Test
    void keepsTheCallersVariablesButForeignJobserversAndGitSettings() {
        Map<String, String> environment = BuildEnvironment.sameEverywhere(Map.of(
                "PATH",
                "/bin",
                "A",
                "b",
                "MAKEFLAGS",
                "--jobserver-auth=3,4",
                "MAKELEVEL",
                "1",
                "GIT_DIR",
                "/elsewhere"));

        assertThat(environment)
                .containsEntry("PATH", "/bin")
                .containsEntry("A", "b")
                .containsEntry("GIT_CONFIG_KEY_0", "core.abbrev")
                .doesNotContainKeys("MAKEFLAGS", "MAKELEVEL", "GIT_DIR");
    }

    @Test
    void takesNoArchitectureFromADevelopersShell() {
        Map<String, String> environment = BuildEnvironment.sameEverywhere(
                Map.of("ARCH", "arm", "SUBARCH", "arm", "KBUILD_OUTPUT", "/elsewhere", "KCONFIG_CONFIG", "other"));

        assertThat(environment).doesNotContainKeys("ARCH", "SUBARCH", "KBUILD_OUTPUT", "KCONFIG_CONFIG");
    }
}
