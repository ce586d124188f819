package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The place of all fault tests: one stub tree, two machines (m1, m2), and the results of an undisturbed run to compare with.
 * Each test has an output directory and work directories of its own.
 */
final class FaultBed implements AutoCloseable {

    /** A board of {@link StubTree} is broken: what an undisturbed run ends with. */
    static final int UNDISTURBED_STATUS = 100;

    static final int NOT_BUILT_STATUS = 103;

    /** What the stub calls this computer. */
    static final String LOCAL = "home";

    private final Path directory;
    private final StubTree tree;
    private final Fleet fleet;
    private final List<BossProcess> bosses = new ArrayList<>();
    private final Map<String, RecipeTree> recipes = new HashMap<>();
    private final Map<String, Results> undisturbed = new HashMap<>();
    private int runs;
    private int processes;

    FaultBed() throws IOException {
        directory = Files.createTempDirectory("buildboss-faults-").toRealPath();
        tree = new StubTree(directory);
        fleet = Fleet.up(directory.resolve("machines"), 2);
        Files.createDirectories(home());
    }

    StubTree tree() {
        return tree;
    }

    /** A tree of that recipe. */
    RecipeTree tree(String recipe) throws IOException {
        RecipeTree known = recipes.get(recipe);
        if (known != null) {
            return known;
        }
        RecipeTree made = switch (recipe) {
            case "kbuild" -> SettingsTree.kbuild(tree);
            case "command" -> SettingsTree.command(tree);
            case "bitbake" -> new BitbakeTree(directory.resolve("yocto"));
            default -> tree;
        };
        recipes.put(recipe, made);
        return made;
    }

    Fleet fleet() {
        return fleet;
    }

    /** A directory for what a test needs besides. */
    Path directory() {
        return directory;
    }

    /** The boss's own home, whose name the stub knows as the local machine's. */
    private Path home() {
        return directory.resolve(LOCAL);
    }

    /** One run, or several one after the other: an output directory, and work directories on the machines. */
    final class Run {
        private final int number = ++runs;
        private final List<String> arguments = new ArrayList<>();
        private final Map<String, String> environment = new HashMap<>();
        private Path output = directory.resolve("out" + number);
        private RecipeTree source = tree;
        private List<String> boards = source.boards();
        private Path sshConfig = fleet.sshConfig();
        private Path config = fleet.config();
        private String workDir = "w" + number;

        /** Further arguments. */
        Run with(String... more) {
            arguments.addAll(List.of(more));
            return this;
        }

        Run set(String setting, String value) {
            return with("--set", setting + "=" + value);
        }

        /** A variable of the boss's environment, and of what it starts on this computer. */
        Run environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        Run boards(String... names) {
            return boards(List.of(names));
        }

        Run boards(List<String> names) {
            boards = names;
            return this;
        }

        Run output(Path place) {
            output = place;
            return this;
        }

        /** Another tree to build, with all of its boards. */
        Run source(RecipeTree other) {
            source = other;
            boards = other.boards();
            return this;
        }

        /** Other machines. */
        Run config(Path file) {
            config = file;
            return this;
        }

        Run sshConfig(Path file) {
            sshConfig = file;
            return this;
        }

        /** The work directory on each machine, below its home. */
        String workDir() {
            return workDir;
        }

        Run workDir(String name) {
            workDir = name;
            return this;
        }

        Path output() {
            return output;
        }

        Results results() {
            return source.results(output);
        }

        /** A machine's log of this run. */
        String log(String machine) throws IOException {
            return Files.readString(output.resolve("work").resolve("worker-" + machine + ".log"));
        }

        BossProcess start() throws IOException {
            List<String> argv = new ArrayList<>(source.command(boards));
            argv.addAll(List.of("-o", output.toString(), "--json"));
            argv.addAll(List.of("--config", config.toString(), "--ssh-config", sshConfig.toString()));
            argv.addAll(List.of("--set", "machine-defaults.work-dir=~/" + workDir));
            argv.addAll(List.of("--set", "boss.reconnect-delay=100 ms"));
            argv.addAll(BossProcess.PATIENT);
            // How long a build waited at a gate must not decide which machine another test's boards go to.
            argv.addAll(List.of("--set", "history.enabled=false"));
            argv.addAll(arguments);
            Path log = directory.resolve("boss" + ++processes);
            Map<String, String> variables = new HashMap<>(source.environment());
            variables.putAll(environment);
            BossProcess boss = BossProcess.start(home(), source.directory(), log, argv, variables);
            bosses.add(boss);
            return boss;
        }

        /** Runs it again with nothing in its way: all cells must be there in the end, as undisturbed. */
        void completes() throws IOException {
            BossProcess boss = start();
            assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(UNDISTURBED_STATUS);
            assertUndisturbed(this, boss);
        }
    }

    Run run() {
        return new Run();
    }

    /** A run on m1 and m2 alone. */
    Run remote() {
        return remote(tree);
    }

    /** The same of another tree, as far as its recipe lets it. */
    Run remote(RecipeTree source) {
        return run().source(source).with(source.remote().toArray(String[]::new));
    }

