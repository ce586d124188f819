package dev.buildboss.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.model.Cell;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.ProtocolCodec;
import dev.buildboss.protocol.Response;
import dev.buildboss.settings.Settings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.pekko.util.ByteString;

/** One connection's worker: follows the protocol in virtual time, up to the faults of its script. */
final class FaultyWorker extends FaultyChannel {

    /** What a worker may say of a board between two commits. */
    private static final int HEARTBEAT_SECONDS = 15;

    private static final ProtocolCodec CODEC =
            new ProtocolCodec(Settings.defaults().protocol());
    private final FaultScript.Profile profile;
    private final FaultyAnswers answers;

    private Set<Feature> agreed = EnumSet.noneOf(Feature.class);
    private int commits;
    private int slots;
    private int busy;
    private boolean pinged;
    private boolean quit;
    private boolean finishing;
    /** The boards that it has, with the commits that it will answer. */
    private final Map<String, Set<Integer>> out = new LinkedHashMap<>();

    private final FaultyBoards given = new FaultyBoards();
    private final Deque<Command.BoardSpec> waiting = new ArrayDeque<>();

    FaultyWorker(
            FaultyFleet fleet, String name, FaultScript.Profile profile, FaultScript script, RandomGenerator random) {
        super(fleet, name, script, random);
        this.profile = profile;
        this.answers = new FaultyAnswers(fleet, this, name, script, random);
    }

    boolean hasOut(String board) {
        return out.containsKey(board);
    }

    /** The cells of a board that it is to build and that have no outcome yet. */
    List<Cell> owes(String board) {
        return isGivenUp()
                ? List.of()
                : out.getOrDefault(board, Set.of()).stream()
                        .filter(commit -> !given.isWantedBack(board, commit))
                        .map(commit -> new Cell(board, commit))
                        .filter(fleet::isOpen)
                        .toList();
    }

    /** Whether boards may be split with it, and cells that it builds be built elsewhere too. */
    boolean givesBack() {
        return agreed.containsAll(Set.of(Feature.COMMIT_SELECTION, Feature.TAKE_BACK, Feature.CANCEL));
    }

    /** Whether one of both builds whole boards whatever it is asked for, and the other was given a part of one: no fault of the boss's. */
    boolean maySplitWith(FaultyWorker other) {
        boolean choose = agreed.contains(Feature.COMMIT_SELECTION) && other.agreed.contains(Feature.COMMIT_SELECTION);
        return !choose && (givesBack() || other.givesBack());
    }

    /** Whether it is at that cell, or will be in a moment: then another may be asked for it too. */
    boolean isAt(Cell cell) {
        return givesBack() && given.isAt(cell.board(), cell.commit(), out.getOrDefault(cell.board(), Set.of()));
    }

    @Override
    void onSent(Command command) {
        if (command instanceof Command.TakeBack back) {
            given.wantedBack(back.board(), back.commits());
        } else if (command instanceof Command.Cancel cancel) {
            given.wantedBack(cancel.board(), List.of(cancel.commitUpto()));
        }
    }

    /** The boards that it builds. */
    List<String> boardsOut() {
        return List.copyOf(out.keySet());
    }

    Set<Feature> agreed() {
        return agreed;
    }

    // ---- its time ----

    private void heartbeatsOf(String board, int thread) {
        if (out.containsKey(board)) {
            say(new Response.Heartbeat(board, thread));
            if (!profile.features().isEmpty()) {
                fleet.time()
                        .after(Duration.ofSeconds(HEARTBEAT_SECONDS), () -> perform(() -> heartbeatsOf(board, thread)));
            }
        }
    }

    // ---- its words ----

    void say(Response response) {
        if (script.opening().equals(Optional.of(Fault.NEVER_READY))) {
            return;
        }
        emit(CODEC.encode(response));
    }

    // ---- its part in the protocol ----

    /** Whether it goes wrong so, now. */
    private boolean opensWith(Fault fault) {
        boolean strikes = script.opening().equals(Optional.of(fault));
        if (strikes) {
            fleet.happens(name, fault);
        }
        return strikes;
    }

    void begin() {
        after(5, () -> {
            if (opensWith(Fault.REFUSAL)) {
                say(new Response.Refusal("work directory /w is in use by process 7"));
                exit(1);
            } else if (opensWith(Fault.DIES_AT_ONCE)) {
                exit(127);
            } else if (!opensWith(Fault.NEVER_READY)) {
                say(new Response.Ready(profile.slots(), profile.slots(), 2, profile.features(), "test"));
            }
        });
    }

