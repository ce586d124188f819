package dev.buildboss.workermain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged worker and a boss that knows the base protocol only: what it says, message by message. What it does at its end
 * is in {@link ConformanceEndsTest}. A talk is a text: {@code >>} is sent, {@code <<} must be the next response (…: any text).
 */
@Tag("process")
class ConformanceTest {
    @TempDir
    Path directory;

    private StubTree tree;
    private WorkerProcess worker;

    @BeforeEach
    void makeTree() throws Exception {
        tree = new StubTree(directory.toRealPath());
    }

    @AfterEach
    void endWorker() {
        if (worker != null) {
            worker.close();
        }
    }

    private void start(String... arguments) throws Exception {
        worker = new WorkerProcess(tree, tree.workDir(), arguments);
        talk("<< ready");
    }

    /** Says and hears this; {@code C0} to {@code C2} are the tree's commits, {@code ROOT} where all its files are. */
    private void talk(String text) throws Exception {
        for (String line : text.strip().split("\n", -1)) {
            String said = line.strip().replace("ROOT", tree.root().toString());
            for (int i = 0; i < 3; i++) {
                said = said.replace("\"C" + i + "\"", "\"" + tree.commit(i) + "\"");
            }
            if (said.startsWith(">>")) {
                worker.send(said.substring(2).strip());
            } else {
                String heard = BaseProtocol.summary(worker.next());
                String expected = said.substring(2).strip();
                int dots = expected.indexOf('…');
                assertThat(dots < 0 ? heard : heard.substring(0, Math.min(dots, heard.length())))
                        .as("%s; heard: %s", line, heard)
                        .isEqualTo(dots < 0 ? expected : expected.substring(0, dots));
            }
        }
    }

    private void quit() throws Exception {
        talk("""
            >> {"cmd":"quit"}
            << quit_ack
            """);
        worker.assertSilentEnd();
        assertThat(worker.exit()).isZero();
    }

    @Test
    void readsLinesAndNothingElse() throws Exception {
        start("--set", "buildboss.protocol.max-line=64 KiB");
        talk("""
            >>
            >> this is not json
            << error invalid JSON: …
            >> [1,2]
            << error invalid JSON: …
            >> {"cmd":"build_done"} x
            << error invalid JSON: …
            >> {"cmd":"build_done","unknown":{"a":[1,null,{}]},"max_boards":"x"}
            << build_done 0
            """);
        worker.sendBytes(new byte[] {'{', (byte) 0xff, '}', '\n'});
        talk("<< error invalid JSON: …");
        worker.sendBytes("{\"cmd\":\"build_done\"}\r\n \r\n\n{\"cmd\":\"build_".getBytes(UTF_8));
        worker.sendBytes("done\"}\n{\"cmd\":\"b\u00fc\"}\n".getBytes(UTF_8));
        talk("""
            << build_done 0
            << build_done 0
            << error unknown command: b\u00fc
            """);
        worker.sendBytes(("x".repeat(100_000) + "\n").getBytes(UTF_8));
        worker.sendBytes("[".repeat(50_000).getBytes(UTF_8));
        worker.sendBytes("\n".getBytes(UTF_8));
        talk("""
            << error invalid JSON: …
            << error invalid JSON: …
            """);
        quit();
    }

