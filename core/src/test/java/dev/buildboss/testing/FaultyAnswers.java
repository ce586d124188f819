package dev.buildboss.testing;

import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.pekko.util.ByteString;

/** What a {@link FaultyWorker} says of cells, and what it should not say. */
final class FaultyAnswers {

    private static final List<String> NAMES = List.of("u-boot.sizes", "System.map", ".config", "uboot.env");
    private static final List<String> BAD_NAMES =
            List.of("../escape", "../../../escape", "../../../../escape", "a/b", "done", "host", "-", "e\0.txt");
    /** Over the limits of the simulated runs. */
    private static final int HUGE = 80_000;

    private final FaultyFleet fleet;
    private final FaultyWorker worker;
    private final String name;
    private final FaultScript script;
    private final RandomGenerator random;
    private Optional<Response.BuildResult> last = Optional.empty();
    private int attempts;

    FaultyAnswers(FaultyFleet fleet, FaultyWorker worker, String name, FaultScript script, RandomGenerator random) {
        this.fleet = fleet;
        this.worker = worker;
        this.name = name;
        this.script = script;
        this.random = random;
    }

    /** Answers a cell, in one or several pieces, and then goes on. */
    void answer(String board, int commit, Runnable then) {
        String tag = name + "/" + (++attempts) + " " + board + " " + commit;
        Optional<Fault> fault = random.nextDouble() < script.cells()
                ? Optional.of(FaultScript.one(Fault.Stage.CELL, random))
                : Optional.empty();
        List<Response> words = fault.isPresent() ? spoiled(fault.get(), tag, board, commit) : sound(tag, board, commit);
        fault.ifPresent(struck -> fleet.happens(name, struck));
        sayAll(words, 0, then);
    }

    private void sayAll(List<Response> words, int from, Runnable then) {
        for (int i = from; i < words.size(); i++) {
            if (i == words.size() - 1) {
                then.run(); // the boss may send the next board as soon as it has heard this
            }
            Response word = words.get(i);
            worker.say(word);
            last = word instanceof Response.BuildResult result ? Optional.of(result) : last;
            if (i + 1 < words.size() && random.nextInt(5) == 0) {
                int next = i + 1;
                worker.after(20, () -> sayAll(words, next, then));
                return;
            }
        }
    }

    private List<Response> sound(String tag, String board, int commit) {
        int code = random.nextInt(6) == 0 ? 2 : 0;
        String stderr = code != 0 || random.nextInt(6) == 0 ? "warning of " + tag + "\n" : "";
        Map<String, String> files = new TreeMap<>();
        files.put("log", "tag " + tag + "\n");
        if (!stderr.isEmpty()) {
            files.put("err", stderr);
        }
        files.put("done", code + "\n");
        List<Response> words = new ArrayList<>();
        Map<String, String> inResult = new HashMap<>();
        if (worker.agreed().contains(Feature.ARTEFACTS)) {
            for (String file : NAMES) {
                int kind = random.nextInt(3);
                if (kind > 0) {
                    String text = (file + " of " + tag + "\n").repeat(1 + random.nextInt(60));
                    files.put(file, text);
                    if (kind == 1) {
                        inResult.put(file, text);
                    } else {
                        words.addAll(pieces(board, commit, file, text));
                    }
                }
            }
        }
        fleet.wrote(tag, files);
        Response.BuildResult result =
                result(board, commit, code, "tag " + tag + "\n", stderr, Optional.empty(), inResult);
        words.add(result);
        return words;
    }

    private List<Response> pieces(String board, int commit, String file, String text) {
        List<Response> pieces = new ArrayList<>();
        ByteString rest = ByteString.fromString(text);
        while (random.nextInt(3) > 0 && rest.size() > 1) {
            int cut = random.nextInt(rest.size());
            pieces.add(new Response.Artefact(board, commit, file, rest.take(cut), false));
            rest = rest.drop(cut);
        }
        pieces.add(new Response.Artefact(board, commit, file, rest, true));
        return pieces;
    }