    @Override
    void onKilled() {
        fleet.trace(name, "killed with " + out.keySet() + " out");
    }

    /** A worker of ours answers pings, and says something about each board that it has again and again. */
    @Override
    boolean isExpectedToSpeak() {
        return pinged || !agreed.isEmpty() && !out.isEmpty();
    }

    @Override
    void sayLate() {
        answers.late();
    }

    @Override
    void onCommand(Command command) {
        if (command instanceof Command.Ping) {
            if (!profile.features().contains(Feature.PING)) {
                fleet.violation(name, "a ping, which it does not know");
            }
            pinged = true;
            say(new Response.Pong());
            return;
        }
        fleet.trace(name, "gets " + command);
        if (quit) {
            fleet.violation(name, command + " after quit");
        }
        if (command instanceof Command.Configure configure) {
            onConfigure(configure);
        } else if (command instanceof Command.BuildPrepare prepare) {
            onPrepare(prepare);
        } else if (command instanceof Command.BuildBoard build) {
            onBoard(build.spec());
        } else if (command instanceof Command.TakeBack back) {
            onTakeBack(back);
        } else if (command instanceof Command.Cancel cancel) {
            onCancel(cancel);
        } else if (command instanceof Command.BuildDone) {
            finishing = true;
            endBoards();
        } else if (command instanceof Command.Quit) {
            quit = true;
            if (script.ending().contains(Fault.QUIT_IGNORED)) {
                fleet.happens(name, Fault.QUIT_IGNORED);
                freeze();
            } else {
                say(new Response.QuitAck());
                after(1, () -> exit(0));
            }
        }
    }

    private void onConfigure(Command.Configure configure) {
        if (!profile.features().containsAll(configure.features())) {
            fleet.violation(name, "features that it does not have: " + configure.features());
        }
        agreed = configure.features();
        if (opensWith(Fault.CONFIGURE_UNANSWERED)) {
            return;
        }
        if (opensWith(Fault.CONFIGURE_REFUSED)) {
            say(new Response.Refusal("configure: settings"));
            return;
        }
        Map<String, Response.ToolchainInfo> toolchains = new HashMap<>();
        if (agreed.contains(Feature.TOOLCHAINS) && !opensWith(Fault.NO_COMPILER)) {
            profile.archs().forEach(arch -> toolchains.put(arch, new Response.ToolchainInfo("/bin/" + arch, "12")));
        }
        after(3, () -> say(new Response.ConfigureDone(toolchains)));
    }

    private void onPrepare(Command.BuildPrepare prepare) {
        commits = prepare.commits().size();
        slots = prepare.maxBoards();
        if (opensWith(Fault.PREPARE_UNANSWERED)) {
            return;
        }
        if (opensWith(Fault.DIES_PREPARING)) {
            exit(137);
            return;
        }
        say(new Response.BuildStarted(slots));
        after(60, () -> {
            IntStream.range(0, slots).forEach(thread -> say(new Response.WorktreeCreated(thread)));
            say(new Response.BuildPrepareDone());
            script.building()
                    .forEach(timed -> fleet.time().after(timed.after(), () -> perform(() -> strike(timed.fault()))));
        });
    }

    private void onBoard(Command.BoardSpec spec) {
        check(spec);
        out.put(spec.board(), new TreeSet<>(indexesOf(spec)));
        given.add(spec.board(), indexesOf(spec));
        waiting.add(spec);
        startBoards();
    }

    /** What a boss may ask of a worker. */
    private void check(Command.BoardSpec spec) {
        String board = spec.board();
        if (out.containsKey(board)) {
            fleet.violation(name, "board " + board + " twice");
        }
        if (out.size() >= slots) {
            fleet.violation(name, "board " + board + " when " + out.keySet() + " take all " + slots + " slots");
        }
        fleet.noOtherHas(
                indexesOf(spec).stream().map(commit -> new Cell(board, commit)).toList(), this);
        if (agreed.contains(Feature.TOOLCHAINS) && !profile.archs().contains(spec.arch())) {
            fleet.violation(name, "board " + board + " of " + spec.arch() + ", which it can't build");
        }
        if (!agreed.contains(Feature.COMMIT_SELECTION)) {
            if (!spec.commits().isEmpty()) {
                fleet.violation(name, "chosen commits, which it does not know");
            }
            return;
        }
        for (int commit : indexesOf(spec)) {
            Cell cell = new Cell(board, commit);
            if (fleet.isStored(cell) && (!givesBack() || fleet.isTold(cell))) {
                fleet.violation(name, "commit " + commit + " of " + board + ", whose result is stored");
            }
        }
    }

