package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A name that a program could take for an option or a shell for a command is refused in one line before anything starts. */
class HostileNamesTest {

    @TempDir
    Path temp;

    private CliFixture cli;

    @BeforeEach
    void tree() throws IOException, GitAPIException {
        cli = new CliFixture(temp);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "build --branch=--upload-pack=x | boss: ",
                "build -b --upload-pack=x | boss: ",
                "build -b $(id) | boss: ",
                "build -b work;id | boss: ",
                "build -b work --boards $(id) | boss: unknown board: $(id)",
                "build -b work --boards ../../x | boss: unknown board: ../../x",
                "build -b work $(id) | boss: no boards match: $(id)",
                "build -b work --dist --use-machines -oProxyCommand=x | boss: ",
                "build -b work --dist --machines-buildman-path -x | boss: ",
                "build -b work --board-list=-x | boss: ",
                "build -b work -o ../-x --set machines.m.host=-oProxyCommand=x --dist | boss: ",
            })
    void refusesTheCommandLine(String line, String expected) {
        assertThat(cli.run(line.split(" "))).isEqualTo(1);

        nothingStarted(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "buildboss.machines.m.host = \"-oProxyCommand=x\" | not a host: '-oProxyCommand=x'",
                "buildboss.machines.m.host = \"a b\" | not a host: 'a b'",
                "buildboss.machines.m { host = a, worker-command = [\"-x\"] } | worker-command: not a program: '-x'",
                "buildboss.machines.\"-m\".host = a | not a machine name: '-m'",
                "buildboss.machines.\"../m\".host = a | not a machine name: '../m'",
                "buildboss.build.make-flags.oak = [\"A=1;id\"] | buildboss.build.make-flags.oak: must be make arguments without",
                "buildboss.build.make-flags.oak = [\"A=$(shell id)\"] | buildboss.build.make-flags.oak: must be make arguments",
                "buildboss.build.make-flags.oak = \"A=`id`\" | buildboss.build.make-flags.oak: must be make arguments",
            })
    void refusesTheSettings(String settings, String expected) throws IOException {
        cli.userConfig(settings);

        assertThat(cli.run("build", "-b", "work", "--dist")).isEqualTo(1);

        assertThat(cli.err).contains(expected.strip()).contains("config.conf");
        nothingStarted("boss: ");
    }

    @Test
    void startsAnExistingWorkerByTheProgramThatTheUserNames() throws IOException {
        cli.userConfig("buildboss.machines.m.host = m.example");

        assertThat(cli.run("build", "-b", "work", "--dist", "--machines-buildman-path", "/opt/u boot/buildman"))
                .isZero();

        assertThat(cli.builds.used)
                .anySatisfy(machine ->
                        assertThat(machine.workerCommand()).containsExactly("/opt/u boot/buildman", "--worker"));
    }

    private void nothingStarted(String expected) {
        assertThat(cli.err).startsWith(expected.strip());
        assertThat(cli.err.lines().count()).isLessThanOrEqualTo(2);
        assertThat(cli.out).isEmpty();
        assertThat(cli.builds.request).isNull();
    }
}
