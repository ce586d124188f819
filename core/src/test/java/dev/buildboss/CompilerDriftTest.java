package dev.buildboss;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Compiler;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.model.Machine;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.Waits;
import dev.buildboss.toolchain.HostCompilers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs over workers whose compilers are not those of this computer. */
class CompilerDriftTest extends RunsOnFakes {

    private static final HostCompilers OWN = new HostCompilers(
            Map.of("arm", new Compiler("/usr/bin/arm-gcc", "12.2.0", "arm-linux", "aa")), List.of("/opt/bad-gcc"));

    /** A worker with these compilers, by architecture: {@code version target identity}. */
    private static final class Has extends FakeFleet.Worker {
        private final Map<String, String> compilers;

        Has(Map<String, String> compilers) {
            this.compilers = compilers;
        }

        @Override
        protected synchronized void onCommand(Command command) {
            if (command instanceof Command.Configure) {
                note(command);
                Map<String, Response.ToolchainInfo> infos = new HashMap<>();
                compilers.forEach((arch, words) -> {
                    String[] parts = words.split(" ", -1);
                    infos.put(
                            arch,
                            new Response.ToolchainInfo("/bin/" + arch + "-gcc", parts[0] + " " + parts[1], parts[2]));
                });
                say(new Response.ConfigureDone(infos));
            } else {
                super.onCommand(command);
            }
        }
    }

    /** A worker that knows the base protocol alone. */
    private static final class Existing extends FakeFleet.Worker {
        @Override
        protected Set<Feature> features() {
            return Set.of();
        }

        Map<String, String> toldCompilers() {
            return ((Command.Configure) received().get(0)).toolchains();
        }
    }

    private final List<String> notices = new ArrayList<>();

    /** What is found on the machines of existing workers. */
    private Optional<String> scan = Optional.empty();

    private BuildReport run(
            String require,
            List<Board> boards,
            Map<String, ? extends FakeFleet.Worker> workers,
            Map<String, Map<String, String>> setAside)
            throws Exception {
        notices.clear();
        FakeFleet fleet = new FakeFleet(system, machine -> workers.get(machine.name()));
        scan.ifPresent(fleet::scripts);
        try (BuildScheduler scheduler = BuildScheduler.builder()
                .settings(Settings.of(ConfigFactory.parseString(QUICK + "\nbuildboss.toolchains.require = " + require)))
                .transport(fleet)
                .bundle(FakeFleet.bundle())
                .actorSystem(system)
                .compilers(archs -> OWN)
                .build()) {
            List<Machine> machines =
                    workers.keySet().stream().sorted().map(this::machine).toList();
            BuildRun run = scheduler.start(request(boards, "a".repeat(40)), machines, setAside);
            Events events = new Events();
            run.events().subscribe(events);
            events.awaitAll().stream()
                    .filter(event -> event instanceof BuildEvent.Notice)
                    .map(event -> (BuildEvent.Notice) event)
                    .forEach(notice -> notices.add(notice.machine() + ": " + notice.text()));
            return run.report().toCompletableFuture().get(Waits.LIMIT_S, TimeUnit.SECONDS);
        }
    }

    private Machine machine(String name) {
        boolean existing = name.startsWith("old");
        return new Machine(
                name,
                "host",
                2,
                "~/w",
                Optional.empty(),
                existing ? List.of("worker") : List.of(),
                existing ? 3 : 0,
                List.of(),
                0);
    }

    private static List<String> built(FakeFleet.Worker worker) {
        return worker.received().stream()
                .filter(command -> command instanceof Command.BuildBoard)
                .map(command -> ((Command.BuildBoard) command).spec().board())
                .toList();
    }

    private static List<Board> boards(String... targetAndArch) {
        return Arrays.stream(targetAndArch)
                .map(text -> Board.of(text.split(":", 2)[0], text.split(":", 2)[1]))
                .toList();
    }

    @Test
    void sendsBoardsOnlyWhereTheCompilerIsTheSame() throws Exception {
        Has same = new Has(Map.of("arm", "12.2.0 arm-linux aa"));
        Has other = new Has(Map.of("arm", "12.2.0 arm-linux bb", "sandbox", "9.1.0 x86_64-linux cc"));

        BuildReport report = run(
                "identical", boards("one:arm", "two:arm", "box:sandbox"), Map.of("m1", same, "m2", other), Map.of());

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(built(same)).containsExactlyInAnyOrder("one", "two");
        assertThat(built(other)).containsExactly("box");
        assertThat(notices)
                .contains("m2: no arm boards go there: another build of 12.2.0 arm-linux there (/bin/arm-gcc);"
                        + " toolchains.require is identical");
        assertThat(notices).filteredOn(text -> text.contains("/opt/bad-gcc")).hasSize(1);
        assertThat(((Command.Configure) same.received().get(0))
                        .compilers()
                        .get("arm")
                        .identity())
                .isEqualTo("aa");
    }

