package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRun;
import dev.buildboss.BuildbossException;
import dev.buildboss.MachineException;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Estimates;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.ShellTask;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import dev.buildboss.spi.WorkerTransport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builds nothing: each cell's outcome is given, and it remembers what it was asked for. */
final class FakeBuilds implements Builds {

    Function<Cell, CellOutcome> outcomes = cell -> Built.of(0, false);
    String errorText = "";
    final Map<String, MachineFacts> machines = new HashMap<>();
    final Map<String, Function<ShellTask, String>> scripts = new HashMap<>();
    final List<BuildEvent> extraEvents = new ArrayList<>();
    Optional<String> refusal = Optional.empty();
    boolean endless;
    boolean deaf;
    Runnable whenStarted = () -> {};
    boolean cancelled;
    boolean cancelledNow;
    boolean closed;

    @Nullable
    Settings settings;

    @Nullable
    BuildRequest request;

    List<Machine> used = List.of();

    @Override
    public Started start(
            Settings withSettings,
            BuildRequest ofRequest,
            List<Machine> onMachines,
            Map<String, Path> processes,
            Estimates estimates) {
        settings = withSettings;
        request = ofRequest;
        used = onMachines;
        FakeRun run = new FakeRun(ofRequest, onMachines);
        return new Started() {
            @Override
            public BuildRun run() {
                return run;
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }

    private final class FakeRun implements BuildRun {
        private final BuildRequest ofRequest;
        private final List<Machine> onMachines;
        private final CompletableFuture<BuildReport> report = new CompletableFuture<>();
        private final SubmissionPublisher<BuildEvent> publisher = new SubmissionPublisher<>(Runnable::run, 4096);

        private FakeRun(BuildRequest ofRequest, List<Machine> onMachines) {
            this.ofRequest = ofRequest;
            this.onMachines = onMachines;
        }

        @Override
        public Flow.Publisher<BuildEvent> events() {
            return subscriber -> {
                publisher.subscribe(subscriber);
                play();
            };
        }

        private void play() {
            publisher.submit(new BuildEvent.RunStarted(
                    ofRequest.boards().size(),
                    ofRequest.commits().size(),
                    ofRequest.current(),
                    ofRequest.cells(),
                    0,
                    2,
                    1,
                    onMachines.stream()
                            .filter(m -> !m.isLocal())
                            .map(Machine::name)
                            .toList()));
            if (refusal.isPresent()) {
                publisher.submit(new BuildEvent.Notice("", refusal.get()));
                report.completeExceptionally(new BuildbossException(refusal.get()));
                publisher.close();
                return;
            }
            extraEvents.forEach(publisher::submit);
            whenStarted.run();
            if (!endless) {
                end(false);
            }
        }

        private void end(boolean interrupted) {
            Map<Cell, CellOutcome> cells = new HashMap<>();
            for (int i = 0; i < ofRequest.commits().size(); i++) {
                for (var board : ofRequest.boards()) {
                    Cell cell = new Cell(board.target(), i);
                    CellOutcome outcome = interrupted
                            ? new CellOutcome.NotBuilt(CellOutcome.Reason.CANCELLED, "")
                            : outcomes.apply(cell);
                    cells.put(cell, outcome);
                    if (!interrupted) {
                        publisher.submit(new BuildEvent.CellDone(
                                cell,
                                ofRequest.commits().get(i).hash(),
                                Optional.of(onMachines.get(0).name()),
                                outcome,
                                outcome instanceof Built built && built.kind() == CellOutcome.Kind.OK
                                        ? ""
                                        : errorText));
                    }
                }
            }
            List<BuildReport.MachineReport> reports = onMachines.stream()
                    .map(m -> new BuildReport.MachineReport(m.name(), cells.size(), 2048, 3_000_000, "finished"))
                    .toList();
            BuildReport result = new BuildReport(cells, 0, Duration.ofSeconds(61), interrupted, reports, List.of());
            publisher.submit(new BuildEvent.RunEnded(result, result.duration()));
            report.complete(result);
            publisher.close();
        }

        @Override
        public Set<Cell> previous() {
            return Set.of();
        }

        @Override
        public CompletionStage<BuildReport> report() {
            return report;
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (!deaf) {
                end(true);
            }
        }

        @Override
        public void cancelNow() {
            cancelledNow = true;
        }
    }

    @Override
    public List<WorkerTransport> transports(Settings withSettings) {
        return List.of(new FakeTransport());
    }

    private final class FakeTransport implements WorkerTransport {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public boolean serves(Machine machine) {
            return true;
        }

        @Override
        public MachineLink link(Machine machine) {
            return new FakeLink(machine);
        }

        @Override
        public void close() {}
    }

    private final class FakeLink implements MachineLink {
        private final Machine machine;

        private FakeLink(Machine machine) {
            this.machine = machine;
        }

        @Override
        public CompletionStage<MachineFacts> probe() {
            MachineFacts facts = machines.get(machine.name());
            return facts == null
                    ? CompletableFuture.failedFuture(
                            new MachineException(machine.name(), "connect: Connection refused", null))
                    : CompletableFuture.completedFuture(facts);
        }

        @Override
        public CompletionStage<WorkerChannel> start(WorkerLaunch launch) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<PushReport> push(SourcePush push) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<String> run(ShellTask task) {
            return scripts.containsKey(machine.name())
                    ? CompletableFuture.completedFuture(
                            scripts.get(machine.name()).apply(task))
                    : CompletableFuture.failedFuture(
                            new MachineException(machine.name(), "connect: Connection refused", null));
        }

        @Override
        public CompletionStage<Void> tidy() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