    private List<Integer> indexesOf(Command.BoardSpec spec) {
        return spec.commits().isEmpty() ? IntStream.range(0, commits).boxed().toList() : spec.commits();
    }

    private void startBoards() {
        while (busy < slots && !waiting.isEmpty()) {
            Command.BoardSpec spec = waiting.remove();
            heartbeatsOf(spec.board(), busy++);
            build(spec.board());
        }
    }

    private void build(String board) {
        Optional<Integer> begun = given.begin(board);
        if (begun.isEmpty()) {
            out.remove(board);
            busy--;
            startBoards();
            endBoards();
            return;
        }
        int commit = begun.get();
        Duration duration = FaultScript.between(1, 600, random);
        fleet.time()
                .after(
                        duration.multipliedBy((long) (4 * profile.speed())).dividedBy(4),
                        () -> perform(() -> {
                            if (given.answers(board, commit)) {
                                answers.answer(board, commit, () -> through(board, commit));
                            }
                        }));
    }

    private void through(String board, int commit) {
        out.getOrDefault(board, new TreeSet<>()).remove(commit);
        build(board);
    }

    /** Gives back what has not begun. */
    private void onTakeBack(Command.TakeBack back) {
        if (!agreed.contains(Feature.TAKE_BACK) || !agreed.contains(Feature.COMMIT_SELECTION)) {
            fleet.violation(name, "take_back, which it does not know");
        }
        giveBack(back.board(), given.takeBack(back.board(), back.commits()));
    }

    /** Ends a build, which takes a moment; what has not begun is given back at once, and what is answered is not. */
    private void onCancel(Command.Cancel cancel) {
        if (!agreed.contains(Feature.CANCEL)) {
            fleet.violation(name, "cancel, which it does not know");
        }
        String board = cancel.board();
        int commit = cancel.commitUpto();
        if (given.cancel(board, commit)) {
            after(5, () -> {
                out.getOrDefault(board, new TreeSet<>()).remove(commit);
                build(board);
                say(new Response.GivenBack(board, List.of(commit)));
            });
        } else {
            giveBack(board, given.takeBack(board, List.of(commit)));
        }
    }

    private void giveBack(String board, List<Integer> commits) {
        fleet.givenBack(commits.size());
        out.getOrDefault(board, new TreeSet<>()).removeAll(commits);
        say(new Response.GivenBack(board, commits));
    }

    private void endBoards() {
        if (finishing && out.isEmpty()) {
            if (script.ending().contains(Fault.BUILD_DONE_IGNORED)) {
                fleet.happens(name, Fault.BUILD_DONE_IGNORED);
            } else {
                say(new Response.BuildDone(0));
            }
        }
    }

    // ---- its faults ----

    private void strike(Fault fault) {
        if (quit || isGivenUp()) {
            return;
        }
        boolean struck = true;
        switch (fault) {
            case DIES -> exit(137);
            case OUTPUT_ENDS -> endOutput();
            case ONLY_EXITS -> exitOnly();
            case BREAKS -> breakOutput();
            case DIES_IN_A_LINE -> {
                ByteString line = CODEC.encode(answers.someResult(
                        boardsOut().isEmpty() ? "none" : boardsOut().get(0), 0));
                emit(line.take(1 + random.nextInt(line.size() - 1)));
                exit(137);
            }
            case FREEZES -> freeze();
            case FREEZES_FOR_A_WHILE -> {
                freeze();
                fleet.time().after(FaultScript.between(1, 9000, random), this::thaw);
            }
            case IS_CUT_OFF -> cutOff();
            default -> struck = answers.misspeak(fault);
        }
        if (struck) {
            fleet.happens(name, fault);
        }
    }

    /** Bytes as they are. */
    static ByteString bytes(String text) {
        return ByteString.fromString(text, UTF_8);
    }

    /** A response's bytes. */
    static ByteString line(Response response) {
        return CODEC.encode(response);
    }
}