    @Test
    void answersEveryErrorOfTheTableAndGoesOn() throws Exception {
        Files.createDirectory(directory.resolve("plain"));
        Files.createDirectory(directory.resolve("bad"));
        Files.writeString(directory.resolve("bad/.git"), "not git's\n");
        start("-g", directory.resolve("plain").toString());
        talk("""
            >> {"cmd":"bogus"}
            << error unknown command: bogus
            >> {}
            << error unknown command:
            """.replace("command:\n", "command: …\n"));
        talk("""
            >> {"cmd":"build_board","board":"x","arch":"arm"}
            << error no builder (send build_prepare first)
            >> {"cmd":"build_board"}
            << error no builder (send build_prepare first)
            >> {"cmd":"build_done"}
            << build_done 0
            >> {"cmd":"build_boards","boards":[],"commits":[null]}
            << error no boards specified
            >> {"cmd":"build_prepare","commits":["HEAD"]}
            << error no work directory set up
            >> {"cmd":"build_boards","boards":[{"board":"x","arch":"arm"}]}
            << error no work directory set up
            >> {"cmd":"setup","work_dir":"/proc/nope/x"}
            << error cannot make the work directory /proc/nope/x: …
            >> {"cmd":"setup","work_dir":"ROOT/bad"}
            << error git init failed: …
            >> {"cmd":"configure","settings":[]}
            << error configure: settings: …
            >> {"cmd":"build_prepare","commits":["HEAD"]}
            << error no work directory set up
            """);
        quit();
    }

    @Test
    void saysWhatIsMissingToBuild() throws Exception {
        tree.remove("gcc");
        tree.remove("make");
        start();
        talk("""
            >> {"cmd":"build_prepare","commits":["C0"]}
            << error no toolchains available (run setup first)
            >> {"cmd":"build_boards","boards":[{"board":"elm","arch":"arm"}],"commits":["C0"]}
            << error no toolchains available (run setup first)
            >> {"cmd":"configure","toolchains":{"arm":"~/.buildman-toolchains/gcc-12.2.0-nolibc/arm-linux/bin/arm-linux-gcc"}}
            << configure_done
            >> {"cmd":"build_prepare","commits":["C0"],"max_boards":1}
            << build_started
            << worktree_created
            << build_prepare_done
            >> {"cmd":"build_board","board":"elm","arch":"m68k"}
            << heartbeat elm
            """);
        JsonNode noCompiler = worker.next();
        assertThat(noCompiler.path("return_code").intValue()).isEqualTo(10);
        assertThat(noCompiler.path("stderr").textValue())
                .isEqualTo("Tool chain error for m68k: No tool chain found for arch 'm68k'");
        talk("""
            >> {"cmd":"build_board","board":"elm","arch":"arm"}
            << heartbeat elm
            """);
        JsonNode noMake = worker.next();
        assertThat(noMake.path("return_code").intValue()).isEqualTo(1);
        assertThat(noMake.path("stderr").textValue()).startsWith("make failed to start: ");
        quit();
    }

    @Test
    void setsUpTheDirectoryThatIsNamedOrATemporaryOne() throws Exception {
        start("-g", tree.root().toString());
        talk("""
            >> {"cmd":"setup","work_dir":"ROOT/new/er"}
            << setup_done ROOT/new/er
            >> {"cmd":"setup","work_dir":"ROOT/new/er"}
            << setup_done ROOT/new/er
            >> {"cmd":"setup","work_dir":"ROOT/work"}
            << setup_done ROOT/work
            >> {"cmd":"setup"}
            """);
        assertThat(directory.resolve("new/er/.git/HEAD")).exists();
        JsonNode done = worker.next();
        Path temporary = Path.of(done.path("work_dir").textValue());
        assertThat(done.path("git_dir").textValue()).isEqualTo(temporary + "/.git");
        assertThat(temporary).hasParent(tree.tmp()).isDirectory();
        talk("""
            >> {"cmd":"setup","work_dir":""}
            << setup_done TEMPORARY
            >> {"cmd":"build_boards","boards":[{"board":"elm","arch":"sandbox"}]}
            << heartbeat elm
            << build_result elm 0 code 2
            << build_done 0
            """.replace("TEMPORARY", temporary.toString()));
        quit();
        assertThat(tree.tmp()).isEmptyDirectory();
        assertThat(directory.resolve("new/er/.git")).isDirectory();
    }

