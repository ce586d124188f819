package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.cli.Said;
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

/** {@code boss bitbake} on this computer, with a stand-in for bitbake: line by line what a recipe's upgrader needs. */
@Tag("process")
class BitbakeTest {

    private static final String ALL = String.join(",", YoctoTree.MACHINES);

    /** Each waits until all are there: builds that are not side by side never end. */
    private static final String TOGETHER = """
            echo "$MACHINE" >>"$control/begun"
            until [ "$(wc -l <"$control/begun")" -ge 3 ]; do sleep 0.02; done
            """;

    @TempDir
    private Path temp;

    private YoctoTree yocto;
    private Map<String, String> environment = new HashMap<>();
    private final List<BossProcess> started = new ArrayList<>();

    @BeforeEach
    void makeTree() throws IOException {
        yocto = new YoctoTree(temp.toRealPath());
        environment = new HashMap<>(yocto.environment());
        Files.createDirectories(temp.resolve("home"));
    }

    @AfterEach
    void endBosses() {
        started.stream().filter(BossProcess::isAlive).forEach(BossProcess::kill);
    }

    private BossProcess start(String... arguments) throws IOException {
        List<String> argv = new ArrayList<>(List.of("bitbake"));
        argv.addAll(BossProcess.PATIENT);
        argv.addAll(List.of(arguments));
        BossProcess boss = BossProcess.start(
                temp.resolve("home"), yocto.buildDir(), temp.resolve("boss" + started.size()), argv, environment);
        started.add(boss);
        return boss;
    }

    private BossProcess run(int status, String... arguments) throws IOException {
        BossProcess boss = start(arguments);
        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(status);
        return boss;
    }

    private Path work(String group) {
        return yocto.buildDir().resolve("buildboss").resolve(group);
    }

    private String file(String group, String name) throws IOException {
        return Files.readString(work(group).resolve(name));
    }

    @Test
    void buildsAllAtOnceEachInADirectoryOfItsOwn() throws Exception {
        for (String machine : YoctoTree.MACHINES) {
            yocto.task(machine, TOGETHER);
        }
        List<String> before = YoctoTree.picture(yocto.buildDir().resolve("conf"));
        yocto.write("build-qemuarm/conf/stale.conf", "of an earlier build\n");
        environment.put("BB_NUMBER_THREADS", "7");
        environment.put("BB_PRESSURE_MAX_CPU", "1500");
        environment.put("LANG", "en_US.UTF-8");
        environment.put("LC_ALL", "en_US.UTF-8");

        BossProcess boss = run(0, "--machines", ALL, "-k", "--runonly", "compile", "busybox", "zlib");

        assertThat(YoctoTree.built(yocto.buildDir())).containsExactly("qemux86 busybox zlib");
        assertThat(YoctoTree.built(yocto.buildDir("qemuarm"))).containsExactly("qemuarm busybox zlib");
        assertThat(YoctoTree.built(yocto.buildDir("qemumips"))).containsExactly("qemumips busybox zlib");
        assertThat(boss.words()).contains("compiling busybox zlib for qemux86, qemuarm, qemumips");
        assertThat(file("busybox_zlib", "qemuarm/log"))
                .contains("BUILDDIR             = \"" + yocto.buildDir("qemuarm") + "\"")
                .contains("OPTIONS              = -k --runonly=compile")
                .contains("THREADS              = \"7\" \"1500\"")
                .contains("MAKEFLAGS            = \"\"")
                .contains("LANG                 = \"en_US.UTF-8\" \"en_US.UTF-8\"");
        assertThat(file("busybox_zlib", "qemuarm/out-cmd")).isEqualTo("bitbake -k --runonly=compile busybox zlib\n");
        assertThat(file("busybox_zlib", "bitbake-result.txt"))
                .isEqualTo("qemux86: passed\nqemuarm: passed\nqemumips: passed\n");
        assertThat(YoctoTree.picture(yocto.buildDir().resolve("conf"))).isEqualTo(before);
        assertThat(YoctoTree.picture(yocto.buildDir("qemuarm").resolve("conf"))).isEqualTo(before);

        yocto.write("build/conf/local.conf", "DISTRO = \"another\"\n");
        run(0, "--machines", ALL, "busybox", "zlib");
        assertThat(file("busybox_zlib", "qemumips/log")).contains("DISTRO               = \"another\"");
    }

