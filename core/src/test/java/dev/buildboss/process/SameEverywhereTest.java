package dev.buildboss.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildScheduler;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildChanges.BuildPlace;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.WorkerBundle;
import dev.buildboss.testing.Anywhere;
import dev.buildboss.testing.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever changes a build does the same on another machine as here: whole runs with the real recipe, real make and git, on a tree
 * whose Makefile is a few lines that treat configurations as Kbuild does.
 */
@Tag("process")
class SameEverywhereTest {

    private static final String MAKEFILE = """
            .NOTPARALLEL:
            O ?= .
            all tools: ; @echo goal $@ CC=$(CC) DTC=$(DTC) CROSS=$(CROSS_COMPILE) X=$(X) in $(O); cp $(O)/.config $(O)/u-boot.cfg
            cfg: ; @cp $(O)/.config $(O)/u-boot.cfg
            %_defconfig: ; @mkdir -p $(O); cp configs/$@ $(O)/.config
            %.config: ; @cat configs/$@ >>$(O)/.config
            olddefconfig: ; @sed -i -e '/^CONFIG_FRED/d' -e 's/^# CONFIG_FORCED .*/CONFIG_FORCED=y/' $(O)/.config
            mrproper: ; @echo clean
            """;

    private static ActorSystem<Void> system;

    @TempDir
    Path temp;

    private Path source;
    private Commit commit;
    private int runs;

    @BeforeAll
    static void startSystem() {
        system = ActorSystem.create(Behaviors.empty(), "same-everywhere-test");
    }

    @AfterAll
    static void stopSystem() {
        ActorTestKit.shutdown(system);
    }

    @BeforeEach
    void makeTree() throws Exception {
        source = Files.createDirectory(temp.resolve("source"));
        write("Makefile", MAKEFILE);
        write("Kconfig", "config FOO\nconfig BAR\nconfig FORCED\n");
        write("configs/elm_defconfig", "CONFIG_SANDBOX=y\nCONFIG_BAR=y\nCONFIG_FORCED=y\n");
        write("configs/acpi.config", "CONFIG_ACPI=y\n");
        write("configs/more.config", "CONFIG_MORE=y\n");
        git("init", "-q", ".");
        git("add", ".");
        git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x");
        commit = new Commit(git("rev-parse", "HEAD"), "x");
    }

    private void write(String path, String text) throws IOException {
        Path file = source.resolve(path);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
    }

    private String git(String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(Stream.of("git"), Stream.of(arguments)).toList())
                .directory(source.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(process.waitFor()).isZero();
        return out;
    }

    private static BuildChanges changes(
            List<String> adjust, List<String> fragments, String goal, boolean perBoard, boolean inTree, String cc) {
        return new BuildChanges(adjust, fragments, goal, false, perBoard, true, inTree, true, cc, Optional.empty());
    }

    private static BuildOptions with(BuildChanges changes) {
        return BuildOptions.DEFAULT.withChanges(changes);
    }