    @Test
    void configuresLaterBuildsAfreshEachTime() throws Exception {
        start();
        talk("""
            >> {"cmd":"configure","settings":{"verbose_build":true,"allow_missing":true,"no_lto":true,"reproducible_builds":true,"warnings_as_errors":true,"mrproper":true,"unknown":[1]},"toolchains":{"xyz":"/nonexistent/gcc"},"more":1}
            << configure_done
            >> {"cmd":"build_boards","boards":[{"board":"elm","arch":"sandbox"}],"commits":["C0"]}
            << build_started
            << worktree_created
            << heartbeat elm
            << build_result elm 0 code 0
            << build_done 0
            >> {"cmd":"configure"}
            << configure_done
            >> {"cmd":"build_boards","boards":[{"board":"elm","arch":"sandbox"}],"commits":["C0"]}
            << build_started
            << worktree_created
            << heartbeat elm
            << build_result elm 0 code 0
            << build_done 0
            >> {"cmd":"configure","settings":{"config_only":true},"toolchains":null}
            << configure_done
            >> {"cmd":"build_prepare","commits":["C0"],"max_boards":2}
            << build_started
            << worktree_created
            << worktree_created
            << build_prepare_done
            >> {"cmd":"build_board","board":"elm","arch":"sandbox"}
            << heartbeat elm
            << build_result elm 0 code 0
            """);
        String all = "O=build V=1 -j 2 NPROC=2 KCFLAGS=-Werror HOSTCFLAGS=-Werror BINMAN_ALLOW_MISSING=1 NO_LTO=1"
                + " SOURCE_DATE_EPOCH=0";
        assertThat(tree.makes())
                .containsExactly(
                        all + " mrproper",
                        all + " elm_defconfig",
                        all,
                        "O=build -s -j 2 NPROC=2 elm_defconfig",
                        "O=build -s -j 2 NPROC=2",
                        // One board at work where two could be: twice its share.
                        "O=build -s -j 4 NPROC=4 elm_defconfig",
                        "O=build -s -j 4 NPROC=4 cfg");
        quit();
    }

    @Test
    void buildsBoardsThatComeOneByOne() throws Exception {
        start();
        talk("""
            >> {"cmd":"build_prepare","commits":["C0","C2"],"max_boards":1}
            << build_started
            << worktree_created
            << build_prepare_done
            >> {"cmd":"build_prepare","commits":["C0"]}
            << error a builder is there already (send build_done first)
            >> {"cmd":"build_board","arch":"arm"}
            << error build_board: board: …
            >> {"cmd":"build_board","board":"elm"}
            << heartbeat elm
            << build_result elm 0 code 0
            << build_result elm 1 code 0
            >> {"cmd":"build_board","board":"xilinx_versal_mini","arch":"sandbox","env":"x","unknown":"y"}
            << heartbeat xilinx_versal_mini
            << build_result xilinx_versal_mini 0 code 0
            << build_result xilinx_versal_mini 1 code 2
            >> {"cmd":"build_board","board":"no_such","arch":"sandbox"}
            << heartbeat no_such
            << build_result no_such 0 code 2
            << build_result no_such 1 code 2
            >> {"cmd":"build_done"}
            << build_done 0
            >> {"cmd":"build_board","board":"elm","arch":"sandbox"}
            << error no builder (send build_prepare first)
            >> {"cmd":"build_done"}
            << build_done 0
            >> {"cmd":"build_prepare","commits":["0000000000000000000000000000000000000000","C1"],"max_boards":1}
            << build_started
            << worktree_created
            << build_prepare_done
            >> {"cmd":"build_board","board":"elm","arch":"sandbox"}
            << heartbeat elm
            << build_result elm 0 code 128
            << build_result elm 1 code 0
            """);
        quit();
    }

    @Test
    void buildsTheSourceAsItStandsWhereNoCommitIsNamed() throws Exception {
        tree.write("elm", "echo as it stands >&2\n");
        start();
        for (String commits : List.of("", ",\"commits\":[]", ",\"commits\":[null]", ",\"commits\":[null,\"x\"]")) {
            talk("""
                >> {"cmd":"build_boards","boards":[{"board":"elm","arch":"sandbox"}]%s}
                << heartbeat elm
                """.formatted(commits));
            assertThat(worker.next().path("stderr").textValue()).isEqualTo("as it stands\n");
            talk("""
                << build_done 0
                >> {"cmd":"build_prepare"%s,"max_boards":0}
                << build_prepare_done
                >> {"cmd":"build_board","board":"elm","arch":"sandbox"}
                << heartbeat elm
                << build_result elm 0 code 0
                >> {"cmd":"build_done"}
                << build_done 0
                """.formatted(commits));
        }
        quit();
    }

