package dev.buildboss.boss;

import dev.buildboss.model.ArtefactNames;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Confirmation;
import dev.buildboss.model.InfraSigns;
import dev.buildboss.protocol.Response;
import dev.buildboss.results.CellWriter;
import dev.buildboss.results.ResultStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The cells that one connection is sending: pieces of files go to disk as they come, and the result closes the cell.
 *
 * <p>Blocking; for one thread.
 */
final class CellFiles {

    private static final int TOOLCHAIN_ERROR = 10;
    private static final int MISSING_BLOBS_CODE = 2;
    private static final int INTERRUPTED = -1;
    private static final String NO_CHILD = "No child processes";

    private final ResultStore store;
    private final Optional<String> host;
    private boolean judged = true;
    private final Map<Cell, CellWriter> writers = new HashMap<>();

    /**
     * No cells yet.
     *
     * @param host the machine's name for the {@code host} file; empty for this computer
     */
    CellFiles(ResultStore store, Optional<String> host) {
        this.store = store;
        this.host = host;
    }

    /** Whether the worker tells a machine's failure from the source's itself (feature {@code not-built}). */
    void judged(boolean value) {
        judged = value;
    }

    /** Writes a piece. */
    void piece(Cell cell, Response.Artefact artefact) throws IOException {
        CellWriter writer = writers.get(cell);
        if (writer == null) {
            writer = store.begin(cell);
            writers.put(cell, writer);
        }
        try {
            writer.append(artefact.name(), artefact.data(), artefact.last());
        } catch (IOException e) {
            notWritten(e);
            throw e;
        }
    }

    /** Told before its files are removed, unless it is the cell's own fault. */
    private void notWritten(IOException why) {
        if (!(why instanceof CellWriter.RefusedException) && !(why instanceof CellWriter.TooLargeException)) {
            store.failed(why);
        }
    }

    /**
     * Stores a cell's result, or drops its files where there is no verdict on the source.
     *
     * @param confirms the failure that it is to confirm, whose files are there; they stay unless it was built well elsewhere
     */
    CellOutcome finish(Cell cell, Response.BuildResult result, Optional<Confirmation> confirms) throws IOException {
        Optional<NotBuilt> notBuilt = notBuilt(result);
        CellWriter given = writers.remove(cell);
        CellWriter writer = given != null ? given : store.begin(cell);
        if (notBuilt.isPresent()) {
            writer.discard();
            return notBuilt.get();
        }
        try {
            baseFiles(writer, result);
            if (result.stderr().contains(NO_CHILD)) {
                // An interrupted make: what it said is kept, and the next run builds the cell again.
                if (confirms.isEmpty()) {
                    writer.commit(INTERRUPTED, host);
                } else {
                    writer.discard();
                }
                return new NotBuilt(Reason.INFRASTRUCTURE, "make was interrupted: " + NO_CHILD);
            }
            boolean onlyBlobsMissing =
                    result.returnCode() == MISSING_BLOBS_CODE && result.stderr().contains("Some images are invalid");
            int code = onlyBlobsMissing ? 0 : result.returnCode();
            if (confirms.isEmpty()) {
                return writer.commit(code, host);
            }
            return confirm(writer, code, confirms.get());
        } catch (IOException e) {
            notWritten(e);
            writer.discard();
            throw e;
        }
    }

    /** A failure adds nothing to what is there, and neither does a third build; a good result takes the failure's place. */
    private CellOutcome confirm(CellWriter writer, int code, Confirmation known) throws IOException {
        if (code == 0 && known.again().isEmpty()) {
            store.confirmations().keepFailure(writer, known);
            return writer.replace(code, host);
        }
        Built built = writer.outcome(code);
        writer.discard();
        return built;
    }

    /** What the base protocol carries, as far as it did not come as files. */
    private static void baseFiles(CellWriter writer, Response.BuildResult result) throws IOException {
        for (Map.Entry<String, String> file : result.files().entrySet()) {
            writer.text(file.getKey(), file.getValue());
        }
        if (!writer.has("log")) {
            writer.text("log", result.stdout());
        }
        if (!writer.has("err") && !result.stderr().isEmpty()) {
            writer.text("err", result.stderr());
        }
        if (!writer.has("sizes") && result.sizes().isPresent()) {
            writer.text("sizes", relativeSizes(result.sizes().get()));
        }
        for (Map.Entry<String, String> file : result.config().entrySet()) {
            if (ArtefactNames.isAllowed(file.getKey()) && !writer.has(file.getKey())) {
                writer.text(file.getKey(), file.getValue());
            }
        }
    }

    /** An existing worker names images by their absolute path; results have it relative to the build's directory. */
    private static String relativeSizes(String raw) {
        String text = raw.endsWith("\n") ? raw : raw + "\n";
        return text.replaceAll("\t/[^\t\n]*/build/", "\t");
    }

    private Optional<NotBuilt> notBuilt(Response.BuildResult result) {
        String detail = Words.plain(result.stderr().strip());
        if (result.notBuilt().isPresent()) {
            return Optional.of(notBuilt(reason(result.notBuilt().get()), detail));
        }
        if (result.returnCode() == TOOLCHAIN_ERROR && result.stderr().startsWith("Tool chain error")) {
            return Optional.of(new NotBuilt(Reason.NO_TOOLCHAIN, detail));
        }
        if (judged || result.returnCode() == 0 || result.stderr().contains(NO_CHILD)) {
            return Optional.empty();
        }
        return InfraSigns.of(result.stderr()).map(reason -> notBuilt(reason, detail));
    }

    /** What ran out says more than the words of whichever program met it first, and is the same for all cells. */
    private NotBuilt notBuilt(Reason reason, String detail) {
        return new NotBuilt(
                reason, reason == Reason.DISK_FULL ? "no space left on " + host.orElse("this computer") : detail);
    }

    private static Reason reason(String wireName) {
        try {
            return Reason.valueOf(wireName.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return Reason.INFRASTRUCTURE; // a newer worker's reason: still no verdict
        }
    }

    /** Drops one cell's files. */
    void discard(Cell cell) throws IOException {
        CellWriter writer = writers.remove(cell);
        if (writer != null) {
            writer.discard();
        }
    }

    /** Drops what is not closed. */
    void discardAll() throws IOException {
        for (Cell cell : List.copyOf(writers.keySet())) {
            discard(cell);
        }
    }
}
