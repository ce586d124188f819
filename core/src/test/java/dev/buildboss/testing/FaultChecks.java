package dev.buildboss.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.results.ResultStore;
import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What must hold after every run, whatever went wrong in it. */
final class FaultChecks {

    private final BuildRequest request;
    private final Settings settings;
    private final ResultStore store;
    private final FaultyFleet fleet;
    private final Map<Cell, Built> previous;
    private final List<BuildEvent> events;

    FaultChecks(
            BuildRequest request,
            Settings settings,
            ResultStore store,
            FaultyFleet fleet,
            Map<Cell, Built> previous,
            List<BuildEvent> events) {
        this.request = request;
        this.settings = settings;
        this.store = store;
        this.fleet = fleet;
        this.previous = previous;
        this.events = events;
    }

    /** Every cell has one outcome, told once, and the exit status follows. */
    void report(BuildReport report, boolean stopped, boolean diskFails) {
        Set<Cell> cells = new HashSet<>();
        for (Board board : request.boards()) {
            for (int commit = 0; commit < request.commits().size(); commit++) {
                cells.add(new Cell(board.target(), commit));
            }
        }
        assertThat(report.outcomes().keySet()).as("cells of the report").isEqualTo(cells);
        assertThat(report.outcomes()).as("results of earlier runs").containsAllEntriesOf(previous);
        assertThat(report.previous()).isEqualTo(previous.size());
        assertThat(report.internalErrors()).as("internal errors").isEmpty();
        Map<Cell, CellOutcome> told = new HashMap<>();
        for (BuildEvent event : events) {
            if (event instanceof BuildEvent.CellDone done) {
                assertThat(told.put(done.cell(), done.outcome()))
                        .as("an earlier outcome of " + done.cell())
                        .isNull();
            }
        }
        Map<Cell, CellOutcome> news = new HashMap<>(report.outcomes());
        previous.keySet().forEach(news::remove);
        assertThat(told).as("outcomes as they were told").isEqualTo(news);
        assertThat(report.interrupted()).as("interrupted").isEqualTo(stopped);
        assertThat(report.exitStatus(false).code()).as("exit status").isEqualTo(status(report, stopped));
        reasons(report, stopped, diskFails);
    }

    /** The exit status by the words of the manual. */
    private static int status(BuildReport report, boolean stopped) {
        if (stopped) {
            return 130;
        }
        Set<String> kinds = new HashSet<>();
        report.outcomes()
                .values()
                .forEach(outcome ->
                        kinds.add(outcome instanceof Built built ? built.kind().name() : "not built"));
        if (kinds.contains("not built")) {
            return 103;
        }
        return kinds.contains(Kind.FAILED.name()) ? 100 : kinds.contains(Kind.WARNING.name()) ? 101 : 0;
    }

    /** Nothing is said to have happened that did not. */
    private void reasons(BuildReport report, boolean stopped, boolean diskFails) {
        Set<Fault> happened = fleet.happened().isEmpty()
                ? Set.of()
                : EnumSet.copyOf(fleet.happened().keySet());
        boolean toldInfrastructure = happened.contains(Fault.INFRASTRUCTURE) || happened.contains(Fault.NO_CHILD);
        report.outcomes().forEach((cell, outcome) -> {
            if (outcome instanceof NotBuilt notBuilt) {
                boolean true_ = switch (notBuilt.reason()) {
                    case CANCELLED -> stopped;
                    case DISK_FULL -> diskFails || happened.contains(Fault.WORKER_DISK_FULL);
                    case INFRASTRUCTURE -> diskFails || toldInfrastructure;
                    case RESULT_REFUSED -> happened.contains(Fault.HUGE_RESULT) || happened.contains(Fault.HUGE_CELL);
                    case MACHINE_LOST, POISONED -> grants(cell.board()) > 0;
                    case NO_MACHINE, NO_TOOLCHAIN -> true;
                };
                assertThat(true_).as(cell + " ended as " + notBuilt).isTrue();
            }
        });
    }