    /** The same where a board stays whole with the machine that has it, until that is lost: nobody builds its last cells too. */
    Run remoteInOnePiece() {
        return remoteInOnePiece(tree);
    }

    Run remoteInOnePiece(RecipeTree source) {
        return remote(source).set("schedule.split", "false").set("schedule.hedge", "false");
    }

    /** A run on one machine alone. */
    Run on(String machine) {
        return run().with("--use-machines", machine, "--no-local");
    }

    /** What comes after another run: in its output directory and its work directories, on the machines as they are now. */
    Run sameWork(Run earlier) {
        Run run = remote().output(earlier.output());
        run.workDir = earlier.workDir;
        return run;
    }

    /** What a run without faults leaves and reports. */
    Results undisturbed() throws IOException {
        return undisturbed(tree);
    }

    /** The same of another tree. */
    Results undisturbed(RecipeTree source) throws IOException {
        Results known = undisturbed.get(source.recipe());
        if (known != null) {
            return known;
        }
        Run run = remote(source);
        BossProcess boss = run.start();
        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(UNDISTURBED_STATUS);
        assertThat(run.results().cells()).hasSize(source.boards().size() * source.commits());
        undisturbed.put(source.recipe(), run.results());
        source.control().reset();
        return run.results();
    }

    /** Says that a run was one without faults, so that there need not be another. */
    void wasUndisturbed(RecipeTree source, Run run) {
        undisturbed.put(source.recipe(), run.results());
    }

    /** The run ended as one without faults would have: results, counts and status. */
    void assertUndisturbed(Run run, BossProcess boss) throws IOException {
        int cells = StubTree.BOARDS.size() * StubTree.COMMITS;
        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(UNDISTURBED_STATUS);
        run.results().assertSameAs(undisturbed());
        run.results().assertNothingAside();
        run.results().assertNoGitLock();
        JsonNode outcomes = boss.report().path("outcomes");
        assertThat(outcomes.path("ok").asInt()).as("ok in the report").isEqualTo(cells - 2);
        assertThat(outcomes.path("warning").asInt()).isEqualTo(1);
        assertThat(outcomes.path("failed").asInt()).isEqualTo(1);
        assertThat(outcomes.path("not-built").asInt()).isZero();
        assertOneEndForEachCell(boss, cells);
    }

    /** Each cell was told of once, or was there before. */
    static void assertOneEndForEachCell(BossProcess boss, int cells) {
        List<String> told = boss.events("cell-done").stream()
                .map(event -> event.path("cell").toString())
                .toList();
        assertThat(told).doesNotHaveDuplicates();
        assertThat(told.size() + boss.report().path("previous").asInt()).isEqualTo(cells);
    }

    /** Waits until nothing of this place runs any more, the servers excepted. */
    void awaitNobodyLeft() {
        Waits.until("no process is left", () -> others().isEmpty(), () -> Processes.list(others()));
    }

    /** What runs of this place besides the servers. */
    List<Processes.Seen> others() {
        return Processes.in(directory).stream().filter(seen -> !seen.isSshd()).toList();
    }

    /** This computer's own workers. */
    List<Processes.Seen> localWorkers() {
        return Processes.workers(home());
    }

    /** The one worker of a machine, once it is there. */
    Processes.Seen awaitWorker(String machine, BossProcess boss) {
        return Waits.until(
                "a worker on " + machine, () -> fleet.workers(machine).stream().findFirst(), boss::words);
    }

    /** The worker of a machine, once it builds. */
    Processes.Seen awaitBuildOn(String machine, BossProcess boss) {
        return awaitBuildOn(machine, boss, tree);
    }

    /** The same for builds that something else commands. */
    Processes.Seen awaitBuildOn(String machine, BossProcess boss, BuildControl control) {
        Waits.until(
                "a build on " + machine,
                () -> control.begun().stream().anyMatch(line -> line.contains(" " + machine + " ")),
                boss::words);
        return awaitWorker(machine, boss);
    }

    /** Waits until a build began whose line begins so. */
    void awaitBegun(String prefix, BossProcess boss) {
        Waits.until(
                "the start of " + prefix,
                () -> {
                    if (!boss.isAlive()) {
                        throw new AssertionError("the boss ended before the start of " + prefix + "\n" + boss.words());
                    }
                    return tree.hasBegun(prefix);
                },
                () -> boss.words() + tree.begun());
    }

    /** After a test: all that it started is ended, and the tree does as it does by itself. */
    void reset() throws IOException {
        for (BossProcess boss : bosses) {
            if (boss.isAlive()) {
                boss.kill();
            }
        }
        bosses.clear();
        tree.reset();
        for (RecipeTree other : recipes.values()) {
            other.control().reset();
        }
        others().forEach(Processes::kill);
        awaitNobodyLeft();
        fleet.repair();
    }

    @Override
    public void close() throws IOException {
        reset();
        fleet.close();
        Waits.until(
                "the servers end",
                () -> Processes.in(directory).isEmpty(),
                () -> Processes.list(Processes.in(directory)));
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
