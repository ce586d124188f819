package dev.buildboss.cli;

import dev.buildboss.BuildRequest;
import dev.buildboss.history.History;
import dev.buildboss.history.HistoryException;
import dev.buildboss.history.LearntEstimates;
import dev.buildboss.model.Cell;
import dev.buildboss.model.Machine;
import dev.buildboss.results.ResultStore;
import dev.buildboss.settings.Settings;
import dev.buildboss.simulate.SimFleet;
import dev.buildboss.simulate.SimMachine;
import dev.buildboss.text.Printable;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Shows what a run would be: looks at the machines, reckons, and prints; starts nothing there. */
final class PlanView {

    private final BossCommand boss;
    private final Settings settings;
    private final boolean verbose;
    private final List<String> remarks = new ArrayList<>();

    /** {@code verbose}: with the boards of each machine. */
    PlanView(BossCommand boss, Settings settings, boolean verbose) {
        this.boss = boss;
        this.settings = settings;
        this.verbose = verbose;
    }

    /** Shows it. */
    void show(BuildRequest request, List<Machine> machines) {
        LearntEstimates estimates = estimates(request);
        PlanFleet fleet = new PlanFleet(boss, settings, request, estimates);
        fleet.look(machines);
        remarks.addAll(fleet.remarks());
        Set<String> hopeless = fleet.hopeless();
        Set<Cell> settled = new HashSet<>(ResultStore.peek(request).keySet());
        for (String board : hopeless) {
            for (int commit = 0; commit < request.commits().size(); commit++) {
                settled.add(new Cell(board, commit));
            }
        }
        Optional<RunPlan> plan = Optional.empty();
        if (fleet.machines().isEmpty()) {
            remarks.add("no machine can be used: no plan");
        } else if (settled.size() < request.cells()) {
            plan = Optional.of(
                    new RunPlan(estimates, settled, new SimFleet("fleet", fleet.machines()), settings.schedule()));
        }
        if (boss.json) {
            Map<String, Object> object = json();
            plan.ifPresent(known -> json(known, object));
            object.put("nowhere", hopeless);
            boss.around.out().println(EventJson.text(object));
        } else {
            plan.ifPresent(this::print);
            remarks.forEach(remark -> boss.around.out().println(Printable.line(remark)));
        }
    }

    private LearntEstimates estimates(BuildRequest request) {
        Path file = RecordingDisplay.file(settings.history(), boss.around.home());
        if (settings.history().enabled() && Files.exists(file)) {
            try (History history = History.open(file, settings.history().busyTimeout())) {
                return RunCosts.of(history, request, Clock.systemUTC().instant().getEpochSecond());
            } catch (HistoryException e) {
                remarks.add(String.valueOf(e.getMessage()));
            }
        }
        return RunCosts.withoutHistory(request);
    }

    private void print(RunPlan plan) {
        PrintStream out = boss.around.out();
        TextTable table = new TextTable().row("machine", "cores", "speed", "boards", "cells", "ends after");
        for (RunPlan.Share share : plan.shares()) {
            table.row(
                    share.machine().name(),
                    String.valueOf(share.machine().cores()),
                    String.format(Locale.ROOT, "%.2f", share.machine().speed()),
                    String.valueOf(share.boards().size()),
                    String.valueOf(share.cells()),
                    share.cells() == 0 ? "-" : clock(share.endS()));
        }
        out.println();
        table.lines().forEach(out::println);
        if (verbose) {
            plan.shares()
                    .forEach(share -> out.println(share.machine().name() + ": "
                            + String.join(" ", share.boards().keySet())));
        }
        out.println("All would end after " + clock(plan.endS()) + " (four of five such runs: " + clock(plan.soonestS())
                + " to " + clock(plan.latestS()) + "), set-up apart");
        double more = plan.endWithOneMoreS();
        SimMachine usual = plan.usual();
        out.println(String.format(
                Locale.ROOT,
                "With one more machine like %s (%d cores): %s, %.0f %% sooner",
                usual.name(),
                usual.cores(),
                clock(more),
                100 * Math.max(0, 1 - more / Math.max(1e-3, plan.endS()))));
        out.println("Estimated " + plan.basis());
    }

    private static String clock(double seconds) {
        return Tally.clock(Duration.ofMillis(Math.round(seconds) * 1000));
    }

    private Map<String, Object> json() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("v", dev.buildboss.BuildEvent.VERSION);
        object.put("event", "plan");
        object.put("machines", List.of());
        object.put("remarks", remarks);
        return object;
    }

    private static void json(RunPlan plan, Map<String, Object> object) {
        object.put("machines", plan.shares().stream().map(PlanView::json).toList());
        object.put("endMs", ms(plan.endS()));
        object.put("soonestMs", ms(plan.soonestS()));
        object.put("latestMs", ms(plan.latestS()));
        object.put("oneMoreLike", plan.usual().name());
        object.put("endWithOneMoreMs", ms(plan.endWithOneMoreS()));
        object.put("basis", plan.basis());
    }

    private static Map<String, Object> json(RunPlan.Share share) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", share.machine().name());
        object.put("cores", share.machine().cores());
        object.put("speed", share.machine().speed());
        object.put("slots", share.machine().slots());
        object.put("lacks", new TreeSet<>(share.machine().lacks()));
        object.put("boards", share.boards());
        object.put("cells", share.cells());
        object.put("endMs", ms(share.endS()));
        return object;
    }

    private static long ms(double seconds) {
        return Math.round(seconds * 1000);
    }
}
