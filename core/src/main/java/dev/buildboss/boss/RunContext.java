package dev.buildboss.boss;

import dev.buildboss.BuildRequest;
import dev.buildboss.model.Board;
import dev.buildboss.plan.Estimates;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.results.ResultStore;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.WorkerBundle;
import dev.buildboss.spi.WorkerTransport;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * What the actors of one run share; all of it immutable or safe for threads.
 *
 * @param request the matrix
 * @param settings the settings
 * @param transports ways to reach machines; the first that serves a machine is used
 * @param bundle the worker's program
 * @param store where results go
 * @param hub where events go
 * @param closers ends links, which may take seconds: apart, so that it never keeps a result waiting
 * @param clock the time of day, for what people and other processes read
 * @param nanoTime a clock like {@link System#nanoTime}, for what the run itself reckons: nobody sets it ahead or back
 * @param flows the protocol's flows
 * @param rules what keeps boards from machines
 * @param estimates what builds are expected to cost, and how fast machines are
 */
public record RunContext(
        BuildRequest request,
        Settings settings,
        List<WorkerTransport> transports,
        WorkerBundle bundle,
        ResultStore store,
        EventHub hub,
        Executor closers,
        Clock clock,
        LongSupplier nanoTime,
        ProtocolFlows flows,
        FleetRules rules,
        Estimates estimates) {

    /** With this computer's own time, nothing that keeps boards from machines which can build them, and nothing known of either. */
    public RunContext(
            BuildRequest request,
            Settings settings,
            List<WorkerTransport> transports,
            WorkerBundle bundle,
            ResultStore store,
            EventHub hub,
            Executor closers,
            Clock clock,
            ProtocolFlows flows) {
        this(
                request,
                settings,
                transports,
                bundle,
                store,
                hub,
                closers,
                clock,
                System::nanoTime,
                flows,
                FleetRules.NONE,
                Estimates.EVEN);
    }

    /** The architectures of the run's boards. */
    Set<String> architectures() {
        return request.boards().stream().map(Board::arch).collect(Collectors.toCollection(TreeSet::new));
    }
}