    /** Builds the board on this machine alone and returns the files of its result, by name. */
    private Map<String, String> build(Machine machine, Board board, BuildOptions options) throws Exception {
        Path out = temp.resolve("out" + runs++);
        Settings settings = Settings.of(ConfigFactory.parseString("""
                buildboss { probe { max-load = 1000, min-disk = 0 MiB, min-memory = 0 MiB }, worker.build-space = 0 MiB }
                buildboss.build.make-flags.elm = "X=1"
                """));
        WorkerBundle noBundle = List::of;
        try (InProcessTransport inner = InProcessTransport.on(system);
                BuildScheduler scheduler = BuildScheduler.builder()
                        .settings(settings)
                        .transport(new Anywhere(inner))
                        .bundle(noBundle)
                        .actorSystem(system)
                        .build()) {
            BuildRequest request = BuildRequest.of(source.resolve(".git"), List.of(board), List.of(commit), out)
                    .withOptions(options);
            BuildReport report = scheduler
                    .start(request, List.of(machine))
                    .report()
                    .toCompletableFuture()
                    .get(Waits.LIMIT_S, TimeUnit.SECONDS);
            assertThat(report.internalErrors()).isEmpty();
        }
        Map<String, String> result = new TreeMap<>();
        Path cell = out.resolve("01_g" + commit.hash() + "_x").resolve(board.target());
        try (Stream<Path> files = Files.list(cell)) {
            for (Path file : files.toList()) {
                result.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        result.remove("host");
        return result;
    }

    private Machine other() {
        Path workDir = temp.resolve("other" + runs);
        return new Machine("m1", "host", 0, workDir.toString(), Optional.empty(), List.of());
    }

    private Map<String, String> buildBoth(Board board, BuildOptions options) throws Exception {
        Map<String, String> here = build(Machine.local(), board, options);
        assertThat(build(other(), board, options)).isEqualTo(here);
        return here;
    }

    private static final Board ELM = Board.of("elm", "sandbox");

    @Test
    void adjustsConfigurations() throws Exception {
        var result = buildBoth(
                ELM, with(changes(List.of("FOO", "~BAR", "S=\"a b\""), List.of("acpi"), "tools", true, false, "gcc")));

        assertThat(result.get("done")).isEqualTo("0\n");
        assertThat(result.get(".config").lines())
                .containsExactly(
                        "CONFIG_SANDBOX=y",
                        "CONFIG_FORCED=y",
                        "CONFIG_ACPI=y",
                        "CONFIG_FOO=y",
                        "# CONFIG_BAR is not set",
                        "CONFIG_S=\"a b\"");
        assertThat(result.get("log"))
                .startsWith("goal tools CC=gcc DTC= CROSS=")
                .contains("/ X=1 in build-boards/elm");
    }

    @Test
    void failsWhereAChangeDoesNotTakeEffectAndNamesIt() throws Exception {
        var result = buildBoth(ELM, with(changes(List.of("FRED", "~FORCED"), List.of(), "", false, true, "")));

        assertThat(result.get("done")).isEqualTo("1\n");
        assertThat(result.get("err")).isEqualTo("""
                Changes of the configuration (-a) that did not take effect:
                  FRED: CONFIG_FRED=y was asked for; there is no such option in the tree's Kconfig files
                  FORCED: # CONFIG_FORCED is not set was asked for; Kconfig made it: CONFIG_FORCED=y
                """);
    }

    @Test
    void buildsExtendedBoardsInTheTree() throws Exception {
        Board extended = ELM.extended("acpi,elm", List.of("acpi.config", "more.config"));
        var result = buildBoth(extended, with(changes(List.of(), List.of(), "", false, true, "")));

        assertThat(result.get("done")).isEqualTo("0\n");
        assertThat(result.get(".config")).contains("CONFIG_ACPI=y\nCONFIG_MORE=y\n");
        assertThat(result.get("log")).contains("X=1 in .");
        assertThat(result.get("out-cmd"))
                .startsWith("make -s NPROC=")
                .contains("elm_defconfig acpi.config more.config");
    }

    @Test
    void saysWhichProgramIsMissing() throws Exception {
        BuildRequest request = BuildRequest.of(
                        source.resolve(".git"), List.of(ELM), List.of(commit), temp.resolve("none"))
                .withOptions(with(changes(List.of(), List.of(), "", false, false, "no-such-cc")));
        try (InProcessTransport transport = InProcessTransport.on(system);
                BuildScheduler scheduler = BuildScheduler.builder()
                        .transport(transport)
                        .bundle(List::of)
                        .actorSystem(system)
                        .build()) {
            BuildReport report = scheduler
                    .start(request, List.of(Machine.local()))
                    .report()
                    .toCompletableFuture()
                    .get(Waits.LIMIT_S, TimeUnit.SECONDS);
            assertThat(report.exitStatus(false).code()).isEqualTo(103);
            assertThat(report.machines().get(0).ended())
                    .isEqualTo("the worker says: there is no no-such-cc here to build with (-O)");
        }
    }

    @Test
    void buildsInADirectoryOfTheUsersOwn() throws Exception {
        write("configs/elm_defconfig", "CONFIG_MINE=y\n");
        Path own = temp.resolve("own");
        var result = build(
                Machine.local(),
                ELM,
                with(BuildChanges.NONE.withPlace(
                        Optional.of(new BuildPlace(Optional.of(source.toString()), own.toString())))));

        assertThat(result.get(".config")).as("the tree as it stands").isEqualTo("CONFIG_MINE=y\n");
        assertThat(own.resolve("u-boot.cfg")).hasContent("CONFIG_MINE=y\n");
    }
}
