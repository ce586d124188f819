package dev.buildboss;

import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.BuildRequest.Rebuild;
import dev.buildboss.boss.EventHub;
import dev.buildboss.boss.FleetRules;
import dev.buildboss.files.FileTrees;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Builds a board of each architecture on every machine before a run, in the way that gives the same image wherever it is built, and
 * sets the machine aside whose images are other than those of the rest.
 *
 * <p>Each machine builds in a run of its own, below the output directory; what it leaves there is removed, unless images differ. A
 * machine that could not be used then is compared with the others when it joins the run. Safe for threads.
 */
final class Canary implements FleetRules.Admission {

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
    private final Map<String, Map<String, String>> setAside = new ConcurrentHashMap<>();
    /** By architecture, what is known to be right. */
    private final Map<String, Model> models = new ConcurrentHashMap<>();
    /** Machines that took no part. */
    private final Set<String> absent = ConcurrentHashMap.newKeySet();

    private boolean kept;

    /** What machines that are alike made of a board: the hash of each file. */
    private record Model(Board board, List<String> alike, Map<String, String> images) {}

    /**
     * What a machine made of some boards.
     *
     * @param trouble why it made nothing
     * @param busyWith who has the machine; empty: nobody
     */
    private record Attempt(Map<Cell, CellOutcome> outcomes, String trouble, Optional<String> busyWith) {

        /** Whether it was there: one that lacks a compiler has taken part as well as it can. */
        boolean tookPart() {
            return outcomes.values().stream()
                    .anyMatch(outcome -> outcome instanceof Built
                            || (outcome instanceof NotBuilt not && not.reason() == Reason.NO_TOOLCHAIN));
        }

        MachineException failure(String machine) {
            return busyWith.map(words -> MachineException.busy(machine, words))
                    .orElseGet(() -> new MachineException(machine, trouble, null));
        }
    }

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

    /** Builds and compares. */
    CompletableFuture<FleetRules.Admission> run() {
        clean(directory);
        return round(0, new ArrayList<>(boards.keySet())).thenApply(done -> {
            if (kept) {
                tellOfImages();
            } else {
                clean(directory);
            }
            return this;
        });
    }

    /**
     * Has a machine build the boards that the others were compared by, if it did not take part then.
     *
     * @return fails if it can't be used now either, with its reason
     */
    @Override
    public CompletionStage<Void> admit(Machine machine) {
        if (models.isEmpty() || !absent.contains(machine.name())) {
            return CompletableFuture.completedFuture(null);
        }
        List<Board> chosen = models.values().stream().map(Model::board).toList();
        return attempt(machine, chosen).thenAcceptAsync(made -> judgeLate(machine.name(), made), background);
    }

    @Override
    public Map<String, String> setAside(String machine) {
        return setAside.getOrDefault(machine, Map.of());
    }

    private void judgeLate(String machine, Attempt made) {
        if (!made.tookPart()) {
            throw made.failure(machine);
        }
        boolean differs = false;
        for (Map.Entry<String, Model> entry : models.entrySet()) {
            Model model = entry.getValue();
            if (made.outcomes().get(new Cell(model.board().target(), 0)) instanceof Built built) {
                Optional<String> odd = built.kind() == Kind.FAILED
                        ? Optional.of(failed(built))
                        : ImageVote.difference(model.images(), hashes(machine, model.board()))
                                .map(file -> file + " differs");
                differs |= odd.isPresent() && built.kind() != Kind.FAILED;
                publish(entry.getKey(), model, machine, odd);
            }
        }
        absent.remove(machine);
        if (differs) {
            tellOfImages();
        } else {
            clean(place(machine));
        }
    }

    private void publish(String arch, Model model, String machine, Optional<String> odd) {
        List<String> alike = new ArrayList<>(model.alike());
        Map<String, String> others = new HashMap<>();
        odd.ifPresentOrElse(what -> others.put(machine, what), () -> alike.add(machine));
        hub.publish(new BuildEvent.MachinesVerified(arch, model.board().target(), alike, others, true));
        odd.ifPresent(what -> setAside(machine, arch, what, model.board(), model.alike()));
    }

    private void setAside(String machine, String arch, String what, Board board, List<String> alike) {
        setAside.computeIfAbsent(machine, name -> new ConcurrentHashMap<>())
                .put(
                        arch,
                        what + " for " + board.target() + ", against " + String.join(", ", alike)
                                + " (--verify-machines)");
    }

    private static String failed(Built built) {
        return "the build fails (" + built.returnCode() + ")";
    }

    private void tellOfImages() {
        hub.publish(new BuildEvent.Notice("", "the images that differ are in " + directory));
    }

    private void clean(Path place) {
        try {
            FileTrees.delete(place);
        } catch (IOException e) {
            hub.publish(new BuildEvent.Notice("", "cannot remove " + place + ": " + e.getMessage()));
        }
    }

    private CompletableFuture<Void> round(int number, List<String> archs) {
        Map<String, Board> chosen = new LinkedHashMap<>();
        archs.forEach(arch -> chosen.put(arch, boardsOf(arch).get(number)));
        String names = chosen.values().stream().map(Board::target).collect(Collectors.joining(", "));
        hub.publish(new BuildEvent.Notice("", "first each machine builds " + names + " (--verify-machines)"));
        Map<String, CompletableFuture<Attempt>> runs = new LinkedHashMap<>();
        for (Machine machine : machines) {
            runs.put(machine.name(), attempt(machine, List.copyOf(chosen.values())));
        }
        return CompletableFuture.allOf(runs.values().toArray(CompletableFuture[]::new))
                .thenComposeAsync(
                        all -> {
                            Map<String, Map<Cell, CellOutcome>> found = new TreeMap<>();
                            runs.forEach((machine, made) -> {
                                found.put(machine, made.join().outcomes());
                                if (number == 0 && !made.join().tookPart()) {
                                    absent.add(machine);
                                }
                            });
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

    private CompletableFuture<Attempt> attempt(Machine machine, List<Board> chosen) {
        ScheduledRun run = build.apply(
                new BuildRequest(
                        request.gitDir(),
                        chosen,
                        List.of(request.commits().get(0)),
                        request.current(),
                        place(machine.name()),
                        reproducible(request.options()),
                        Rebuild.ALL,
                        Set.of(),
                        false,
                        request.followDebug()),
                machine);
        GiveUpIfBusy watch = new GiveUpIfBusy(run);
        run.hub().subscribe(watch);
        return run.future()
                .handle((report, failure) -> report == null
                        ? new Attempt(Map.of(), String.valueOf(failure.getMessage()), watch.busyWith)
                        : new Attempt(
                                report.outcomes(),
                                report.machines().stream()
                                        .map(BuildReport.MachineReport::ended)
                                        .collect(Collectors.joining("; ")),
                                watch.busyWith));
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
                    odd.put(machine, failed(built));
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
            odd.forEach((machine, what) -> setAside(machine, arch, what, board, verdict.alike()));
            verdict.alike().stream()
                    .findFirst()
                    .ifPresent(one ->
                            models.put(arch, new Model(board, verdict.alike(), images.getOrDefault(one, Map.of()))));
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

    /** A machine that another boss has is not waited for: it may join the run later, and is compared then. */
    private static final class GiveUpIfBusy implements Flow.Subscriber<BuildEvent> {
        private final ScheduledRun run;

        private volatile Optional<String> busyWith = Optional.empty();

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
                busyWith = Optional.of(changed.detail().replaceFirst("^BUSY: ", ""));
                run.cancel();
            }
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