    /** The answer of a machine that is at fault; what an old worker has no words for is a failed build. */
    private List<Response> spoiled(Fault fault, String tag, String board, int commit) {
        boolean says = worker.agreed().contains(Feature.NOT_BUILT);
        List<Response> words = new ArrayList<>();
        if (worker.agreed().contains(Feature.ARTEFACTS)) {
            words.addAll(pieces(board, commit, "u-boot.sizes", "spoiled by " + tag));
        }
        switch (fault) {
            case INFRASTRUCTURE, WORKER_DISK_FULL ->
                words.add(
                        says
                                ? result(
                                        board,
                                        commit,
                                        2,
                                        "",
                                        "killed: " + tag,
                                        Optional.of(fault == Fault.INFRASTRUCTURE ? "infrastructure" : "disk_full"),
                                        Map.of())
                                : toolchainError(board, commit));
            case NO_CHILD ->
                words.add(result(
                        board, commit, 2, "", "make: wait: No child processes.  Stop.\n", Optional.empty(), Map.of()));
            case HUGE_RESULT -> words.add(result(board, commit, 0, "x".repeat(HUGE), "", Optional.empty(), Map.of()));
            case HUGE_CELL -> {
                if (worker.agreed().contains(Feature.ARTEFACTS)) {
                    for (int i = 0; i < 8; i++) {
                        ByteString piece = ByteString.fromString("y".repeat(HUGE / 4));
                        words.add(new Response.Artefact(board, commit, "System.map", piece, i == 7));
                    }
                }
                words.add(result(board, commit, 0, "x".repeat(HUGE), "", Optional.empty(), Map.of()));
            }
            default -> words.add(toolchainError(board, commit));
        }
        return words;
    }

    private static Response.BuildResult toolchainError(String board, int commit) {
        return result(board, commit, 10, "", "Tool chain error for arm: none", Optional.empty(), Map.of());
    }

    /** A result as any worker could send it. */
    Response.BuildResult someResult(String board, int commit) {
        return result(board, commit, 0, "never to be stored\n", "", Optional.empty(), Map.of());
    }

    private static Response.BuildResult result(
            String board,
            int commit,
            int code,
            String stdout,
            String stderr,
            Optional<String> notBuilt,
            Map<String, String> files) {
        return new Response.BuildResult(
                board,
                commit,
                code,
                stdout,
                stderr,
                0.5,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                notBuilt,
                files);
    }

    /** What a worker that nobody listens to any more still says. */
    void late() {
        worker.boardsOut().forEach(board -> worker.say(someResult(board, 0)));
        last.ifPresent(worker::say);
    }

    /** A board that is not out here; it may be out elsewhere. */
    private String foreign() {
        String some = "b" + random.nextInt(12);
        return worker.hasOut(some) || random.nextBoolean() ? "../../x" : some;
    }

    /** Says something wrong; false if there is nothing to say it of. */
    boolean misspeak(Fault fault) {
        List<String> boards = worker.boardsOut();
        switch (fault) {
            case GARBAGE -> worker.emit(FaultyWorker.bytes("BM> {\"resp\": heartbeat}\n"));
            case LOST_BYTES -> {
                ByteString line = FaultyWorker.line(someResult("b0", 0));
                worker.emit(line.take(line.size() / 2).concat(FaultyWorker.line(new Response.WorktreeCreated(0))));
            }
            case NOISE -> {
                byte[] bytes = new byte[200];
                random.nextBytes(bytes);
                worker.emit(FaultyWorker.bytes("\nbash: warning\n" + "make[1]: Entering\n")
                        .concat(ByteString.fromArray(bytes))
                        .concat(FaultyWorker.bytes("\n")));
            }
            case UNKNOWN_RESPONSE -> worker.emit(FaultyWorker.bytes("BM> {\"resp\":\"telemetry\",\"board\":\"b0\"}\n"));
            case UNASKED_ERROR -> worker.say(new Response.Refusal("unknown command: telemetry"));
            case HUGE_LINE ->
                worker.emit(FaultyWorker.bytes(
                        "BM> {\"resp\":\"build_result\",\"stdout\":\"" + "z".repeat(HUGE) + "\",\"board\":\"b0\"}\n"));
            case OUT_OF_TURN -> {
                worker.say(new Response.ConfigureDone(Map.of()));
                worker.say(new Response.BuildPrepareDone());
                worker.say(new Response.BuildDone(3));
            }
            case FOREIGN_BOARD -> worker.say(someResult(foreign(), 0));
            case DUPLICATE -> {
                last.ifPresent(worker::say);
                return last.isPresent();
            }
            case BAD_INDEX -> {
                boards.stream().findFirst().ifPresent(board -> worker.say(someResult(board, 99)));
                return !boards.isEmpty();
            }
            case BAD_NAME -> {
                boards.stream()
                        .findFirst()
                        .ifPresent(board -> worker.say(new Response.Artefact(
                                board,
                                0,
                                BAD_NAMES.get(random.nextInt(BAD_NAMES.size())),
                                ByteString.fromString("x"),
                                true)));
                return !boards.isEmpty();
            }
            default -> throw new IllegalArgumentException("not a fault of speech: " + fault);
        }
        return true;
    }
}
