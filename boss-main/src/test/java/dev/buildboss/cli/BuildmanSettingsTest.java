package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings that a user of U-Boot's buildman has already. */
class BuildmanSettingsTest {

    @TempDir
    Path temp;

    private CliFixture cli;

    @BeforeEach
    void tree() throws IOException, GitAPIException {
        cli = new CliFixture(temp);
    }

    private Path buildman(String... lines) throws IOException {
        return Files.writeString(cli.home.resolve(".buildman"), String.join("\n", lines) + "\n");
    }

    @Test
    void buildsOnTheMachinesOfTheHomesFile() throws IOException {
        buildman("[machines]", "moa = me@moa.example", "kea", "[machine:kea]", "max_boards = 3");

        assertThat(cli.run("build", "-b", "work", "--dist")).isZero();

        assertThat(cli.builds.used).extracting(Machine::name).containsExactly("local", "kea", "moa");
        assertThat(cli.builds.used.get(1).maxBoards()).isEqualTo(3);
    }

    @Test
    void readsAnotherFileInItsPlace() throws IOException {
        buildman("[machines]", "moa");
        Files.writeString(cli.tree.resolve("other"), "[machines]\nkea\n");

        assertThat(cli.run("-G", "other", "build", "-b", "work", "--dist")).isZero();
        assertThat(cli.builds.used).extracting(Machine::name).containsExactly("local", "kea");
        assertThat(cli.run("build", "-b", "work", "--dist", "--config-file", "/dev/null"))
                .isZero();
        assertThat(cli.builds.used).extracting(Machine::name).containsExactly("local");
        assertThat(cli.run("build", "-b", "work", "-G", "none")).isEqualTo(1);
        assertThat(cli.err).isEqualTo("boss: " + cli.tree.resolve("none") + ": no such file\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "multiple        | build -b work                         | true",
                "multiple        | build -b work oak                     | false",
                "branch          | build oak                             | false",
                "branch          | build -b work oak                     | true",
                "multiple branch | build                                 | true",
                "multiple branch | build oak                             | false",
                "always          | build oak                             | true",
                "always          | build --no-allow-missing              | false",
                "multiple        | build -M --no-allow-missing -b work   | false",
                "branch          | build -M oak                          | true",
            })
    void resolvesAllowMissing(String value, String line, boolean expected) throws IOException {
        buildman("[global]", "allow-missing = " + value);

        assertThat(cli.run(line.strip().split("\\s+", -1))).isZero();

        assertThat(Objects.requireNonNull(cli.builds.request).options().allowMissing())
                .isEqualTo(expected);
    }

    @Test
    void refusesAPrefixThatIsNotThereWhereThisComputerBuilds() throws IOException {
        Path gcc = Files.createDirectories(cli.home.resolve("bin")).resolve("arm-linux-gcc");
        Files.createFile(gcc);
        Path file = buildman("[machines]", "moa", "[toolchain-prefix]", "arm = ~/bin/arm-linx-");

        assertThat(cli.run("build", "-b", "work")).isEqualTo(1);
        assertThat(cli.err)
                .isEqualTo("boss: " + file + ":4: buildboss.toolchains.prefixes.arm: no such compiler: "
                        + cli.home.resolve("bin/arm-linx-gcc") + " (did you mean "
                        + cli.home.resolve("bin/arm-linux-") + "?)\n");
        assertThat(cli.builds.request).isNull();

        assertThat(cli.run("build", "-b", "work", "--set", "toolchains.prefixes.arm=~/bin/arm-linux-"))
                .isEqualTo(1);
        assertThat(cli.err).startsWith("boss: --set: buildboss.toolchains.prefixes.arm: cannot be run: " + gcc);
        assertThat(cli.run("build", "-b", "work", "--set", "toolchains.prefixes.arm=arm-linux-"))
                .isEqualTo(1);
        assertThat(cli.err).contains("must begin with / or ~/, not arm-linux-");

        assertThat(gcc.toFile().setExecutable(true)).isTrue();
        assertThat(cli.run("build", "-b", "work", "--set", "toolchains.prefixes.arm=~/bin/arm-linux-"))
                .isZero();
        assertThat(cli.run("build", "-b", "work", "--dist", "--no-local")).isZero();
    }

    @Test
    void refusesAWrongFileInOneLine() throws IOException {
        Path file = buildman("[machines]", "moa", "[machine:mao]", "max_boards = 2");

        assertThat(cli.run("build", "-b", "work", "--dist")).isEqualTo(1);

        assertThat(cli.err)
                .isEqualTo("boss: " + file + ":3: [machine:mao]: no such machine in [machines] (did you mean moa?)\n");
    }

    @Test
    void takesMachinesByTheirTags() throws IOException {
        cli.userConfig("buildboss.machines { kea { tags = [lab, fast] }, moa { tags = [lab] }, tui { } }");

        assertThat(cli.run("build", "-b", "work", "--no-local", "--use-machines", "tag:lab, kea"))
                .isZero();
        assertThat(cli.builds.used).extracting(Machine::name).containsExactly("kea", "moa");
        assertThat(cli.run("build", "-b", "work", "--use-machines", "tui,tag:fast"))
                .isZero();
        assertThat(cli.builds.used).extracting(Machine::name).containsExactly("local", "tui", "kea");
        assertThat(cli.run("build", "-b", "work", "--use-machines", "tag:labb")).isEqualTo(1);
        assertThat(cli.err).isEqualTo("boss: unknown tag of machines: labb (did you mean lab?)\n");
    }

    @Test
    void importsIntoTheUsersOwnFile() throws IOException {
        Path file = buildman("[toolchain]", "# of old", "root: /", "[machines]", "moa = me@moa");
        Path config = cli.home.resolve(".config/buildboss/config.conf");

        assertThat(cli.run("config", "import", "-o", config.toString())).isZero();
        assertThat(cli.err).isEqualTo("wrote " + config + "\n");
        cli.run("config", "show", "toolchains.paths", "moa.host", "-G", "/dev/null");
        assertThat(cli.out.lines().map(line -> line.replaceAll("\\s{2,}", "|")))
                .containsExactly(
                        "buildboss.machines.moa.host|\"me@moa\"|" + config + ":7",
                        "buildboss.toolchains.paths|[\"/\"]|" + config + ":14");

        assertThat(cli.run("config", "import", file.toString())).isZero();
        assertThat(cli.out).isEqualTo(Files.readString(config)).contains("# of old");
        assertThat(cli.run("config", "import", "-o", config.toString())).isEqualTo(1);
        assertThat(cli.err).startsWith("boss: " + config + ": is there already");
        Files.delete(file);
        assertThat(cli.run("config", "import")).isEqualTo(1);
        assertThat(cli.err).isEqualTo("boss: " + file + ": no such file\n");
    }
}
