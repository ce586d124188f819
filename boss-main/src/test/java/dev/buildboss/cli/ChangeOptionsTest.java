package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRequest.Rebuild;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildChanges.BuildPlace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command line says of how boards are built, and which boards there are. */
class ChangeOptionsTest {

    @TempDir
    Path temp;

    private CliFixture cli;

    @BeforeEach
    void setUp() throws Exception {
        cli = new CliFixture(temp);
        Files.writeString(cli.tree.resolve("configs/acpi.config"), "CONFIG_ACPI=y\n");
        Files.writeString(cli.tree.resolve("configs/more.config"), "CONFIG_MORE=y\n");
    }

    private BuildRequest request() {
        return Objects.requireNonNull(cli.builds.request);
    }

    private List<String> targets() {
        return request().boards().stream().map(Board::target).toList();
    }

    @Test
    void givesEachOptionItsMeaning() {
        int status = cli.run(
                "build",
                "elm",
                "-a",
                "FOO",
                "-a",
                "~BAR",
                "-a",
                "S=\"a, b\"",
                "--fragments",
                "acpi,more.config",
                "--target",
                "tools",
                "--dtc-skip",
                "-P",
                "-Q",
                "-i",
                "-O",
                "clang-14",
                "-p");

        assertThat(status).as(cli.err).isZero();
        assertThat(request().options().changes())
                .isEqualTo(new BuildChanges(
                        List.of("FOO", "~BAR", "S=\"a, b\""),
                        List.of("acpi", "more.config"),
                        "tools",
                        true,
                        true,
                        true,
                        true,
                        true,
                        "clang-14",
                        Optional.empty()));
    }

    @Test
    void refusesAFragmentThatIsNotThereAndOnlyNotesItOfAnotherTree() {
        assertThat(cli.run("build", "elm", "--fragments", "acpy")).isEqualTo(1);
        assertThat(cli.err)
                .startsWith(
                        "boss: --fragments: there is no acpy.config in " + cli.tree + " (did you mean acpi.config?)");
        assertThat(cli.run("build", "elm", "-b", "work", "--fragments", "acpy")).isZero();
        assertThat(cli.out).contains("--fragments: there is no acpy.config in ");
    }

    @Test
    void refusesWhatARecipeCannotFollowByName() {
        assertThat(cli.run("build", "--recipe", "command", "-a", "FOO", "--target", "x"))
                .isEqualTo(1);
        assertThat(cli.err).startsWith("boss: the recipe command can't follow -a, --target");
        assertThat(cli.run("build", "--recipe", "kbuild", "-O", "clang")).isEqualTo(1);
        assertThat(cli.err).startsWith("boss: the recipe kbuild can't follow -O");
    }

    @Test
    void takesThemFromTheSettingsToo() throws Exception {
        cli.userConfig(
                "buildboss { build { adjust-cfg = [\"FOO\"], per-board-out-dir = true }, toolchains.full-path = true }");

        cli.run("build", "elm", "-a", "BAR");

        BuildChanges changes = request().options().changes();
        assertThat(changes.adjust()).as("an option replaces the setting").containsExactly("BAR");
        assertThat(changes.perBoardOutput()).isTrue();
        assertThat(changes.fullPath()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "build elm -a FOO-BAR | boss: not a change of a Kconfig option: 'FOO-BAR' (FOO turns it on",
                "build elm --fragments ../x | boss: not a configuration fragment: '../x'",
                "build elm --target a:b | boss: not something to make: 'a:b'",
                "build elm -w | boss: -w builds in the directory of -o: name it with -o DIR",
                "build -w -o ../o | boss: -w builds one board at one commit, not 2 boards at 1 commits",
                "build elm -b work -w -o ../o | boss: -w builds one board at one commit, not 1 boards at 3 commits",
                "build elm -b work -c 1 -w -i | boss: -w -i builds in your own tree, as it stands: leave -b away",
                "build elm -w -o ../o --dist | boss: -w builds in a directory of this computer: leave --dist away",
                "build -X --boards acpi,elmm | boss: unknown board: acpi",
            })
    void refusesInOneLine(String line, String expected) throws Exception {
        cli.userConfig("buildboss.machines.m { }");

        assertThat(cli.run(line.split(" "))).isEqualTo(1);

        assertThat(cli.err).contains(expected.strip());
        assertThat(cli.builds.request).isNull();
    }

    @Test
    void buildsOneBoardInADirectoryOrInTheUsersTree() {
        assertThat(cli.run("build", "elm", "-w", "-o", "../o")).as(cli.err).isZero();
        assertThat(request().options().changes().place())
                .contains(new BuildPlace(
                        Optional.of(cli.tree.toString()), temp.resolve("src/o").toString()));
        assertThat(request().outputDir()).isEqualTo(temp.resolve("src/o/current"));
        assertThat(request().rebuild()).isEqualTo(Rebuild.ALL);

        cli.run("build", "elm", "-b", "work", "-c", "1", "-w", "-o", "../o");
        assertThat(request().options().changes().place())
                .as("another commit than what is checked out")
                .contains(new BuildPlace(Optional.empty(), temp.resolve("src/o").toString()));

        cli.run("build", "elm", "-wi");
        assertThat(request().options().changes().place())
                .contains(new BuildPlace(Optional.of(cli.tree.toString()), cli.tree.toString()));
    }

    @Test
    void addsExtendedBoardsWhereTheUserWantsThem() throws Exception {
        Files.writeString(
                cli.tree.resolve("configs/x.buildman"), "name: acpi\nfragment: acpi\ntargets:\n  elm\n  zzz*\n");

        cli.run("build", "elm");
        assertThat(targets()).containsExactly("elm");
        cli.run("build", "-X", "acpi");
        assertThat(targets()).containsExactly("acpi,elm");
        cli.run("build", "-X", "--boards", "oak, acpi,elm", "--boards", "elm");
        assertThat(targets()).containsExactly("acpi,elm", "elm", "oak");

        assertThat(cli.run("boards", "-X", "acpi", "--json")).isZero();
        assertThat(cli.out).contains("\"base\":\"elm\",\"fragments\":[\"acpi.config\"]");
    }

    @Test
    void saysWhichUpstreamItGuessed() throws Exception {
        Files.writeString(
                cli.tree.resolve(".git/refs/heads/topic"), Files.readString(cli.tree.resolve(".git/refs/heads/work")));

        cli.run("build", "elm", "-b", "topic");

        assertThat(request().commits()).hasSize(3);
        assertThat(cli.out).contains("branch topic has no upstream: guessed main");
    }

    @Test
    void writesTheListOfBoards() throws Exception {
        assertThat(cli.run("boards", "-R", "../boards.cfg")).isZero();
        assertThat(temp.resolve("src/boards.cfg"))
                .content()
                .contains("Active   arm ")
                .contains(" oak ");
        assertThat(cli.run("boards", "-R", "../none/boards.cfg")).isEqualTo(1);
        assertThat(cli.err).contains("none/boards.cfg: cannot be written");
    }
}
