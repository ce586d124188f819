package dev.buildboss;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildEvent.MachinesVerified;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.model.Machine;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Response;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.Waits;
import dev.buildboss.toolchain.HostCompilers;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** Machines are compared by the images that they make, before a run. */
class CanaryTest extends RunsOnFakes {

    private static final String HASH = "a".repeat(40);

    /** A worker whose images have these bytes; without any its builds fail. */
    private static class Makes extends FakeFleet.Worker {
        private final String bytes;

        Makes(String bytes) {
            this.bytes = bytes;
        }

        @Override
        protected Set<String> archs() {
            return this instanceof Late ? Set.of("arm", "aarch64") : Set.of("arm");
        }

        @Override
        protected void onBoard(Command.BoardSpec spec) {
            if (!bytes.isEmpty()) {
                ByteString data = ByteString.fromString(bytes);
                say(new Response.Artefact(spec.board(), 0, "u-boot.bin", data, true));
            }
            say(resultOf(spec.board(), 0, bytes.isEmpty() ? 2 : 0, ""));
        }
    }

    /** The same, busy with another boss for its first connections; it alone can build for aarch64, so that the run needs it. */
    private static final class Late extends Makes {
        private final boolean busy;

        Late(String bytes, boolean busy) {
            super(bytes);
            this.busy = busy;
        }

        @Override
        protected void greet() {
            if (busy) {
                say(new Response.Refusal(Response.Refusal.busy("work directory /w", "simon@laptop")));
            } else {
                super.greet();
            }
        }
    }

    private int lateAfter;

    private final Map<String, List<FakeFleet.Worker>> workers = new ConcurrentHashMap<>();
    private List<BuildEvent> events = List.of();

    private BuildReport run(String settings, List<Board> boards, Map<String, String> images) throws Exception {
        workers.clear();
        FakeFleet fleet = new FakeFleet(system, machine -> {
            List<FakeFleet.Worker> before =
                    workers.computeIfAbsent(machine.name(), name -> new CopyOnWriteArrayList<>());
            String bytes = images.get(machine.name());
            Makes worker = !machine.name().equals("late")
                    ? new Makes(bytes)
                    : new Late(bytes, before.size() < lateAfter || !hasBegun());
            before.add(worker);
            return worker;
        });
        try (BuildScheduler scheduler = BuildScheduler.builder()
                .settings(Settings.of(
                        ConfigFactory.parseString(QUICK + "\nbuildboss.verify.machines = true\n" + settings)))
                .transport(fleet)
                .bundle(FakeFleet.bundle())
                .actorSystem(system)
                .compilers(archs -> HostCompilers.NONE)
                .build()) {
            List<Machine> machines = images.keySet().stream()
                    .sorted()
                    .map(name -> name.equals(Machine.LOCAL_NAME)
                            ? Machine.local()
                            : new Machine(name, "host", 1, "~/w", Optional.empty(), List.of()))
                    .toList();
            BuildRun run = scheduler.start(request(boards, HASH), machines);
            Events seen = new Events();
            run.events().subscribe(seen);
            BuildReport report = run.report().toCompletableFuture().get(Waits.LIMIT_S, TimeUnit.SECONDS);
            events = seen.awaitAll();
            return report;
        }
    }

    /** Whether the machines that were not late are through with what they are compared by: the run itself has another worker. */
    private boolean hasBegun() {
        return workers.getOrDefault("m1", List.of()).size() > 1;
    }

    private List<MachinesVerified> verified() {
        return events.stream()
                .filter(event -> event instanceof MachinesVerified)
                .map(event -> (MachinesVerified) event)
                .toList();
    }

    /** The boards that a machine built in the run itself: its last worker's. */
    private List<String> built(String machine) {
        List<FakeFleet.Worker> all = workers.get(machine);
        return all.get(all.size() - 1).received().stream()
                .filter(command -> command instanceof Command.BuildBoard)
                .map(command -> ((Command.BuildBoard) command).spec().board())
                .toList();
    }

    private static List<Board> arms(String... names) {
        List<Board> boards = new ArrayList<>();
        for (String name : names) {
            boards.add(Board.of(name, "arm"));
        }
        return boards;
    }

