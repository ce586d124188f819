package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildRequest;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Grant;
import dev.buildboss.plan.Power;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.results.ResultStore;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.toolchain.HostCompilers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker is told, and which one is not told at all. */
class WorkerCommandsTest {

    private static final Machine OTHER = new Machine("m1", "host", 2, "~/w", Optional.empty(), List.of());
    private static final Set<Feature> ALL = EnumSet.allOf(Feature.class);
    private static final Set<Feature> EXISTING = Set.of();
    private static final Board EXTENDED = Board.of("elm", "sandbox").extended("acpi,elm", List.of("acpi.config"));

    @TempDir
    private Path temp;

    private static BuildChanges changes(List<String> adjust, String goal, boolean perBoard, boolean quick) {
        return new BuildChanges(adjust, List.of(), goal, false, perBoard, quick, false, false, "", Optional.empty());
    }

    private RunContext run(BuildChanges changes, Board... boards) {
        BuildRequest request = BuildRequest.of(
                        Path.of("/nowhere/.git"),
                        List.of(boards),
                        List.of(new Commit("a".repeat(40), "first")),
                        temp.resolve("out"))
                .withOptions(BuildOptions.DEFAULT.withChanges(changes));
        try (ResultStore store = ResultStore.open(request, 1 << 20)) {
            return new RunContext(
                    request,
                    Settings.defaults(),
                    List.of(),
                    FakeFleet.bundle(),
                    store,
                    new EventHub(Runnable::run, 100),
                    Runnable::run,
                    Clock.systemUTC(),
                    new ProtocolFlows(Settings.defaults().protocol()));
        }
    }

    private RunContext run(BuildChanges changes) {
        return run(changes, Board.of("elm", "sandbox"));
    }

    @Test
    void passesOverAnExistingWorkerThatCannotBeToldOfAnOptionAndNamesIt() {
        RunContext run = run(changes(List.of("FOO"), "tools", true, false));

        assertThat(WorkerCommands.unsuited(run, OTHER, EXISTING)).contains("its worker can't be told -a, --target");
        assertThat(WorkerCommands.unsuited(run, OTHER, ALL)).isEmpty();
    }

    @Test
    void usesAnExistingWorkerWhereAnOptionChangesTheWayOnlyAndSaysSo() {
        RunContext run = run(changes(List.of(), "", true, true));

        assertThat(WorkerCommands.unsuited(run, OTHER, EXISTING)).isEmpty();
        assertThat(WorkerCommands.leftOut(run, OTHER, EXISTING)).contains("it builds without -P, -Q");
        assertThat(WorkerCommands.leftOut(run, OTHER, ALL)).isEmpty();
        assertThat(WorkerCommands.configure(run, OTHER, EXISTING, HostCompilers.NONE, Map.of())
                        .options()
                        .changes())
                .isEqualTo(BuildChanges.NONE);
    }

    @Test
    void tellsRemoteWorkersTheSameAsLocalOnes() {
        BuildChanges wanted = changes(List.of("FOO", "~BAR"), "tools", true, true);
        RunContext run = run(wanted);

        assertThat(WorkerCommands.configure(run, OTHER, ALL, HostCompilers.NONE, Map.of())
                        .options()
                        .changes())
                .isEqualTo(wanted);
        assertThat(WorkerCommands.configure(run, Machine.local(), ALL, HostCompilers.NONE, Map.of())
                        .options()
                        .changes())
                .isEqualTo(wanted);
    }

    @Test
    void buildsInADirectoryOfThisComputerHereOnly() {
        BuildChanges here =
                BuildChanges.NONE.withPlace(Optional.of(new BuildChanges.BuildPlace(Optional.of("/src"), "/out")));
        RunContext run = run(here);

        assertThat(WorkerCommands.unsuited(run, OTHER, ALL))
                .contains("this run builds in a directory of this computer (-w)");
        assertThat(WorkerCommands.unsuited(run, Machine.local(), ALL)).isEmpty();
        assertThat(WorkerCommands.configure(run, Machine.local(), ALL, HostCompilers.NONE, Map.of())
                        .options()
                        .changes())
                .isEqualTo(here);
    }

    @Test
    void expectsThatAMachineTakesAsManyBoardsAsItsUserSaysElseOneForEachThread() {
        Board[] boards =
                IntStream.range(0, 20).mapToObj(i -> Board.of("b" + i, "arm")).toArray(Board[]::new);
        RunContext run = run(BuildChanges.NONE, boards);
        Machine free = new Machine("m2", "host", 0, "~/w", Optional.empty(), List.of());

        assertThat(WorkerCommands.expectedPower(run, OTHER, 8)).isEqualTo(new Power(8, 1, 2, false));
        assertThat(WorkerCommands.expectedPower(run, free, 8)).isEqualTo(new Power(8, 1, 8, false));
        assertThat(WorkerCommands.expectedPower(run, free, 64)).isEqualTo(new Power(64, 1, 20, false));
        assertThat(WorkerCommands.expectedPower(run, free, 0)).isEqualTo(new Power(0, 1, 1, false));
    }

    @Test
    void namesTheBaseAndTheFragmentsOfAnExtendedBoard() {
        RunContext run = run(BuildChanges.NONE, EXTENDED);
        Grant grant = new Grant(1, "m1", EXTENDED, List.of(0));

        Command.BoardSpec spec = WorkerCommands.spec(run, grant, ALL);

        assertThat(spec.board()).isEqualTo("acpi,elm");
        assertThat(spec.defconfig()).isEqualTo("elm");
        assertThat(spec.fragments()).containsExactly("acpi.config");
        assertThat(WorkerCommands.unsuited(run, OTHER, EXISTING))
                .contains("its worker can't be told of extended boards (-X)");
    }
}
