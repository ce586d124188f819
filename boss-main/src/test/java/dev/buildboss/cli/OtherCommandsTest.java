package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.ConsoleAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buildboss.history.Build;
import dev.buildboss.history.History;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtherCommandsTest {

    @TempDir
    Path temp;

    private CliFixture cli;

    @BeforeEach
    void setUp() throws Exception {
        cli = new CliFixture(temp);
    }

    @Test
    void listsChosenBoards() {
        assertThat(cli.run("boards", "arm")).isZero();
        assertThat(cli.out).isEqualTo("oak  arm  -  -  -\n");
        assertThat(cli.err).isEqualTo("1 board (configs/*_defconfig)\n");
    }

    @Test
    void readsAListOfTheUsersOwn() throws Exception {
        Files.writeString(cli.tree.resolve("my.cfg"), "Active powerpc - - acme p2020 p2020 - -\n");

        cli.run("boards", "--board-list", "my.cfg", "acme");

        assertThat(cli.out).isEqualTo("p2020  powerpc  -  acme  -\n");
    }

    @Test
    void showsWhereSettingsComeFrom() throws Exception {
        cli.userConfig("buildboss.local.slots = 3\n");
        Files.writeString(cli.tree.resolve(".buildboss.conf"), "buildboss.build.no-lto = true\n");

        assertThat(cli.run("config", "show", "--set", "local.jobs=2")).isZero();

        assertThat(cli.out.lines().map(l -> l.replaceAll("\\s{2,}", "|")))
                .contains(
                        "buildboss.local.slots|3|" + cli.home.resolve(".config/buildboss/config.conf") + ":1",
                        "buildboss.build.no-lto|true|" + cli.tree.resolve(".buildboss.conf") + ":1",
                        "buildboss.local.jobs|2|--set",
                        "buildboss.local.enabled|true|default");
    }

    @Test
    void showsSettingsAsJson() throws Exception {
        cli.run("--json", "config", "show", "local.enabled");

        JsonNode entry = new ObjectMapper().readTree(cli.out);
        assertThat(entry.get("key").asText()).isEqualTo("buildboss.local.enabled");
        assertThat(entry.get("origin").asText()).isEqualTo("default");
    }

    @Test
    void namesThePlaceOfAWrongSetting() throws Exception {
        cli.userConfig("buildboss {\n  prob.max-load = 2\n}\n");

        assertThat(cli.run("config", "show")).isEqualTo(1);
        assertThat(cli.err)
                .isEqualTo("boss: " + cli.home.resolve(".config/buildboss/config.conf")
                        + ":2: buildboss.prob: no such setting (did you mean buildboss.probe?)\n");
    }

    @Test
    void completesCommandsAndOptions() {
        assertThat(cli.run("completion")).isZero();
        assertThat(cli.out).contains("complete -F").contains("--use-machines");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "build --help",
                "machines -h",
                "machines watch -h",
                "machines doctor -h",
                "demo -h",
                "boards -h",
                "config show -h",
                "config import -h",
                "workers list -h",
                "workers kill -h",
                "completion -h"
            })
    void explainsEachCommand(String line) {
        assertThat(cli.run(line.split(" "))).isZero();
        assertThat(cli.out).startsWith(line.startsWith("-") ? "Builds" : "").contains("Usage: boss");
        assertThat(cli.out.lines()).allSatisfy(text -> assertThat(text.length()).isLessThan(130));
    }

    @Test
    void tellsItsVersion() {
        assertThat(cli.run("--version")).isZero();
        assertThat(cli.out).startsWith("Buildboss ");
    }

    @Test
    void simulatesWhatWasReallyBuiltOnTheMachinesThatBuiltIt() {
        Path file = temp.resolve("recorded.db");
        try (History history = History.open(file)) {
            for (int i = 0; i < 6; i++) {
                String hash = String.format("%040x", i % 2);
                String machine = i < 3 ? "fast" : "slow";
                history.add(List.of(
                        new Build("b" + i / 2, "arm", hash, machine, i % 2 == 0, 30, 1, 100 + i, i < 3 ? 8 : 2, 0, 0)));
            }
        }

        assertThat(cli.run("simulate", "--history", file.toString(), "--runs", "2"))
                .isZero();
        assertThat(cli.out).startsWith("3 boards x 2 commits on 8x").contains("ours ", "existing ");
        assertThat(cli.run("simulate", "--history", file.toString(), "--boards", "1", "--fleet", "4", "--runs", "1"))
                .isZero();
        assertThat(cli.out).startsWith("1 boards x 2 commits on 4x1.0");
        assertThat(cli.run("simulate", "--history", "none.db")).isEqualTo(1);
        assertThat(cli.err).contains("none.db: no such file");
    }

    @Test
    void knowsEachCommandOfTheHelpByItselfAndAfterOptions() {
        cli.run("--help");
        List<String> commands = cli.out
                .lines()
                .dropWhile(line -> !line.equals("Commands:"))
                .skip(1)
                .takeWhile(line -> line.startsWith("  "))
                .filter(line -> !line.startsWith("   "))
                .map(line -> line.strip().split(" ")[0])
                .toList();

        assertThat(commands).contains("build", "plan", "summary", "fleet", "completion");
        for (String command : commands) {
            assertThat(cli.run(command, "--help")).as(command).isZero();
            assertThat(cli.out).contains("Usage: boss " + command);
            assertThat(cli.run("--json", command, "--help")).as(command).isZero();
            assertThat(cli.out).contains("Usage: boss " + command);
        }
    }

    @Test
    void completesAllCommands() {
        assertThat(cli.run("completion")).isZero();
        assertThat(cli.out).contains("function _picocli_boss_summary()", "function _picocli_boss_build()");
    }

    @Test
    void logsWarningsToStandardError() {
        LoggerContext context = new LoggerContext();

        BossLogging logging = new BossLogging();
        logging.setContext(context);

        assertThat(logging.configure(context)).isEqualTo(Configurator.ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        assertThat(root.getLevel()).isEqualTo(Level.WARN);
        assertThat(root.iteratorForAppenders())
                .toIterable()
                .singleElement()
                .isInstanceOfSatisfying(
                        ConsoleAppender.class,
                        appender -> assertThat(appender.getTarget()).isEqualTo("System.err"));
        assertThat(ServiceLoader.load(Configurator.class)).hasAtLeastOneElementOfType(BossLogging.class);
    }
}
