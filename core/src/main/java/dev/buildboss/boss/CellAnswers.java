package dev.buildboss.boss;

import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Doubts;
import dev.buildboss.model.Machine;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.Inbound;
import dev.buildboss.results.CellWriter;
import java.io.IOException;
import java.util.Optional;

/**
 * What is done with a worker's words about cells: each is held against the leases, written, and settled when it is stored.
 * Used by one {@link Conversation}, on its thread; writing blocks it.
 */
final class CellAnswers {

    /** What the conversation has to do next. */
    sealed interface Next {}

    /** Nothing: the worker may go on. */
    record GoOn() implements Next {}

    /** The worker broke a rule. */
    record Broke(String rule) implements Next {}

    /** The worker may go on, but nothing can be stored here any more. */
    record StorageFailed(String reason) implements Next {}

    private static final Next GO_ON = new GoOn();

    private final OpenBoards boards;
    private final CellFiles files;
    private final MachineLog log;
    private final Doubts doubts;

    CellAnswers(RunContext run, Machine machine, OpenBoards boards, MachineLog log) {
        this.log = log;
        this.boards = boards;
        this.doubts = run.settings().boss().confirmFailures();
        this.files = new CellFiles(run.store(), machine.isLocal() ? Optional.empty() : Optional.of(machine.name()));
    }

    /** Whether the worker tells a machine's failure from the source's itself; said before the first result. */
    void judged(boolean value) {
        files.judged(value);
    }

    /** A result, or a piece of one. */
    Next take(Response.BuildResult result) {
        return take(result.board(), result.commitUpto(), result);
    }

    /** A result, or a piece of one. */
    Next take(Response.Artefact artefact) {
        return take(artefact.board(), artefact.commitUpto(), artefact);
    }

    /** Commits that the worker will not build: each must be one that it was asked for. */
    Next take(Response.GivenBack back) {
        for (int commit : back.commits()) {
            if (!boards.isWantedBack(back.board(), commit)) {
                return new Broke("commit index " + commit + " of board " + Words.quoted(back.board())
                        + " given back, which nobody asked for");
            }
            drop(new Cell(back.board(), commit));
            boards.heard(back.board());
            boards.answered(back.board(), commit);
        }
        return GO_ON;
    }

    private Next take(String board, int commit, Response response) {
        LeaseBook.Check check = boards.check(board, commit);
        if (check instanceof LeaseBook.Foreign foreign) {
            return new Broke("an answer for " + foreign.reason());
        }
        boards.heard(board);
        if (check instanceof LeaseBook.Expected expected) {
            return response instanceof Response.BuildResult result
                    ? store(expected, result)
                    : keep(expected, (Response.Artefact) response);
        }
        if (response instanceof Response.BuildResult) {
            drop(new Cell(board, commit));
            boards.answered(board, commit);
        }
        return GO_ON;
    }

    private Next store(LeaseBook.Expected expected, Response.BuildResult result) {
        try {
            CellOutcome outcome =
                    files.finish(expected.cell(), result, expected.grant().confirms());
            boolean doubtful = doubts.isDoubtful(outcome, result.stderr());
            boards.settle(expected, outcome, result.stderr(), doubtful, result.times());
            return GO_ON;
        } catch (IOException e) {
            Next next = notStored(expected, e);
            boards.answered(result.board(), result.commitUpto());
            return next;
        }
    }

    private Next keep(LeaseBook.Expected expected, Response.Artefact artefact) {
        try {
            files.piece(expected.cell(), artefact);
            return GO_ON;
        } catch (IOException e) {
            drop(expected.cell());
            return notStored(expected, e);
        }
    }

    /** Drops the files of a cell whose result is not wanted; what a disk refuses to remove, the store's end does. */
    private void drop(Cell cell) {
        try {
            files.discard(cell);
        } catch (IOException e) {
            log.trouble("files of " + cell.board() + " are left over: " + Failures.reason(e));
        }
    }

    private Next notStored(LeaseBook.Expected expected, IOException failure) {
        if (failure instanceof CellWriter.RefusedException) {
            return new Broke(Failures.reason(failure));
        }
        boards.refuse(expected, Failures.notStored(failure));
        return failure instanceof CellWriter.TooLargeException ? GO_ON : new StorageFailed(Failures.reason(failure));
    }

    /** A line over the limit fails its cell, if it says which early enough; it is told whether its cell's result is to come. */
    Next tooLong(Inbound.TooLong line, String board, int commit) {
        LeaseBook.Check check = boards.check(board, commit);
        boolean resultToCome = line.excerpt().contains("\"artefact\"");
        if (check instanceof LeaseBook.Foreign foreign) {
            return new Broke("an answer for " + foreign.reason());
        }
        if (check instanceof LeaseBook.Expected expected) {
            boards.refuse(expected, new NotBuilt(Reason.RESULT_REFUSED, "output too large: " + sizeOf(line)));
        }
        if (!resultToCome) {
            drop(new Cell(board, commit));
            boards.answered(board, commit);
        }
        return GO_ON;
    }

    /** What an over-long line is called. */
    static String sizeOf(Inbound.TooLong line) {
        return "a line of " + line.bytes() + " bytes is over protocol.max-line";
    }

    /** Drops the files of cells that are not whole. */
    void discard() {
        try {
            files.discardAll();
        } catch (IOException e) {
            log.trouble("files of unfinished cells are left over: " + Failures.reason(e));
        }
    }
}
