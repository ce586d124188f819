package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.bitbake.BitbakeRecipe;
import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.Built;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BitbakeCommandTest {

    @TempDir
    private Path temp;

    private CliFixture cli;
    private Path build;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void makeTree() throws Exception {
        cli = new CliFixture(temp);
        build = cli.tree.resolve("build");
        Files.createDirectories(build.resolve("conf"));
        Files.createDirectories(cli.tree.resolve("meta/conf/machine"));
        Files.writeString(cli.tree.resolve("meta/conf/machine/qemuarm.conf"), "");
        Files.writeString(cli.tree.resolve("meta/conf/machine/qemux86.conf"), "");
        Files.writeString(build.resolve("conf/bblayers.conf"), "BBLAYERS = \"${TOPDIR}/../meta\"\n");
        Files.writeString(cli.tree.resolve(".gitignore"), "build*/\n");
        Path bin = Files.createDirectories(temp.resolve("bin"));
        Files.writeString(bin.resolve("bitbake"), "#!/bin/sh\n");
        assertThat(bin.resolve("bitbake").toFile().setExecutable(true)).isTrue();
        environment.put("BUILDDIR", build.toString());
        environment.put("PATH", bin.toString());
        cli.environment = environment;
    }

    private String refusal(String... arguments) {
        assertThat(cli.run(arguments)).as(cli.out + cli.err).isEqualTo(1);
        return cli.err;
    }

    @Test
    void saysHowToSetTheShellUp() {
        environment.remove("BUILDDIR");
        assertThat(refusal("bitbake", "--machines", "qemux86", "busybox"))
                .isEqualTo("boss: BUILDDIR is not set: run '. oe-init-build-env' in this shell first\n");
        environment.put("BUILDDIR", "/nowhere");
        assertThat(refusal("bitbake", "--machines", "qemux86", "busybox"))
                .contains("BUILDDIR /nowhere has no conf/: run '. oe-init-build-env'");
        environment.put("BUILDDIR", build.toString());
        environment.put("PATH", "/nowhere");
        assertThat(refusal("bitbake", "--machines", "qemux86", "busybox"))
                .isEqualTo("boss: there is no bitbake in PATH: run '. oe-init-build-env' in this shell first\n");
    }

    @Test
    void namesTheMachineThatNoLayerHas() {
        assertThat(refusal("bitbake", "--machines", "qemux86,qemuram", "busybox"))
                .contains(
                        "no layer has conf/machine/qemuram.conf (did you mean qemuarm?); the layers are those of BBLAYERS"
                                + " in " + build.resolve("conf/bblayers.conf"));
    }

    @Test
    void refusesWhatIsNoMachineOrNamedTwiceOrNotAtAll() {
        assertThat(refusal("bitbake", "busybox")).contains("no MACHINE to build for: name them with --machines a,b,c");
        assertThat(refusal("bitbake", "-m", "qemux86,../x", "busybox")).contains("--machines: not a MACHINE: '../x'");
        assertThat(refusal("bitbake", "-m", "qemux86,qemux86", "busybox")).contains("qemux86 is named twice");
        assertThat(refusal("bitbake", "-m", "qemux86")).contains("RECIPE");
        assertThat(refusal("bitbake", "-m", "qemux86", "a b")).contains("not a recipe: 'a b'");
        assertThat(refusal("build", "--recipe", "bitbake"))
                .contains("buildboss.recipes.bitbake.run: is for boss bitbake to fill in; build with it: boss bitbake");
    }

    @Test
    void theFirstMachineStaysHere() throws Exception {
        cli.userConfig("buildboss.machines { far { host = far } }");
        assertThat(refusal("bitbake", "-m", "qemux86", "--dist", "--no-local", "busybox"))
                .contains(
                        "qemux86, the first MACHINE, is built in BUILDDIR, which is on this computer: leave --no-local");
        assertThat(refusal("bitbake", "-m", "qemux86", "--dist", "--serial", "busybox"))
                .contains("--serial builds all MACHINEs in BUILDDIR, which is on this computer: leave --dist away");

        assertThat(cli.run("bitbake", "-m", "qemux86,qemuarm", "--dist", "busybox"))
                .isZero();
        assertThat(Objects.requireNonNull(cli.builds.request).boards())
                .containsExactly(Board.of("qemux86", Board.HERE), Board.of("qemuarm", ""));
        assertThat(cli.builds.used).extracting(machine -> machine.maxBoards()).containsExactly(0, 2);
        assertThat(Objects.requireNonNull(cli.builds.settings).local().slots()).isEqualTo(2);
        assertThat(cli.builds.settings.recipe()).isEqualTo(BitbakeRecipe.NAME);
    }

    @Test
    void sendsNoTreeThatHasABuildDirectoryInIt() throws Exception {
        cli.userConfig("buildboss.machines { far { host = far } }");
        Files.delete(cli.tree.resolve(".gitignore"));
        assertThat(refusal("bitbake", "-m", "qemux86", "--dist", "busybox"))
                .contains(build + " is in the tree that machines get", ".git/info/exclude, such as /build*/");
        assertThat(cli.run("bitbake", "-m", "qemux86", "busybox")).as(cli.err).isZero();
    }

    @Test
    void takesTheMachineOfTheEnvironmentAndBuildsNothingWhenDry() {
        environment.put("MACHINE", "qemuarm");
        assertThat(cli.run("bitbake", "-n", "-k", "busybox")).isZero();
        assertThat(cli.out)
                .isEqualTo("bitbake -k busybox\n  MACHINE=qemuarm in " + build + "\nresults in "
                        + build.resolve("buildboss/busybox") + "\n");
        assertThat(cli.builds.request).isNull();
    }

    @Test
    void skippingIsAResultToo() {
        assertThat(cli.run("bitbake", "-m", "qemux86,qemuarm", "--skip-compilation", "busybox"))
                .isZero();
        assertThat(cli.out).isEqualTo("busybox: compilation skipped by the user's choice\n");
        assertThat(build.resolve("buildboss/busybox/bitbake-result.txt"))
                .hasContent("qemux86: compilation skipped by the user's choice\n"
                        + "qemuarm: compilation skipped by the user's choice\n");
        assertThat(cli.builds.request).isNull();
        assertThat(cli.run("bitbake", "--json", "-m", "qemux86", "--skip-compilation", "busybox"))
                .isZero();
        assertThat(cli.out).contains("\"event\":\"skipped\"");
    }

    @Test
    void aGroupThatFailsOrWarnsEndsAsAnyBuild() {
        cli.builds.outcomes = cell -> Built.of(cell.board().equals("qemuarm") ? 1 : 0, false);
        assertThat(cli.run("bitbake", "-m", "qemux86,qemuarm", "busybox")).isEqualTo(100);
        cli.builds.outcomes = cell -> Built.of(0, true);
        assertThat(cli.run("bitbake", "-m", "qemux86,qemuarm", "busybox")).isEqualTo(101);
        assertThat(cli.run("bitbake", "-m", "qemux86,qemuarm", "-W", "busybox")).isZero();
    }

    @Test
    void aFollowUpThatFailsFailsTheGroup() {
        assertThat(cli.run("bitbake", "-m", "qemux86", "busybox", "--set", "recipes.bitbake.follow-up=[\"false\"]"))
                .isEqualTo(100);
        assertThat(cli.out).contains("checking buildhistory: false");
        assertThat(cli.err).contains("boss: false: exit status 1");
    }

    @Test
    void aProjectMayNotSayWhatIsRun() throws Exception {
        Files.writeString(cli.tree.resolve(".buildboss.conf"), "buildboss.recipes.bitbake.follow-up = [evil]\n");
        assertThat(refusal("boards"))
                .contains(".buildboss.conf:1: buildboss.recipes.bitbake: a project's file may not set");
    }
}
