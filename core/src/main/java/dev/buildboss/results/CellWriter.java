package dev.buildboss.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.files.FileTrees;
import dev.buildboss.model.ArtefactNames;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One cell's files on their way: written aside, and in place all at once with {@link #commit}. Blocking; for one thread at a
 * time.
 */
public final class CellWriter {

    private final ResultStore store;
    private final Cell cell;
    private final Path staging;
    private final long maxBytes;
    private final Set<String> names = new HashSet<>();

    private @Nullable FileChannel current;
    private String currentName = "";
    private boolean made;
    private long bytes;
    private boolean hasErrorText;

    CellWriter(ResultStore store, Cell cell, Path staging, long maxBytes) {
        this.store = store;
        this.cell = cell;
        this.staging = staging;
        this.maxBytes = maxBytes;
    }

    /** The cell. */
    public Cell cell() {
        return cell;
    }

    /**
     * Adds to a file; pieces of a file come one after the other.
     *
     * @param name a name for which {@link ArtefactNames#isAllowed} holds
     * @param last whether the file is complete with this
     * @throws RefusedException if the name is not allowed, comes a second time, or comes before another file is complete
     * @throws TooLargeException if the cell has too many files or bytes
     * @throws IOException if the disk refuses
     */
    public void append(String name, ByteString data, boolean last) throws IOException {
        if (current == null) {
            begin(name);
        } else if (!name.equals(currentName)) {
            throw new RefusedException("the file " + name + " before the end of " + currentName);
        }
        bytes += data.size();
        if (bytes > maxBytes) {
            throw new TooLargeException("more than " + maxBytes + " bytes for one cell (protocol.max-cell)");
        }
        hasErrorText |= name.equals("err") && !data.isEmpty();
        FileChannel channel = current;
        for (ByteBuffer buffer : data.getByteBuffers()) {
            while (channel != null && buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
        if (last) {
            closeCurrent();
        }
    }

    /** Adds a whole text file. */
    public void text(String name, String text) throws IOException {
        append(name, ByteString.fromString(text, UTF_8), true);
    }

    /** Whether a file of that name has come. */
    public boolean has(String name) {
        return names.contains(name);
    }

    private void begin(String name) throws IOException {
        if (!ArtefactNames.isAllowed(name)) {
            throw new RefusedException("no name for a file of a result: " + name);
        }
        if (!names.add(name)) {
            throw new RefusedException("the file " + name + " twice");
        }
        if (names.size() > ArtefactNames.MAX_FILES) {
            throw new TooLargeException("more than " + ArtefactNames.MAX_FILES + " files for one cell");
        }
        makeStaging();
        current = FileChannel.open(staging.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        currentName = name;
    }

    private void makeStaging() throws IOException {
        if (!made) {
            Files.createDirectory(staging);
            made = true;
        }
    }

    private void closeCurrent() throws IOException {
        FileChannel channel = current;
        current = null;
        if (channel != null) {
            if (currentName.equals("err") && hasErrorText) {
                channel.force(
                        false); // a power cut must not leave `done` with an empty `err`: a warning taken for all well
            }
            channel.close();
        }
    }

    /**
     * Puts the files in place, {@code done} written last; a result of an earlier run is replaced at this moment. Of several in
     * this run the first counts: what comes later is dropped.
     *
     * @param returnCode what {@code done} says
     * @param host the machine that built it; empty for this computer
     * @return the result that is in place now: this one, or the one that came first
     */
    public Built commit(int returnCode, Optional<String> host) throws IOException {
        complete(returnCode, host);
        Built mine = outcome(returnCode);
        Optional<Built> first = store.results().put(cell, staging, mine, returnCode != ResultStore.INTERRUPTED);
        if (first.isPresent()) {
            discard();
        }
        return first.orElse(mine);
    }

    /** The same in place of whatever result there is, one of this run included. */
    public Built replace(int returnCode, Optional<String> host) throws IOException {
        complete(returnCode, host);
        store.results().replace(cell, staging, outcome(returnCode));
        return outcome(returnCode);
    }

    private void complete(int returnCode, Optional<String> host) throws IOException {
        if (current != null) {
            throw new RefusedException("the result before the end of the file " + currentName);
        }
        makeStaging();
        if (host.isPresent()) {
            Files.writeString(staging.resolve("host"), host.get() + "\n");
        }
        Files.writeString(staging.resolve("done"), returnCode + "\n");
    }

    /** What its outcome would be with that code. */
    public Built outcome(int returnCode) {
        return Built.of(returnCode, hasErrorText);
    }

    /** Puts a copy of a file beside the cell's own; nothing, if there is none. */
    void copy(Path file, String name) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            makeStaging();
            Files.copy(file, staging.resolve(name));
        }
    }

    /** Adds a file of the store's own. */
    void own(String name, String text) throws IOException {
        makeStaging();
        Files.writeString(staging.resolve(name), text);
    }

    /** Removes what was written; nothing of the cell is left but what was in place before. */
    public void discard() throws IOException {
        closeCurrent();
        FileTrees.delete(staging);
    }

    /** What a worker sent cannot be stored: it broke a rule, and is not to be trusted with anything else. */
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** One cell's files are over a limit: the cell's fault, not the worker's. */
    public static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(String message) {
            super(message);
        }
    }
}