    /** How often a board went out, or was lost on its way out. */
    private long grants(String board) {
        return events.stream()
                .filter(event -> event instanceof BuildEvent.BoardStarted started
                                && started.board().equals(board)
                        || event instanceof BuildEvent.BoardRequeued requeued
                                && requeued.board().equals(board))
                .count();
    }

    /** What one good machine can build is built, but for the boards that took too many others with them. */
    void nothingIsGivenUpAsLongAsAMachineIsThere(BuildReport report, boolean diskFails) {
        Set<Reason> impossible = EnumSet.of(Reason.NO_MACHINE, Reason.NO_TOOLCHAIN);
        if (!diskFails) {
            impossible.addAll(Set.of(Reason.INFRASTRUCTURE, Reason.DISK_FULL));
        }
        report.outcomes().forEach((cell, outcome) -> {
            if (outcome instanceof NotBuilt notBuilt) {
                assertThat(notBuilt.reason()).as(cell + ": " + notBuilt).isNotIn(impossible);
                if (notBuilt.reason() == Reason.MACHINE_LOST) {
                    assertThat(grants(cell.board()))
                            .as("attempts at " + cell)
                            .isGreaterThanOrEqualTo(settings.boss().maxAttempts());
                }
                if (notBuilt.reason() == Reason.POISONED) {
                    assertThat(grants(cell.board())).as("attempts at " + cell).isGreaterThanOrEqualTo(2);
                }
            }
        });
    }

    /** A cell's files are all there, of one and the same build, or none is. */
    void files(BuildReport report) {
        report.outcomes().forEach((cell, outcome) -> {
            Path dir = store.cellDir(cell);
            if (outcome instanceof Built && !previous.containsKey(cell)) {
                Map<String, String> found = read(dir);
                found.remove("host");
                String tag =
                        found.getOrDefault("log", "").replaceFirst("^tag ", "").strip();
                assertThat(fleet.files(tag)).as(cell + " on disk, by " + tag).contains(found);
                assertThat(ResultStore.readCell(dir))
                        .as(cell + " as read again")
                        .contains((Built) outcome);
                assertThat(tag).endsWith(" " + cell.board() + " " + cell.commit());
            } else if (outcome instanceof NotBuilt && Files.exists(dir)) {
                assertThat(read(dir)).as(cell + ", which is " + outcome).containsEntry("done", "-1\n");
            }
        });
        assertThat(strangers(report)).as("files that are nobody's").isEmpty();
    }

    private static Map<String, String> read(Path dir) {
        Map<String, String> result = new TreeMap<>();
        try (Stream<Path> files = Files.list(dir)) {
            for (Path file : files.toList()) {
                result.put(file.getFileName().toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result;
    }

    /** What is in the output directory and has no business there. */
    private List<String> strangers(BuildReport report) {
        Set<Path> places = new HashSet<>();
        report.outcomes().keySet().forEach(cell -> places.add(store.cellDir(cell)));
        List<String> strangers = new ArrayList<>();
        Path root = store.outputDir();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                String name = root.relativize(file).toString();
                boolean known = places.contains(file.getParent())
                        || name.equals(".bm-work/lock")
                        || name.matches("worker-[^/]*\\.log|boss\\.log|[^/]*\\.log");
                if (!known) {
                    strangers.add(name);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return strangers;
    }

    /** Nothing of the run is left, and the boss kept to the rules towards every worker. */
    void rest(String treeBefore, String treeAfter) {
        assertThat(fleet.violations()).as("what the boss must not do").isEmpty();
        assertThat(fleet.leftOvers()).as("what is left of the fleet").isEmpty();
        assertThat(treeAfter).as("actors that are left").isEqualTo(treeBefore);
    }

    /** Whoever stops a run does not wait for machines. */
    void endsSoonAfterAStop(Duration took) {
        Duration patience = settings.boss().quitTimeout().multipliedBy(2).plusSeconds(5);
        assertThat(took).as("from the stop to the end").isLessThan(patience);
    }
}
