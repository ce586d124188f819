package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command refuses; what it does is in {@code MachineCleanerTest} and {@code BareMachineTest}. */
class CleanCommandTest {

    @TempDir
    Path dir;

    private CliFixture cli;

    @BeforeEach
    void fixture() throws Exception {
        cli = new CliFixture(dir);
    }

    @Test
    void takesOneAgeOnly() {
        assertThat(cli.run("clean", "--all", "--older-than", "7d")).isEqualTo(1);
        assertThat(cli.err).isEqualTo("boss: --all and --older-than: one of them\n");
    }

    @Test
    void namesAWrongAgeByItsOption() {
        assertThat(cli.run("clean", "--older-than", "often")).isEqualTo(1);
        assertThat(cli.err).contains("--older-than").contains("a duration with its unit");
    }

    @Test
    void refusesMachinesThatAreNotThere() throws Exception {
        assertThat(cli.run("clean", "--machines")).isEqualTo(1);
        assertThat(cli.err).contains("No machines configured");

        cli.userConfig("buildboss.machines { fast { host = f } }\n");
        assertThat(cli.run("clean", "--machines=fats")).isEqualTo(1);
        assertThat(cli.err).contains("unknown machine: fats").contains("fast");
    }
}
