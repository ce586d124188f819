package dev.buildboss;

import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.BuildRequest.Rebuild;
import dev.buildboss.boss.EventHub;
import dev.buildboss.files.FileTrees;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.ImageVote;
import dev.buildboss.results.ImageHashes;
import dev.buildboss.results.ResultLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Builds a board of each architecture on every machine before a run, in the way that gives the same image wherever it is built, and
 * sets the machine aside whose images are other than those of the rest.
 *
 * <p>Each machine builds in a run of its own, below the output directory; what it leaves there is removed, unless images differ.
 */
final class Canary {

    /** The directory for all that, below the private one of the results. */
    private static final String DIRECTORY = "verify";

    /** Boards of an architecture that are tried until one builds somewhere. */
    private static final int MAX_TRIES = 3;

    private final BuildRequest request;
    private final List<Machine> machines;
    private final EventHub hub;
    private final Executor background;
    private final BiFunction<BuildRequest, Machine, ScheduledRun> build;
    private final Path directory;
    private final Map<String, List<Board>> boards = new TreeMap<>();
    private final Map<String, Map<String, String>> setAside = new HashMap<>();
    private boolean kept;

    /**
     * A check of machines for a run.
     *
     * @param only the board to build; empty: the first that builds of each architecture
     * @param background for what blocks
     * @param build starts a run on one machine
     */
    Canary(
            BuildRequest request,
            List<Machine> machines,
            Optional<String> only,
            EventHub hub,
            Executor background,
            BiFunction<BuildRequest, Machine, ScheduledRun> build) {
        this.request = request;
        this.machines = machines;
        this.hub = hub;
        this.background = background;
        this.build = build;
        this.directory = request.outputDir().resolve(ResultLayout.WORK_DIR).resolve(DIRECTORY);
        for (Board board : request.boards()) {
            if (only.isEmpty() || only.get().equals(board.target())) {
                boards.computeIfAbsent(board.arch(), arch -> new ArrayList<>()).add(board);
            }
        }
        if (boards.isEmpty()) {
            throw new BuildbossException(
                    "no such board among those of this run: " + only.orElse("") + " (verify.board)");
        }
    }

    /** Builds and compares; by machine and architecture, why it is to get no boards of that. */
    CompletableFuture<Map<String, Map<String, String>>> run() {
        clean();
        return round(0, new ArrayList<>(boards.keySet())).thenApply(done -> {
            if (kept) {
                hub.publish(new BuildEvent.Notice("", "the images that differ are in " + directory));
            } else {
                clean();
            }
            return setAside;
        });
    }

    /** Both of two reasons to keep boards from machines. */
    static Map<String, Map<String, String>> merged(
            Map<String, Map<String, String>> one, Map<String, Map<String, String>> other) {
        Map<String, Map<String, String>> result = new HashMap<>();
        one.forEach((machine, archs) -> result.put(machine, new HashMap<>(archs)));
        other.forEach((machine, archs) ->
                result.computeIfAbsent(machine, name -> new HashMap<>()).putAll(archs));
        return result;
    }

    private void clean() {
        try {
            FileTrees.delete(directory);
        } catch (IOException e) {
            hub.publish(new BuildEvent.Notice("", "cannot remove " + directory + ": " + e.getMessage()));
        }
    }

    private CompletableFuture<Void> round(int number, List<String> archs) {
        Map<String, Board> chosen = new LinkedHashMap<>();
        archs.forEach(arch -> chosen.put(arch, boardsOf(arch).get(number)));
        Map<String, CompletableFuture<Map<Cell, CellOutcome>>> runs = new LinkedHashMap<>();
        for (Machine machine : machines) {
            runs.put(machine.name(), outcomes(machine, List.copyOf(chosen.values())));
        }
        return CompletableFuture.allOf(runs.values().toArray(CompletableFuture[]::new))
                .thenComposeAsync(
                        all -> {
                            Map<String, Map<Cell, CellOutcome>> found = new TreeMap<>();
                            runs.forEach((machine, outcomes) -> found.put(machine, outcomes.join()));
                            List<String> again = new ArrayList<>();
                            chosen.forEach((arch, board) -> {
                                boolean more = number + 1
                                        < Math.min(MAX_TRIES, boardsOf(arch).size());
                                if (!judge(arch, board, found, more)) {
                                    again.add(arch);
                                }
                            });
                            return again.isEmpty()
                                    ? CompletableFuture.<Void>completedFuture(null)
                                    : round(number + 1, again);
                        },
                        background);
    }

