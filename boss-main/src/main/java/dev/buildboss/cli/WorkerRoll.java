package dev.buildboss.cli;

import static java.util.Objects.requireNonNull;

import dev.buildboss.lock.ThisProcess;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.sweep.Staleness;
import dev.buildboss.sweep.WorkerSweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Looks after the workers of several machines, side by side. */
final class WorkerRoll {

    /** Renewals of a lock that a worker may miss before it is taken for stuck. */
    private static final int MISSED_RENEWALS = 5;

    private static final Duration KILL_GRACE = Duration.ofSeconds(3);

    private final BossCommand boss;
    private final Settings settings;
    private final Staleness staleness;

    WorkerRoll(BossCommand boss, Settings settings) {
        this.boss = boss;
        this.settings = settings;
        this.staleness = new Staleness(
                ThisProcess.host(),
                Staleness::livesHere,
                settings.worker().lockInterval().multipliedBy(MISSED_RENEWALS));
    }

    /** Lists workers; 1 if a machine could not be looked at. */
    int list(List<Machine> machines) {
        return withSweeps(machines, sweeps -> {
            List<WorkerReport> reports = look(sweeps);
            if (boss.json) {
                reports.forEach(report -> boss.around.out().println(EventJson.text(report.json())));
            } else {
                WorkerReport.table(reports).lines().forEach(boss.around.out()::println);
            }
            return reports.stream().anyMatch(WorkerReport::failed) ? 1 : 0;
        });
    }

    /** Ends stale workers, with {@code force} those in use too; 1 if that failed somewhere. */
    int kill(List<Machine> machines, boolean force) {
        return withSweeps(machines, sweeps -> {
            List<WorkerReport> found = look(sweeps);
            Map<Machine, CompletableFuture<WorkerSweep.Ended>> ends = new LinkedHashMap<>();
            for (WorkerReport report : found) {
                if (!report.failed() && report.needsEnd(force)) {
                    WorkerSweep sweep = requireNonNull(sweeps.get(report.machine()));
                    ends.put(
                            report.machine(),
                            bounded(sweep.end(report.toEnd(force), force), KILL_GRACE.multipliedBy(3)));
                }
            }
            boolean failed = false;
            for (WorkerReport report : found) {
                WorkerReport done = ended(report, ends, force);
                boss.around.out().println(boss.json ? EventJson.text(done.json()) : done.line());
                failed |= done.failed() || done.anyLeft();
            }
            return failed ? 1 : 0;
        });
    }

    private WorkerReport ended(
            WorkerReport report, Map<Machine, CompletableFuture<WorkerSweep.Ended>> ends, boolean force) {
        CompletableFuture<WorkerSweep.Ended> end = ends.get(report.machine());
        if (end == null) {
            return report;
        }
        try {
            return report.ended(end.join(), force);
        } catch (CompletionException e) {
            return report.failed(MachineLinks.reason(e));
        }
    }

    private int withSweeps(List<Machine> machines, Function<Map<Machine, WorkerSweep>, Integer> work) {
        try (MachineLinks links = new MachineLinks(boss, settings)) {
            Map<Machine, WorkerSweep> sweeps = new LinkedHashMap<>();
            for (Machine machine : machines) {
                sweeps.put(
                        machine,
                        new WorkerSweep(
                                machine, links.to(machine), settings.probe().timeout(), KILL_GRACE));
            }
            return work.apply(sweeps);
        }
    }

    private List<WorkerReport> look(Map<Machine, WorkerSweep> sweeps) {
        Map<Machine, CompletableFuture<WorkerSweep.Found>> asked = new LinkedHashMap<>();
        sweeps.forEach((machine, sweep) -> asked.put(machine, bounded(sweep.look(), Duration.ZERO)));
        List<WorkerReport> reports = new ArrayList<>();
        asked.forEach((machine, found) -> {
            try {
                reports.add(WorkerReport.of(machine, found.join(), staleness));
            } catch (CompletionException e) {
                reports.add(WorkerReport.of(machine, MachineLinks.reason(e)));
            }
        });
        return WorkerReport.eachOnce(reports);
    }

    private <T> CompletableFuture<T> bounded(CompletionStage<T> stage, Duration more) {
        Duration limit =
                settings.probe().timeout().plus(settings.ssh().connectTimeout()).plus(more);
        return MachineLinks.bounded(stage, limit);
    }
}