    @Test
    void leavesTheCallersShellAndConfAsTheyWereWhateverHappens() throws Exception {
        yocto.task("qemuarm", "echo 'ERROR: broken'; status=1");
        environment.put("MACHINE", "mine");
        environment.put("BBPATH", "/elsewhere");
        List<String> conf = YoctoTree.picture(yocto.buildDir().resolve("conf"));
        String look = "(env | grep -v ^_= | sort; pwd; umask) >\"$HOME/%s\"\n";
        for (String mode : List.of("--resume", "--serial")) {
            BossProcess boss = BossProcess.startInShell(
                    temp.resolve("home"),
                    yocto.buildDir(),
                    temp.resolve("shell"),
                    look.formatted("before") + "\"$@\"\nstatus=$?\n" + look.formatted("after") + "exit $status",
                    List.of("bitbake", mode, "--machines", "qemux86,qemuarm", "busybox"),
                    environment);
            started.add(boss);

            assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(100);
            assertThat(temp.resolve("home/after"))
                    .hasSameTextualContentAs(temp.resolve("home/before"))
                    .content()
                    .contains("MACHINE=mine\n", "BBPATH=/elsewhere\n", "BUILDDIR=" + yocto.buildDir() + "\n");
            assertThat(YoctoTree.picture(yocto.buildDir().resolve("conf"))).isEqualTo(conf);
        }
    }

    @Test
    void collectsEveryFailureAndRunsNoFollowUpThen() throws Exception {
        yocto.write("build/buildhistory/metadata", "there is one\n");
        yocto.task("qemux86", "echo 'ERROR: Task failed: do_compile'; echo 'a traceback' >&2; status=1");
        yocto.task("qemuarm", "sleep 0.3");
        yocto.task("qemumips", "echo 'ERROR: Nothing PROVIDES it'; status=2");

        BossProcess boss = run(100, "--machines", ALL, "busybox", "--set", "recipes.bitbake.follow-up=[touch, ran]");

        assertThat(boss.words())
                .contains("compiling for qemux86 failed (1): see " + work("busybox/bitbake-output-qemux86.txt"))
                .contains("compiling for qemumips failed (2): see " + work("busybox/bitbake-output-qemumips.txt"))
                .doesNotContain("checking buildhistory");
        assertThat(file("busybox", "bitbake-output-qemux86.txt"))
                .startsWith("Loading cache...done.\n")
                .contains("BUILDDIR             = \"" + yocto.buildDir() + "\"")
                .endsWith("rerun.\na traceback\n");
        Said summary = Said.of(
                temp.resolve("home"),
                yocto.buildDir(),
                "summary",
                "-e",
                "-o",
                work("busybox").toString());
        assertThat(summary.out())
                .startsWith("Summary of current source for 3 boards")
                .contains("qemux86", "qemumips", "a traceback");
        assertThat(summary.status()).isEqualTo(100);
        assertThat(work("busybox/bitbake-output-qemuarm.txt")).doesNotExist();
        assertThat(file("busybox", "bitbake-result.txt")).isEqualTo("""
                        qemux86: failed (1), see bitbake-output-qemux86.txt
                        qemuarm: passed
                        qemumips: failed (2), see bitbake-output-qemumips.txt
                        """);
        assertThat(yocto.buildDir().resolve("ran")).doesNotExist();

        yocto.task("qemux86", "");
        run(100, "--machines", ALL, "-F", "busybox");
        assertThat(YoctoTree.built(yocto.buildDir("qemuarm"))).hasSize(1);
        assertThat(work("busybox/bitbake-output-qemux86.txt")).doesNotExist();
    }

