package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buildboss.cli.Said;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is true of U-Boot's boards is true of every recipe's: the same tests, over each of them. */
class EveryRecipeTest extends FaultTest {

    private static final String[] MACHINES = {"m1", "m2"};

    /** Whoever begins to build on these machines waits at a gate of the machine's name. */
    private static void close(RecipeTree tree, String... machines) throws IOException {
        for (String machine : machines) {
            tree.control().close(machine);
            tree.control().task("any@" + machine, "gate " + machine);
        }
    }

    private static void open(RecipeTree tree, String... machines) {
        for (String machine : machines) {
            tree.control().open(machine);
        }
    }

    /** A run on both machines, a board at a time on each. */
    private FaultBed.Run oneByOne(RecipeTree tree) {
        return bed.remoteInOnePiece(tree).set("machines.m1.max-boards", "1").set("machines.m2.max-boards", "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"u-boot", "kbuild", "command", "bitbake"})
    void buildsEachCellOnceOnTwoMachinesReportsItAndGoesOnFromWhatIsThere(String recipe) throws IOException {
        RecipeTree tree = bed.tree(recipe);
        int cells = tree.boards().size() * tree.commits();
        close(tree, "m1", "m2", FaultBed.LOCAL);
        FaultBed.Run run = oneByOne(tree);
        BossProcess boss = run.start();
        for (String machine : MACHINES) {
            Processes.Seen unused = bed.awaitBuildOn(machine, boss, tree.control());
        }
        open(tree, "m1", "m2", FaultBed.LOCAL);

        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(FaultBed.UNDISTURBED_STATUS);
        FaultBed.assertOneEndForEachCell(boss, cells);
        assertThat(run.results().cells()).hasSize(cells);
        run.results().assertNothingAside();
        assertThat(boss.report().path("outcomes").path("ok").asInt()).isEqualTo(cells - 2);
        assertThat(boss.report().path("outcomes").path("warning").asInt()).isEqualTo(1);
        assertThat(boss.report().path("outcomes").path("failed").asInt()).isEqualTo(1);
        assertBuiltOnce(tree);
        assertOfOneJobPool(tree, run);
        assertReported(tree, run);
        bed.wasUndisturbed(tree, run);

        tree.control().reset();
        BossProcess again = run.start();
        assertThat(again.awaitExit()).as(again.words()).isEqualTo(FaultBed.UNDISTURBED_STATUS);
        assertThat(again.report().path("previous").asInt()).as(again.words()).isEqualTo(cells);
        assertThat(tree.control().begun()).isEmpty();
        bed.awaitNobodyLeft();
    }

    /** A build that fails may be tried once more, from a clean start. */
    private static void assertBuiltOnce(RecipeTree tree) {
        List<String> sound = tree.control().begun().stream()
                .map(line -> line.substring(0, line.indexOf(' ', line.indexOf(' ') + 1)))
                .filter(cell -> !cell.startsWith(tree.broken() + " "))
                .toList();
        assertThat(sound).doesNotHaveDuplicates().hasSize((tree.boards().size() - 1) * tree.commits());
    }

    /** The makes share their worker's jobs; bitbake has nothing but the limits that its user gave it. */
    private static void assertOfOneJobPool(RecipeTree tree, FaultBed.Run run) {
        assertThat(tree.control().flags()).isNotEmpty().allSatisfy(line -> {
            String flags = line.split(" ", 4)[3];
            if (tree instanceof BitbakeTree) {
                assertThat(flags).isEmpty();
            } else {
                assertThat(flags).contains("--jobserver-auth=");
            }
        });
        run.results().cells().forEach((cell, files) -> {
            assertThat(files.getOrDefault("err", "")).as(cell).doesNotContain("jobserver");
            if (tree instanceof BitbakeTree) {
                assertThat(files.get("log")).as(cell).contains("THREADS              = \"7\" \"\"");
            }
        });
    }

    private Said summary(RecipeTree tree, FaultBed.Run run, String... more) {
        List<String> argv =
                new ArrayList<>(List.of("summary", "-o", run.results().root().toString()));
        argv.addAll(List.of(more));
        Said said = Said.of(bed.directory(), tree.directory(), argv.toArray(String[]::new));
        assertThat(said.status()).as(said.toString()).isEqualTo(FaultBed.UNDISTURBED_STATUS);
        return said;
    }

    private void assertReported(RecipeTree tree, FaultBed.Run run) throws IOException {
        assertThat(summary(tree, run, "-e").out()).contains(tree.broken()).contains("broken here");
        JsonNode json = new ObjectMapper()
                .readTree(summary(tree, run, "--format", "json").out());
        Set<String> failed = new TreeSet<>();
        json.path("cells").forEach(cell -> {
            if (cell.path("outcome").asText().equals("failed")) {
                failed.add(cell.path("board").asText());
            }
        });
        assertThat(json.path("cells")).hasSize(tree.boards().size() * tree.commits());
        assertThat(failed).containsExactly(tree.broken());
        assertThat(summary(tree, run, "--format", "junit").out())
                .containsPattern("<testcase[^>]* name=\"" + tree.broken() + "\"[^>]*>\\s*<failure");
        assertThat(summary(tree, run, "--format", "html").out())
                .contains(tree.broken())
                .contains("broken here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"u-boot", "kbuild", "command", "bitbake"})
    void buildsTheBoardsOfAMachineThatDiesOnTheOther(String recipe) throws IOException {
        RecipeTree tree = bed.tree(recipe);
        Results undisturbed = bed.undisturbed(tree);
        close(tree, "m1", "m2", FaultBed.LOCAL);
        FaultBed.Run run = oneByOne(tree).boards(tree.sound()).set("boss.max-reconnects", "1");
        BossProcess boss = run.start();
        String victim = awaitBuildOnAMachine(tree, boss);

        bed.fleet().crash(victim);
        JsonNode back = boss.awaitEvent(
                "board-requeued", event -> event.path("machine").asText().equals(victim));
        open(tree, victim.equals("m1") ? "m2" : "m1", FaultBed.LOCAL);

        assertThat(boss.awaitExit()).as(boss.words()).isZero();
        int cells = tree.sound().size() * tree.commits();
        FaultBed.assertOneEndForEachCell(boss, cells);
        assertThat(boss.events("cell-done"))
                .as("its board was " + back)
                .noneMatch(event -> event.path("machine").asText().equals(victim));
        run.results().assertSameAs(undisturbed, tree.sound());
        run.results().assertNothingAside();
        bed.awaitNobodyLeft(); // though the gate of the machine that died is closed
    }

    /** The first machine that builds; where this computer builds too, there may be nothing for the other one. */
    private static String awaitBuildOnAMachine(RecipeTree tree, BossProcess boss) {
        return Waits.until(
                "a build on a machine",
                () -> tree.control().begun().stream()
                        .map(line -> line.split(" ", -1)[2])
                        .filter(List.of(MACHINES)::contains)
                        .findFirst(),
                boss::words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"u-boot", "kbuild", "command", "bitbake"})
    void buildsOnlyWhatIsMissingAfterAKilledBoss(String recipe) throws IOException {
        RecipeTree tree = bed.tree(recipe);
        Results undisturbed = bed.undisturbed(tree);
        tree.control().close("later");
        for (String build : tree.later()) {
            tree.control().task(build, "gate later");
        }
        FaultBed.Run run = oneByOne(tree);
        BossProcess boss = run.start();
        boss.awaitEvent("cell-done", event -> true);
        Waits.until("builds that wait", () -> waits(tree), boss::words);

        boss.kill();

        bed.awaitNobodyLeft(); // though the gate is closed
        run.results().assertWholeCells(undisturbed);
        Set<String> stored = run.results().cells().keySet();
        assertThat(stored).isNotEmpty();

        tree.control().reset();
        BossProcess second = run.start();
        assertThat(second.awaitExit()).as(second.words()).isEqualTo(FaultBed.UNDISTURBED_STATUS);
        assertThat(second.report().path("previous").asInt()).isEqualTo(stored.size());
        FaultBed.assertOneEndForEachCell(second, tree.boards().size() * tree.commits());
        run.results().assertSameAs(undisturbed);
        run.results().assertNothingAside();
        bed.awaitNobodyLeft();
    }

    private static boolean waits(RecipeTree tree) {
        return tree.later().stream().anyMatch(build -> tree.control().hasBegun(build.replaceFirst("-(\\d+)$", " $1 ")));
    }

    @ParameterizedTest
    @ValueSource(strings = "bitbake")
    void waitsForAnotherRecipesRunInTheSameWorkDirectories(String recipe) throws IOException {
        RecipeTree first = bed.tree("u-boot");
        RecipeTree second = bed.tree(recipe);
        Results expected = bed.undisturbed(first);
        Results other = bed.undisturbed(second);
        first.control().hold("ash-0");
        first.control().hold("fir-0");
        FaultBed.Run one = oneByOne(first).boards(first.sound());
        BossProcess here = one.start();
        bed.awaitBegun("ash 0 ", here);
        bed.awaitBegun("fir 0 ", here);

        close(second, FaultBed.LOCAL); // which would build all of it meanwhile
        FaultBed.Run two = oneByOne(second).workDir(one.workDir()).boards(second.sound());
        BossProcess there = two.start();
        Waits.until("the second boss is told", () -> there.words().contains("in use"), there::words);
        first.control().open("ash-0");
        first.control().open("fir-0");
        open(second, FaultBed.LOCAL);

        assertThat(here.awaitExit()).as(here.words()).isZero();
        assertThat(there.awaitExit()).as(there.words()).isIn(0, FaultBed.NOT_BUILT_STATUS);
        one.results().assertSameAs(expected, first.sound());
        two.results().assertWholeCells(other);
    }

    @ParameterizedTest
    @ValueSource(strings = "u-boot, bitbake, kbuild, command, bitbake")
    void leavesNothingInAWorkDirectoryThatDisturbsAnotherRecipe(String recipes) throws IOException {
        List<FaultBed.Run> runs = new ArrayList<>();
        for (String recipe : recipes.split(", ", -1)) {
            RecipeTree tree = bed.tree(recipe);
            Results undisturbed = bed.undisturbed(tree);
            FaultBed.Run run = oneByOne(tree).boards(tree.sound());
            runs.add(run.workDir(runs.isEmpty() ? run.workDir() : runs.get(0).workDir()));
            BossProcess boss = run.start();
            assertThat(boss.awaitExit()).as(recipe + boss.words()).isZero();
            assertThat(boss.report().path("previous").asInt()).isZero();
            run.results().assertSameAs(undisturbed, tree.sound());
        }
        bed.awaitNobodyLeft();
    }
}
