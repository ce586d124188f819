package dev.buildboss.boss;

import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Machine;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.Inbound;
import dev.buildboss.results.CellWriter;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is done with a worker's words about cells: each is held against the leases, kept or written, and settled when it is
 * stored. Used by one {@link Conversation}, on its thread, the writing excepted.
 */
final class CellAnswers {

    /** What the conversation has to do next. */
    sealed interface Next {}

    /** Nothing: the worker may go on. */
    record GoOn() implements Next {}

    /** The worker broke a rule. */
    record Broke(String rule) implements Next {}

    /** Run the task where it may block, and come back with {@link #written}; the worker waits until then. */
    record Write(LeaseBook.Expected cell, Response response, Supplier<Optional<CellOutcome>> task) implements Next {}

    /** The worker may go on, but nothing can be stored here any more. */
    record StorageFailed(String reason) implements Next {}

    private static final Next GO_ON = new GoOn();

    private final OpenBoards boards;
    private final CellFiles files;

    CellAnswers(RunContext run, Machine machine, OpenBoards boards) {
        this.boards = boards;
        this.files = new CellFiles(
                run.store(),
                run.settings().boss().writeBuffer(),
                machine.isLocal() ? Optional.empty() : Optional.of(machine.name()));
    }

    /** A result, or a piece of one. */
    Next take(Response.BuildResult result) {
        return take(result.board(), result.commitUpto(), result);
    }

    /** A result, or a piece of one. */
    Next take(Response.Artefact artefact) {
        return take(artefact.board(), artefact.commitUpto(), artefact);
    }

    private Next take(String board, int commit, Response response) {
        LeaseBook.Check check = boards.check(board, commit);
        if (check instanceof LeaseBook.Foreign foreign) {
            return new Broke("an answer for " + foreign.reason());
        }
        boards.heard(board);
        if (check instanceof LeaseBook.Expected expected) {
            boolean held = response instanceof Response.Artefact artefact && files.hold(expected.cell(), artefact);
            return held ? GO_ON : new Write(expected, response, () -> write(expected.cell(), response));
        }
        if (response instanceof Response.BuildResult) {
            files.release(new Cell(board, commit));
            boards.answered(board, commit);
        }
        return GO_ON;
    }

    private Optional<CellOutcome> write(Cell cell, Response response) {
        try {
            if (response instanceof Response.Artefact artefact) {
                files.piece(cell, artefact);
                return Optional.empty();
            }
            return Optional.of(files.finish(cell, (Response.BuildResult) response));
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** A write ended, with an outcome if it was a result, or with a failure. */
    Next written(Write write, Optional<CellOutcome> outcome, @Nullable Throwable wrapped) {
        Throwable failure = wrapped == null ? null : Failures.root(wrapped);
        if (failure instanceof CellWriter.RefusedException) {
            return new Broke(Failures.reason(failure));
        }
        if (failure != null) {
            boards.refuse(write.cell(), Failures.notStored(failure));
        }
        if (write.response() instanceof Response.BuildResult result) {
            if (outcome.isPresent()) {
                boards.settle(write.cell(), outcome.get(), result.stderr());
            } else {
                boards.answered(result.board(), result.commitUpto());
            }
        }
        return failure == null || failure instanceof CellWriter.TooLargeException
                ? GO_ON
                : new StorageFailed(Failures.reason(failure));
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
            files.release(new Cell(board, commit));
            boards.answered(board, commit);
        }
        return GO_ON;
    }

    /** What an over-long line is called. */
    static String sizeOf(Inbound.TooLong line) {
        return "a line of " + line.bytes() + " bytes is over protocol.max-line";
    }

    /** Drops the files of cells that are not whole. Blocking. */
    void discard() throws IOException {
        files.discardAll();
    }
}
