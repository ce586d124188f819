package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code boss bitbake} on this computer and on a machine that is reached by ssh. */
@Tag("process")
@Tag("ssh")
class BitbakeMachinesTest {

    private static final String ALL = String.join(",", YoctoTree.MACHINES);

    @TempDir
    private Path temp;

    private YoctoTree yocto;
    private Fleet fleet;
    private Path top;

    @BeforeEach
    void start() throws IOException {
        top = temp.toRealPath();
        yocto = new YoctoTree(top);
        fleet = Fleet.up(top.resolve("machines"), 1);
        Files.createDirectories(top.resolve("home"));
    }

    @AfterEach
    void end() throws IOException {
        fleet.close();
    }

    private BossProcess run(int status, String... arguments) throws IOException {
        List<String> argv = new ArrayList<>(List.of("bitbake"));
        argv.addAll(BossProcess.PATIENT);
        argv.addAll(List.of("--config", fleet.config().toString()));
        argv.addAll(List.of("--ssh-config", fleet.sshConfig().toString()));
        argv.addAll(List.of("--set", "machine-defaults.work-dir=~/work"));
        argv.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(yocto.environment());
        environment.put("BB_NUMBER_THREADS", "3");
        BossProcess boss =
                BossProcess.start(top.resolve("home"), yocto.directory(), top.resolve("boss"), argv, environment);
        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(status);
        return boss;
    }

    @Test
    void buildsTheFirstHereAndTheOthersWhereTheyFitNeverInTheOriginal() throws Exception {
        yocto.write("meta/source", "as it stands\n");
        // One at once here, and that one ends after the others have.
        yocto.task("qemux86", "until [ \"$(wc -l <\"$control/done\")\" = 2 ]; do sleep 0.05; done 2>/dev/null");
        yocto.task("qemuarm", "echo 1 >>\"$control/done\"");
        yocto.task("qemumips", "echo 1 >>\"$control/done\"; echo 'ERROR: broken'; status=1");
        List<String> conf = YoctoTree.picture(yocto.buildDir().resolve("conf"));

        BossProcess boss = run(100, "--machines", ALL, "--dist", "-T", "1", "busybox");

        Path place = fleet.home("m1").resolve("work/.bm-work/bitbake");
        Path arm = Path.of(place + yocto.buildDir("qemuarm").toString());
        assertThat(YoctoTree.built(yocto.buildDir())).containsExactly("qemux86 busybox");
        assertThat(YoctoTree.built(arm)).as(boss.words()).containsExactly("qemuarm busybox");
        assertThat(yocto.buildDir("qemuarm")).doesNotExist();
        assertThat(Path.of(place + yocto.buildDir().toString())).doesNotExist();
        assertThat(YoctoTree.picture(yocto.buildDir().resolve("conf"))).isEqualTo(conf);
        Path work = yocto.buildDir().resolve("buildboss/busybox");
        assertThat(work.resolve("qemuarm/log"))
                .content()
                .contains("BUILDDIR             = \"" + arm + "\"")
                .contains("THREADS              = \"3\" \"\"")
                .contains("SOURCE               = \"as it stands\"");
        assertThat(work.resolve("bitbake-output-qemumips.txt")).content().contains("ERROR: broken");
        assertThat(arm.resolve("conf/local.conf")).content().contains("DL_DIR = \"" + arm + "/downloads\"");
        assertThat(arm.resolve("conf/bblayers.conf"))
                .content()
                .contains(fleet.home("m1").resolve("work/.bm-work/").toString())
                .doesNotContain(" " + yocto.directory() + "/meta");
    }

    @Test
    void buildsHereWhatAMachineLacksALayerFor() throws Exception {
        Path place = fleet.home("m1").resolve("work/.bm-work/bitbake");
        yocto.task("qemux86", "until [ -d '" + place + "' ]; do sleep 0.05; done");
        yocto.write(
                "build/conf/bblayers.conf",
                "BBLAYERS ?= \" \\\n  " + yocto.directory().resolve("meta") + " \\\n  " + yocto.buildDir()
                        + "/own \\\n  \"\n");
        yocto.write("build/own/conf/machine/mine.conf", "");

        BossProcess boss = run(0, "--machines", "qemux86,qemuarm", "--dist", "-T", "1", "busybox");

        Path there = Path.of(place + yocto.buildDir("qemuarm").toString());
        assertThat(boss.words())
                .contains("[m1] could not build what it was given: cannot prepare qemuarm: the layer " + there
                        + "/own is not on this machine: only the tree of -g is sent there;");
        assertThat(there.resolve("conf/bblayers.conf")).exists();
        assertThat(YoctoTree.built(there)).isEmpty();
        assertThat(YoctoTree.built(yocto.buildDir("qemuarm"))).containsExactly("qemuarm busybox");
    }
}
