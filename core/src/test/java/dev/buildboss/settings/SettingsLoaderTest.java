package dev.buildboss.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.BuildbossException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {

    @TempDir
    Path dir;

    private Path file(String name, String... lines) throws IOException {
        return Files.writeString(dir.resolve(name), String.join("\n", lines) + "\n");
    }

    private static String originOf(SettingsLoader.Loaded loaded, String key) {
        return loaded.entries().stream()
                .filter(e -> e.key().equals(key))
                .findFirst()
                .orElseThrow()
                .origin();
    }

    @Test
    void knowsARuleOnlyForSettingsThatAreDocumented() {
        SettingsSchema schema = new SettingsSchema(SettingsSchema.reference());

        assertThat(schema.rulesWithoutSetting()).isEmpty();
    }

    @Test
    void acceptsItsOwnDefaults() {
        new SettingsCheck(new SettingsSchema(SettingsSchema.reference())).check(SettingsSchema.reference());

        assertThat(new SettingsLoader().load().settings()).isEqualTo(Settings.defaults());
    }

    @Test
    void strongerPlacesWin() throws IOException {
        Path user = file("user.conf", "buildboss.local { slots = 1, jobs = 1 }", "buildboss.build.no-lto = true");
        Path project = file(".buildboss.conf", "buildboss.build { no-lto = false, reproducible = true }");
        Path given = file("given.conf", "buildboss.local { slots = 2, jobs = 2 }");

        SettingsLoader.Loaded loaded = new SettingsLoader()
                .userFile(user)
                .projectFile(project)
                .configFile(given)
                .systemProperties(Map.of("buildboss.local.jobs", "3", "user.name", "x"))
                .set("local.slots=4")
                .load();

        assertThat(loaded.settings().local()).isEqualTo(new Settings.Local(true, 4, 3));
        assertThat(loaded.settings().build().noLto()).isFalse();
        assertThat(originOf(loaded, "buildboss.local.slots")).isEqualTo("--set");
        assertThat(originOf(loaded, "buildboss.local.jobs")).isEqualTo("-Dbuildboss.local.jobs");
        assertThat(originOf(loaded, "buildboss.build.reproducible")).isEqualTo(project + ":1");
        assertThat(originOf(loaded, "buildboss.probe.max-load")).isEqualTo("default");
    }

    @Test
    void lastOptionOfTheCommandLineWins() {
        Settings settings = new SettingsLoader()
                .set("local.slots", "3", "-T")
                .set("local.slots=5")
                .load()
                .settings();

        assertThat(settings.local().slots()).isEqualTo(5);
    }

    @Test
    void namesThePlaceAndTheNearestSettingOfAWrongKey() throws IOException {
        Path file = file("config.conf", "buildboss {", "  local.slots = 2", "  prob.max-load = 2", "}");

        assertThatThrownBy(() -> new SettingsLoader().userFile(file).load())
                .isInstanceOf(BuildbossException.class)
                .hasMessage(file + ":3: buildboss.prob: no such setting (did you mean buildboss.probe?)");
    }

    @Test
    void namesTheNearestSettingOfAMachine() throws IOException {
        Path file = file("config.conf", "buildboss.machines.fast { max-bords = 2 }");

        assertThatThrownBy(() -> new SettingsLoader().userFile(file).load())
                .hasMessage(
                        file
                                + ":1: buildboss.machines.fast.max-bords: no such setting (did you mean buildboss.machines.fast.max-boards?)");
    }

    @ParameterizedTest
    @CsvSource({
        "ssh.transport, telnet, 'must be one of jsch, ssh, not \"telnet\"'",
        "local.slots, -1, 'must be a whole number from 0 to 4096, not -1'",
        "local.slots, many, 'must be a whole number from 0 to 4096, not \"many\"'",
        "local.enabled, perhaps, 'must be true or false, not \"perhaps\"'",
        "probe.timeout, 20, 'must be a duration with its unit'",
        "boss.board-limit, 9 days, 'from 1 s to 168 h'",
        "protocol.chunk, 9 GiB, 'must be a size with its unit'",
        "probe.max-load, x, 'must be a number from 0.0 to 1000.0'",
    })
    void refusesValuesThatASettingCannotHave(String key, String value, String expected) {
        assertThatThrownBy(() -> new SettingsLoader().set(key, value, "--set").load())
                .hasMessageStartingWith("--set: buildboss." + key + ": ")
                .hasMessageContaining(expected);
    }

    @Test
    void takesTextOfTheCommandLineAsItStands() {
        Settings settings = new SettingsLoader()
                .set("machines.fast.host=me@fast.example")
                .set("use-machines=fast, old")
                .set("boss.quit-timeout=3 s")
                .load()
                .settings();

        assertThat(settings.machines().get("fast").host()).isEqualTo("me@fast.example");
        assertThat(settings.useMachines()).containsExactly("fast", "old");
        assertThat(settings.boss().quitTimeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void keepsOpenMapsOpen() throws IOException {
        Path file = file(
                "config.conf",
                "buildboss.toolchains { prefixes { arm = \"/opt/arm-\" }, aliases { x86 = i386, xyz = [a, b] } }",
                "buildboss.recipes.kernel.target = \"all\"",
                "buildboss.build.make-flags.rpi = [\"A=1\"]");

        Settings settings = new SettingsLoader().userFile(file).load().settings();

        assertThat(settings.toolchains().prefixes()).containsEntry("arm", "/opt/arm-");
        assertThat(settings.toolchains().aliases()).containsEntry("x86", java.util.List.of("i386"));
        assertThat(settings.makeFlags()).containsEntry("rpi", java.util.List.of("A=1"));
    }

    @Test
    void aProjectMaySetOnlyHowItIsBuilt() throws IOException {
        Path file = file(".buildboss.conf", "buildboss.build.no-lto = true", "buildboss.machines.evil.host = evil");

        assertThatThrownBy(() -> new SettingsLoader().projectFile(file).load())
                .hasMessage(file
                        + ":2: buildboss.machines: a project's file may not set this (only build, recipe and recipes)");
    }

    @Test
    void aProjectMayNameBoardsForCommandsButNoCommands() throws IOException {
        Path boards = file(".buildboss.conf", "buildboss { recipe = command, recipes.command.boards.a.args = [x] }");
        assertThat(new SettingsLoader().projectFile(boards).load().settings().recipeSettings())
                .containsEntry("boards.a.args", "[\"x\"]");

        Path commands = file(".buildboss.conf", "buildboss.recipes.command {", "  build = [evil]", "}");
        assertThatThrownBy(() -> new SettingsLoader().projectFile(commands).load())
                .hasMessage(commands + ":2: buildboss.recipes.command.build: a project's file may not set commands,"
                        + " only their boards");
    }

    @Test
    void refusesACommandThatIsNoListOfArguments() throws IOException {
        Path file = file("my.conf", "buildboss.recipes.command.build = \"make all\"");
        assertThatThrownBy(() -> new SettingsLoader().userFile(file).load())
                .hasMessageContaining("my.conf:1: buildboss.recipes.command.build: must be a command such as");
    }

    @Test
    void aProjectSeesNoEnvironment() throws IOException {
        Path file = file(".buildboss.conf", "buildboss.recipes.u-boot.x = ${PATH}");

        assertThatThrownBy(() -> new SettingsLoader().projectFile(file).load())
                .isInstanceOf(BuildbossException.class)
                .hasMessageStartingWith(file + ":1: ");
    }

    @Test
    void includesFilesButNothingFromTheNetwork() throws IOException {
        file("more.conf", "buildboss.local.slots = 7");
        Path good = file("good.conf", "include \"more.conf\"");
        Path bad = file("bad.conf", "include url(\"http://localhost:1/x.conf\")");
        Path project = file(".buildboss.conf", "include \"more.conf\"");

        assertThat(new SettingsLoader().userFile(good).load().settings().local().slots())
                .isEqualTo(7);
        assertThatThrownBy(() -> new SettingsLoader().userFile(bad).load())
                .hasMessageContaining("http://localhost:1/x.conf refused");
        assertThatThrownBy(() -> new SettingsLoader().projectFile(project).load())
                .hasMessageContaining("this file includes nothing");
    }

    @Test
    void namesThePlaceOfASyntaxError() throws IOException {
        Path file = file("config.conf", "buildboss {", "  local.slots = = 2", "}");

        assertThatThrownBy(() -> new SettingsLoader().userFile(file).load())
                .isInstanceOf(BuildbossException.class)
                .hasMessageStartingWith(file + ":2: ");
    }

    @Test
    void refusesSettingsOutsideTheirSection() throws IOException {
        Path file = file("config.conf", "machines { }");

        assertThatThrownBy(() -> new SettingsLoader().userFile(file).load())
                .hasMessage(file + ":1: machines: no such setting (settings are in buildboss { … })");
    }

    @Test
    void refusesMachinesThatCouldBeTakenForOptionsOrForThisComputer() throws IOException {
        Path option = file("a.conf", "buildboss.machines.fast.host = \"-oProxyCommand=x\"");
        Path local = file("b.conf", "buildboss.machines.local.host = there");

        assertThatThrownBy(() -> new SettingsLoader().userFile(option).load())
                .hasMessage(option + ":1: machine fast: not a host: '-oProxyCommand=x'");
        assertThatThrownBy(() -> new SettingsLoader().userFile(local).load())
                .hasMessage(local + ":1: machine local: that name is this computer's own");
    }

    @Test
    void refusesAConfigFileThatIsNotThere() {
        assertThatThrownBy(() -> new SettingsLoader()
                        .configFile(dir.resolve("none.conf"))
                        .load())
                .hasMessage("--config " + dir.resolve("none.conf") + ": no such file");
    }
}
