package dev.buildboss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.Confirmation;
import dev.buildboss.model.Confirmation.Verdict;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Response;
import dev.buildboss.results.Confirmations;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.testing.Waits;
import dev.buildboss.toolchain.HostCompilers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs that build a board's first failure again, with the real pool and the real result store. */
class ConfirmFailuresTest extends RunsOnFakes {

    private static final String CONFIRMS = QUICK.replace("boss {", "boss { confirm-failures = doubtful,");
    private static final String HASH = "1".repeat(40);
    private static final Cell CELL = new Cell("oak", 0);
    private static final String LINK_ERROR = "ld: main.o: undefined reference to `x'\n";

    /** The machines that built the board, in order. */
    private final List<String> builders = new ArrayList<>();

    @BeforeEach
    void forget() {
        builders.clear();
    }

    /** Builds that fail as a rule says of the machine and of how many there were before. */
    private FakeFleet fleet(String stderr, BiPredicate<String, Integer> fails) {
        return new FakeFleet(system, machine -> new FakeFleet.Worker() {
            @Override
            protected Response.BuildResult result(String board, int commit) {
                synchronized (builders) {
                    boolean failed = fails.test(machine.name(), builders.size());
                    builders.add(machine.name());
                    return resultOf(board, commit, failed ? 2 : 0, failed ? stderr : "");
                }
            }
        });
    }

    private BuildRequest oak() {
        return request(List.of(Board.of("oak", "arm")), HASH);
    }

    private Path oakDir() {
        return out().resolve("01_g" + HASH + "_a-subject/oak");
    }

    private Confirmation known() {
        return Confirmations.read(oakDir()).orElseThrow();
    }

    @Test
    void keepsAFailureThatAnotherMachineConfirms() throws Exception {
        BuildReport report = run(CONFIRMS, oak(), existing("m1", "m2"), fleet(LINK_ERROR, (machine, before) -> true));

        assertThat(report.outcomes()).containsEntry(CELL, new Built(Kind.FAILED, 2));
        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.FAILED);
        assertThat(builders).hasSize(2).doesNotHaveDuplicates();
        assertThat(known()).isEqualTo(new Confirmation(Verdict.CODE, builders.get(0), 2, builders.get(1)));
        assertThat(oakDir().resolve("done")).hasContent("2");
        assertThat(oakDir().resolve("err")).hasContent(LINK_ERROR.strip());
        assertThat(oakDir().resolve("host")).hasContent(builders.get(0));
    }

    @Test
    void takesTheGoodResultOfAFlakeAndKeepsWhatWasSaidFirst() throws Exception {
        BuildReport report =
                run(CONFIRMS, oak(), existing("m1", "m2"), fleet(LINK_ERROR, (machine, before) -> before == 0));

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(builders).hasSize(3);
        assertThat(builders.get(2)).isEqualTo(builders.get(0)).isNotEqualTo(builders.get(1));
        assertThat(known()).isEqualTo(new Confirmation(Verdict.FLAKE, builders.get(0), 2, builders.get(1)));
        assertThat(oakDir().resolve("done")).hasContent("0");
        assertThat(oakDir().resolve("err")).doesNotExist();
        assertThat(oakDir().resolve("err.first")).hasContent(LINK_ERROR.strip());
        assertThat(oakDir().resolve("host")).hasContent(builders.get(1));
    }

    @Test
    void blamesTheMachineWhereItFailsEachTime() throws Exception {
        BuildReport report = run(CONFIRMS, oak(), existing("m1", "m2"), fleet(LINK_ERROR, (machine, before) -> {
            return before == 0 || machine.equals(builders.get(0));
        }));

        assertThat(report.outcomes()).containsEntry(CELL, new Built(Kind.OK, 0));
        assertThat(known().verdict()).isEqualTo(Verdict.MACHINE);
        assertThat(known().words())
                .isEqualTo("fails on %s each time, was built on %s", builders.get(0), builders.get(1));
    }

    @Test
    void buildsAgainOnTheOnlyMachine() throws Exception {
        run(CONFIRMS, oak(), existing("m1"), fleet(LINK_ERROR, (machine, before) -> before == 0));

        assertThat(known()).isEqualTo(new Confirmation(Verdict.FLAKE, "m1", 2, "m1"));
        assertThat(known().words()).isEqualTo("failed once on m1 and was built there the second time");
    }

    @Test
    void buildsNoErrorAgainThatIsPlainlyInTheSourceUnlessTold() throws Exception {
        String plain = "lib/a.c:3:5: error: expected ';'\n";
        run(CONFIRMS, oak(), existing("m1", "m2"), fleet(plain, (machine, before) -> true));

        assertThat(builders).hasSize(1);
        assertThat(Confirmations.read(oakDir())).isEmpty();

        builders.clear();
        run(
                CONFIRMS.replace("doubtful", "always"),
                oak().withRebuild(BuildRequest.Rebuild.ALL),
                existing("m1", "m2"),
                fleet(plain, (machine, before) -> true));

        assertThat(known().verdict()).isEqualTo(Verdict.CODE);
    }

    @Test
    void buildsNothingAgainUnlessTold() throws Exception {
        run(QUICK, oak(), existing("m1", "m2"), fleet(LINK_ERROR, (machine, before) -> true));

        assertThat(builders).hasSize(1);
    }

    @Test
    void leavesAFailureOpenThatARunIsStoppedBeforeAndTheNextRunBuildsItAgain() throws Exception {
        FakeFleet hangs = new FakeFleet(system, machine -> new FakeFleet.Worker() {
            @Override
            protected void onBoard(Command.BoardSpec spec) {
                synchronized (builders) {
                    if (builders.isEmpty()) {
                        super.onBoard(spec);
                    }
                    builders.add(machine.name()); // the second one says nothing
                }
            }

            @Override
            protected Response.BuildResult result(String board, int commit) {
                return resultOf(board, commit, 2, LINK_ERROR);
            }
        });
        Settings settings = Settings.of(com.typesafe.config.ConfigFactory.parseString(CONFIRMS));
        try (BuildScheduler scheduler = BuildScheduler.builder()
                .settings(settings)
                .transport(hangs)
                .bundle(FakeFleet.bundle())
                .compilers(archs -> HostCompilers.NONE)
                .actorSystem(system)
                .build()) {
            BuildRun run = scheduler.start(oak(), existing("m1", "m2"));
            Events events = new Events();
            run.events().subscribe(events);
            events.awaitFirst(BuildEvent.FailureDoubted.class);
            run.cancel();

            CellOutcome outcome = run.report()
                    .toCompletableFuture()
                    .get(Waits.LIMIT_S, TimeUnit.SECONDS)
                    .outcomes()
                    .get(CELL);
            assertThat(outcome).isEqualTo(new Built(Kind.FAILED, 2));
        }
        assertThat(known()).isEqualTo(Confirmation.open(builders.get(0), 2));

        builders.clear();
        BuildReport next = run(CONFIRMS, oak(), existing("m1", "m2"), fleet(LINK_ERROR, (machine, before) -> true));

        assertThat(next.previous()).isZero();
        assertThat(known().verdict()).isEqualTo(Verdict.CODE);
        assertThat(run(CONFIRMS, oak(), existing("m1"), fleet("", (m, n) -> true))
                        .previous())
                .isEqualTo(1);
    }
}