    @Test
    void namesTheBoardsThatNobodyMayBuildAndBuildsTheOthers() throws Exception {
        Has other = new Has(Map.of("arm", "13.1.0 arm-linux bb", "riscv", "13.1.0 riscv64-linux cc"));

        BuildReport report =
                run("same-version", boards("one:arm", "five:riscv", "odd:m68k"), Map.of("m1", other), Map.of());

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
        assertThat(built(other)).containsExactly("five");
        assertThat(report.outcomes().get(new Cell("one", 0)))
                .isEqualTo(new NotBuilt(
                        Reason.NO_TOOLCHAIN,
                        "no fit compiler for arm; m1: 13.1.0 there, 12.2.0 here; toolchains.require is same-version"));
        assertThat(notices)
                .anySatisfy(text ->
                        assertThat(text).contains("no compiler for m68k on m1").contains("odd"));
    }

    @Test
    void sendsThemAnywhereIfTheUserSaysSo() throws Exception {
        Has other = new Has(Map.of("arm", "13.1.0 arm-linux bb"));

        assertThat(run("any", boards("one:arm"), Map.of("m1", other), Map.of()).exitStatus(false))
                .isEqualTo(ExitStatus.OK);
    }

    @Test
    void judgesAnExistingWorkerByTheCompilersOfItsMachine() throws Exception {
        scan = Optional.of("""
                BUILDBOSS-COMPILER /opt/arm-linux-gcc\t13.1.0\tarm-linux\tbb
                BUILDBOSS-COMPILER /opt/riscv-linux-gcc\t13.1.0\triscv-linux\tcc
                BUILDBOSS-COMPILER end
                """);
        Existing worker = new Existing();

        BuildReport report = run(
                "identical",
                boards("one:arm", "five:riscv", "box:sandbox", "odd:m68k"),
                Map.of("old", worker),
                Map.of());

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
        assertThat(built(worker)).containsExactlyInAnyOrder("five", "box", "odd");
        assertThat(worker.toldCompilers()).containsEntry("riscv", "/opt/riscv-linux-gcc");
        assertThat(notices)
                .contains("old: no arm boards go there: 13.1.0 there, 12.2.0 here; toolchains.require is identical");
        assertThat(notices)
                .filteredOn(text -> text.contains("machines.old.threads"))
                .hasSize(1);
    }

    @Test
    void letsAnExistingWorkerTakeTheCompilerThatIsHereToo() throws Exception {
        scan = Optional.of("""
                BUILDBOSS-COMPILER /new/arm-linux-gcc\t13.1.0\tarm-linux\tbb
                BUILDBOSS-COMPILER /old/arm-linux-gcc\t12.2.0\tarm-linux\taa
                BUILDBOSS-COMPILER end
                """);
        Existing worker = new Existing();

        BuildReport report = run("identical", boards("one:arm"), Map.of("old", worker), Map.of());

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(worker.toldCompilers()).containsExactly(Map.entry("arm", "/old/arm-linux-gcc"));
    }

    @Test
    void saysThatAnExistingWorkersCompilersCannotBeTold() throws Exception {
        Existing worker = new Existing();

        BuildReport report = run("identical", boards("one:arm"), Map.of("old", worker), Map.of());

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(notices)
                .anySatisfy(
                        text -> assertThat(text).startsWith("old: its compilers can't be told and are not compared: "));
    }

    @Test
    void keepsBoardsFromAMachineThatWasSetAsideForTheirArchitecture() throws Exception {
        Has one = new Has(Map.of("arm", "12.2.0 arm-linux aa"));
        Has other = new Has(Map.of("arm", "12.2.0 arm-linux aa", "sandbox", "9 x b"));

        BuildReport report = run(
                "identical",
                boards("one:arm", "two:arm", "box:sandbox"),
                Map.of("m1", one, "m2", other),
                Map.of("m2", Map.of("arm", "u-boot.bin differs")));

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(built(other)).containsExactly("box");
        assertThat(notices).contains("m2: no arm boards go there: u-boot.bin differs");
    }
}