    @Test
    void setsTheMachineAsideThatBuildsAnotherImageAndNamesTheFile() throws Exception {
        BuildReport report = run("", arms("one", "two", "six"), Map.of("m1", "same", "m2", "other", "m3", "same"));

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(report.outcomes()).hasSize(3);
        assertThat(verified())
                .containsExactly(new MachinesVerified(
                        "arm", "one", List.of("m1", "m3"), Map.of("m2", "u-boot.bin differs"), true));
        assertThat(built("m2")).isEmpty();
        Command.Configure told =
                (Command.Configure) workers.get("m1").get(0).received().get(0);
        assertThat(told.options().reproducibleBuilds()).isTrue();
        assertThat(told.options().keepOutputs()).isTrue();
        assertThat(filesBelow(out())).anyMatch(file -> file.startsWith(".bm-work/verify/m2/"));
    }

    @Test
    void leavesNothingBehindWhereAllAreAlike() throws Exception {
        BuildReport report = run("", arms("one", "two"), Map.of("local", "same", "m1", "same"));

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(verified())
                .containsExactly(new MachinesVerified("arm", "one", List.of("local", "m1"), Map.of(), true));
        assertThat(events).contains(new BuildEvent.Notice("", "first each machine builds one (--verify-machines)"));
        assertThat(Files.exists(out().resolve(".bm-work/verify"))).isFalse();
    }

    @Test
    void setsNobodyAsideWhereNothingTellsWhichIsRight() throws Exception {
        BuildReport report = run("", arms("one"), Map.of("m1", "a", "m2", "b"));

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(verified().get(0).setAside()).isFalse();
        assertThat(verified().get(0).odd()).containsOnlyKeys("m1", "m2");
    }

    @Test
    void setsAMachineAsideThatFailsWhatOthersBuild() throws Exception {
        BuildReport report = run("", arms("one", "two"), Map.of("m1", "same", "m2", ""));

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(verified().get(0).odd()).isEqualTo(Map.of("m2", "the build fails (2)"));
    }

    @Test
    void buildsTheNamedBoardOnlyAndRefusesOneThatIsNotThere() throws Exception {
        run("buildboss.verify.board = two", arms("one", "two"), Map.of("m1", "same", "m2", "same"));
        assertThat(verified()).extracting(MachinesVerified::board).containsExactly("two");

        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> run("buildboss.verify.board = gone", arms("three"), Map.of("m1", "a", "m2", "a")))
                .hasMessageContaining("no such board among those of this run: gone");
    }

    private static List<Board> armsAndOneMore() {
        List<Board> boards = new ArrayList<>(arms("one", "two"));
        boards.add(Board.of("wide", "aarch64"));
        return boards;
    }

    @Test
    void comparesAMachineThatJoinsLateBeforeItGetsBoards() throws Exception {
        lateAfter = 1;

        BuildReport report = run(
                "buildboss.boss.busy-interval = 100 ms",
                armsAndOneMore(),
                Map.of("m1", "same", "m2", "same", "late", "other"));

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(verified())
                .contains(
                        new MachinesVerified("arm", "one", List.of("m1", "m2"), Map.of(), true),
                        new MachinesVerified(
                                "arm", "one", List.of("m1", "m2"), Map.of("late", "u-boot.bin differs"), true));
        assertThat(built("late")).containsExactly("wide");
        assertThat(filesBelow(out())).anyMatch(file -> file.startsWith(".bm-work/verify/late/"));
    }

    @Test
    void givesBoardsToALateMachineWhoseImagesAreTheSame() throws Exception {
        lateAfter = 3;

        BuildReport report = run(
                "buildboss.boss.busy-interval = 100 ms",
                armsAndOneMore(),
                Map.of("m1", "same", "m2", "same", "late", "same"));

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(verified())
                .contains(new MachinesVerified("arm", "one", List.of("m1", "m2", "late"), Map.of(), true));
        assertThat(built("late")).contains("wide");
        assertThat(Files.exists(out().resolve(".bm-work/verify/late"))).isFalse();
    }

    @Test
    void goesOnWithWhatBuildsNowhere() throws Exception {
        BuildReport report = run("", arms("one", "two"), Map.of("m1", "", "m2", ""));

        assertThat(report.outcomes().get(new Cell("one", 0)).toString()).contains("FAILED");
        assertThat(verified()).containsExactly(new MachinesVerified("arm", "two", List.of(), Map.of(), true));
    }
}
