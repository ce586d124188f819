package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetCommandTest {

    @TempDir
    Path temp = Path.of("");

    @SuppressWarnings("NullAway.Init") // by fixture()
    private CliFixture cli;

    @BeforeEach
    void fixture() throws Exception {
        cli = new CliFixture(temp);
    }

    @Test
    void saysWhereThereIsNoFleetAndHowToHaveOne() {
        assertThat(cli.run("fleet", "status")).isZero();
        assertThat(cli.err).isEqualTo("no fleet in " + cli.home + "/.local/state/buildboss/fleet (boss fleet up)\n");
        assertThat(cli.run("fleet", "down", "--dir", "elsewhere")).isZero();
        assertThat(cli.out).isEqualTo("0 machines ended in " + cli.tree + "/elsewhere\n");
    }

    @Test
    void refusesMachinesThatCanNotBe() {
        assertThat(cli.run("fleet", "up", "0")).isEqualTo(1);
        assertThat(cli.err).contains("N: must be 1 or more");
        assertThat(cli.run("fleet", "up", "--cores", "8,0")).isEqualTo(1);
        assertThat(cli.err).contains("--cores, --speeds: machine m2: 0 cores");
        assertThat(cli.run("fleet", "up", "--speeds", "1.0,-1")).isEqualTo(1);
        assertThat(cli.err).contains("machine m2: 4 cores, speed -1.0");
        assertThat(cli.run("fleet", "up", "--boards", "0")).isEqualTo(1);
        assertThat(cli.err).contains("--boards, --commits and --seconds: must be more than 0");
        assertThat(cli.run("fleet", "up", "100")).isEqualTo(1);
        assertThat(cli.err).contains("at most 99 machines");
        assertThat(cli.run("fleet")).isEqualTo(1);
        assertThat(cli.err).contains("a command is missing: up, down, status");
    }
}