    /** What a machine made of these boards; nothing if it could not be used. */
    private CompletableFuture<Map<Cell, CellOutcome>> outcomes(Machine machine, List<Board> chosen) {
        ScheduledRun run = build.apply(
                new BuildRequest(
                        request.gitDir(),
                        chosen,
                        List.of(request.commits().get(0)),
                        request.current(),
                        place(machine.name()),
                        reproducible(request.options()),
                        Rebuild.ALL,
                        java.util.Set.of(),
                        false,
                        request.followDebug()),
                machine);
        run.hub().subscribe(new GiveUpIfBusy(run));
        return run.future().handle((report, failure) -> report == null ? Map.of() : report.outcomes());
    }

    private List<Board> boardsOf(String arch) {
        return boards.getOrDefault(arch, List.of());
    }

    private Path place(String machine) {
        return directory.resolve(machine);
    }

    private static BuildOptions reproducible(BuildOptions options) {
        return new BuildOptions(
                options.verboseBuild(),
                options.allowMissing(),
                options.noLto(),
                true,
                options.warningsAsErrors(),
                true,
                options.fallbackMrproper(),
                false,
                true,
                options.forceReconfig(),
                options.kconfigCheck(),
                options.lines(),
                true,
                options.changes());
    }

    /** Compares what the machines made of a board; false if another board is to be tried. */
    private boolean judge(String arch, Board board, Map<String, Map<Cell, CellOutcome>> found, boolean more) {
        Map<String, Map<String, String>> images = new TreeMap<>();
        Map<String, String> odd = new TreeMap<>();
        found.forEach((machine, outcomes) -> {
            if (outcomes.get(new Cell(board.target(), 0)) instanceof Built built) {
                if (built.kind() == Kind.FAILED) {
                    odd.put(machine, "the build fails (" + built.returnCode() + ")");
                } else {
                    images.put(machine, hashes(machine, board));
                }
            }
        });
        if (images.isEmpty() && !odd.isEmpty() && more) {
            return false;
        }
        if (images.isEmpty()) {
            odd.clear(); // wherever it was tried: nothing tells machines apart
        }
        ImageVote.Verdict verdict = ImageVote.of(images, Machine.LOCAL_NAME);
        verdict.odd().forEach((machine, file) -> odd.put(machine, file + " differs"));
        kept |= !verdict.odd().isEmpty();
        hub.publish(new BuildEvent.MachinesVerified(arch, board.target(), verdict.alike(), odd, verdict.decided()));
        if (verdict.decided()) {
            String others = verdict.alike().stream().collect(Collectors.joining(", "));
            odd.forEach((machine, what) -> setAside.computeIfAbsent(machine, name -> new HashMap<>())
                    .put(arch, what + " for " + board.target() + ", against " + others + " (--verify-machines)"));
        }
        return true;
    }

    private Map<String, String> hashes(String machine, Board board) {
        Path commit = request.current()
                ? place(machine)
                : place(machine)
                        .resolve(ResultLayout.commitDir(0, request.commits().get(0)));
        try {
            return ImageHashes.of(commit.resolve(board.target()));
        } catch (IOException e) {
            hub.publish(new BuildEvent.Notice(machine, "its images can't be compared: " + e.getMessage()));
            return Map.of();
        }
    }

    /** A machine that another boss has is not waited for: it may join the run later, unverified, as the notice of that says. */
    private static final class GiveUpIfBusy implements Flow.Subscriber<BuildEvent> {
        private final ScheduledRun run;

        GiveUpIfBusy(ScheduledRun run) {
            this.run = run;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(BuildEvent event) {
            if (event instanceof BuildEvent.MachineChanged changed && changed.state() == MachineState.BUSY) {
                run.cancel();
            }
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
