package dev.buildboss.cli;

import static java.util.Objects.requireNonNull;

import dev.buildboss.MachineException;
import dev.buildboss.lock.ThisProcess;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.WorkerTransport;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
            return report.failed(reason(e));
        }
    }

    private int withSweeps(List<Machine> machines, Function<Map<Machine, WorkerSweep>, Integer> work) {
        List<WorkerTransport> transports = boss.builds.transports(settings);
        List<MachineLink> links = new ArrayList<>();
        try {
            Map<Machine, WorkerSweep> sweeps = new LinkedHashMap<>();
            for (Machine machine : machines) {
                MachineLink link = transports.stream()
                        .filter(t -> t.serves(machine))
                        .findFirst()
                        .orElseThrow(() -> new MachineException(machine.name(), "no transport serves it", null))
                        .link(machine);
                links.add(link);
                sweeps.put(
                        machine, new WorkerSweep(machine, link, settings.probe().timeout(), KILL_GRACE));
            }
            return work.apply(sweeps);
        } finally {
            links.forEach(MachineLink::close);
            transports.forEach(WorkerTransport::close);
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
                reports.add(WorkerReport.of(machine, reason(e)));
            }
        });
        return WorkerReport.eachOnce(reports);
    }

    private <T> CompletableFuture<T> bounded(CompletionStage<T> stage, Duration more) {
        Duration limit =
                settings.probe().timeout().plus(settings.ssh().connectTimeout()).plus(more);
        return stage.toCompletableFuture().copy().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String reason(CompletionException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof TimeoutException) {
            return "no answer in time";
        }
        return cause instanceof MachineException known ? known.reason() : String.valueOf(cause.getMessage());
    }
}