    @Test
    void toleratesWhatBreaksFeedsOnlyAndRunsTheFollowUpOnce() throws Exception {
        yocto.task("qemux86", "echo 'ERROR: 1.2 went backwards which would break package feeds (from 1.3)'; status=1");
        yocto.task(
                "qemuarm",
                "echo 'ERROR: x was skipped: incompatible with machine (not in COMPATIBLE_MACHINE)' >&2"
                        + "; status=1");

        BossProcess boss = run(
                0,
                "--machines",
                ALL,
                "busybox",
                "--set",
                "recipes.bitbake.follow-up=[sh, -c, \"echo $MACHINE $BUILDDIR | tee -a ran\"]");

        assertThat(file("busybox", "bitbake-result.txt"))
                .contains("qemux86: passed, with a complaint that is tolerated: ERROR: 1.2 went backwards")
                .contains("qemuarm: passed, with a complaint that is tolerated: ERROR: x was skipped");
        assertThat(file("busybox", "qemuarm/log")).contains("not in COMPATIBLE_MACHINE");
        assertThat(boss.words()).contains("checking buildhistory: sh -c");
        assertThat(yocto.buildDir().resolve("ran")).hasContent("qemux86 " + yocto.buildDir() + "\n");

        run(0, "--machines", ALL, "--resume", "busybox", "--set", "recipes.bitbake.follow-up=[touch, again]");
        assertThat(yocto.buildDir().resolve("again")).doesNotExist();
    }

    @Test
    void buildsInTurnInTheOriginalAndStopsAtTheFirstFailure() throws Exception {
        yocto.task("qemux86", "echo first >>'" + yocto.buildDir() + "/order'");
        yocto.task("qemuarm", "echo second >>'" + yocto.buildDir() + "/order'; status=1");

        BossProcess boss = run(
                100,
                "--machines",
                ALL,
                "--serial-build",
                "busybox",
                "--set",
                "recipes.bitbake.follow-up=[sh, -c, \"echo follow-up >>order\"]");

        assertThat(yocto.buildDir().resolve("order")).hasContent("first\nfollow-up\nsecond\n");
        assertThat(YoctoTree.built(yocto.buildDir())).containsExactly("qemux86 busybox", "qemuarm busybox");
        assertThat(yocto.buildDir("qemuarm")).doesNotExist();
        assertThat(boss.words()).contains("compiling busybox for qemuarm").doesNotContain("for qemumips");
        assertThat(file("busybox", "bitbake-result.txt")).isEqualTo("""
                        qemux86: passed
                        qemuarm: failed (1), see bitbake-output-qemuarm.txt
                        qemumips: not built: an earlier one failed
                        """);
    }

    @Test
    void givesTheOriginalDirectoryToNoOtherMachineOnARetry() throws Exception {
        for (String machine : YoctoTree.MACHINES) {
            yocto.task(machine, "[ -e \"$control/go\" ] || { echo x >>\"$control/waiting\"; cat \"$control/fifo\"; }");
        }
        String unused = StubTree.run(
                List.of("mkfifo", temp.toRealPath().resolve("control/fifo").toString()));
        BossProcess boss = start("--machines", ALL, "busybox", "--set", "boss.reconnect-delay=100 ms");
        Waits.until("all build", () -> lines("waiting") == 3, boss::words);
        Files.createFile(temp.resolve("control/go"));
        Processes.workers(temp.toRealPath().resolve("home")).forEach(Processes::kill);

        assertThat(boss.awaitExit()).as(boss.words()).isZero();
        assertThat(boss.words()).contains("local: lost");
        assertThat(YoctoTree.built(yocto.buildDir())).containsExactly("qemux86 busybox", "qemux86 busybox");
        assertThat(YoctoTree.built(yocto.buildDir("qemuarm"))).containsOnly("qemuarm busybox");
        assertThat(YoctoTree.built(yocto.buildDir("qemumips"))).containsOnly("qemumips busybox");
    }

    private int lines(String name) {
        try {
            return yocto.left(name).size();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void limitsNothingUnlessToldTo() throws Exception {
        yocto.task("qemux86", "echo one >>\"$control/order\"; sleep 0.2; echo end >>\"$control/order\"");
        yocto.task("qemuarm", "echo one >>\"$control/order\"; sleep 0.2; echo end >>\"$control/order\"");

        run(0, "--machines", "qemux86,qemuarm", "-T", "1", "busybox");

        assertThat(yocto.left("order")).containsExactly("one", "end", "one", "end");
    }
}