    @Test
    void handsOverWhatTheBuildSaidAndMade() throws Exception {
        start();
        talk("""
            >> {"cmd":"build_prepare","commits":["C0"],"max_boards":1}
            << build_started
            << worktree_created
            << build_prepare_done
            >> {"cmd":"build_board","board":"elm","arch":"sandbox"}
            << heartbeat elm
            """);
        JsonNode good = worker.next();
        assertThat(good.path("stdout").textValue()).isEqualTo("building\n");
        assertThat(good.path("stderr").textValue()).isEqualTo("a note\n");
        assertThat(good.path("load_avg").doubleValue()).isNotNegative();
        assertThat(good.at("/sizes/raw").textValue()).startsWith("    100\t     20\t      3\t    123\t     7b\t");
        talk("""
            >> {"cmd":"build_board","board":"bytes","arch":"sandbox"}
            << heartbeat bytes
            """);
        JsonNode bad = worker.next();
        assertThat(bad.path("stdout").textValue()).isEqualTo("a\ufffdb\n");
        assertThat(bad.path("stderr").textValue()).isEqualTo("c\ufffd\ufffdd\n");
        assertThat(bad.at("/config/.config").textValue()).isEqualTo("CONFIG_BOARD=bytes\n");
        talk("""
            >> {"cmd":"build_board","board":"liar","arch":"sandbox"}
            << heartbeat liar
            << build_result liar 0 code 0
            """);
        quit();
    }

    @Test
    void keepsTheOrderOfCommandsEvenOfQuit() throws Exception {
        start();
        worker.send(
                "{\"cmd\":\"build_boards\",\"boards\":[{\"board\":\"gated\",\"arch\":\"sandbox\"},"
                        + "{\"board\":\"elm\",\"arch\":\"sandbox\"}],\"commits\":[\"" + tree.commit(0) + "\"]}",
                "{\"cmd\":\"bogus\"}",
                "{\"cmd\":\"build_prepare\",\"commits\":[null],\"max_boards\":1}",
                "{\"cmd\":\"build_board\",\"board\":\"liar\",\"arch\":\"sandbox\"}",
                "{\"cmd\":\"build_done\"}",
                "{\"cmd\":\"quit\"}");
        // All this is said before the gate is open: it did not wait for the other board.
        List<String> before = worker.until("build_result");
        assertThat(before).endsWith("build_result elm 0 code 0").doesNotContain("error unknown command: bogus");
        if (!before.contains("heartbeat gated")) {
            talk("<< heartbeat gated"); // its thread was slower than the other one with its whole board
        }
        tree.openGate();
        talk("""
            << build_result gated 0 code 0
            << build_done 0
            << error unknown command: bogus
            << build_prepare_done
            << heartbeat liar
            << build_result liar 0 code 0
            << build_done 0
            << quit_ack
            """);
        worker.assertSilentEnd();
        assertThat(worker.exit()).isZero();
    }

    @Test
    void repeatsItsHeartbeatWhileAMakeRuns() throws Exception {
        start("--set", "buildboss.worker.heartbeat-interval=50ms", "-D");
        worker.send("{\"cmd\":\"build_boards\",\"boards\":[{\"board\":\"gated\",\"arch\":\"sandbox\"}]}");
        talk("""
            << heartbeat gated
            << heartbeat gated
            << heartbeat gated
            """);
        tree.openGate();
        assertThat(worker.until("build_done")).contains("build_result gated 0 code 0");
        quit();
        assertThat(worker.stderr()).contains("W: ").contains("gated");
    }
}
