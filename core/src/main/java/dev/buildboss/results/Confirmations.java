package dev.buildboss.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.model.Cell;
import dev.buildboss.model.Confirmation;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is kept beside results of failures that were built again: what is known of them, in {@link Confirmation#FILE}, and what
 * the first build said where a later one took its place. Tools that don't know these files read the result as any other.
 * Blocks.
 */
public final class Confirmations {

    private static final String FIRST_ERR = "err.first";
    private static final String FIRST_LOG = "log.first";

    private final Function<Cell, Path> dirs;
    private final Supplier<Path> aside;

    /**
     * Those of a store.
     *
     * @param dirs where each cell's files are
     * @param aside a new name each time, on the same file system
     */
    Confirmations(Function<Cell, Path> dirs, Supplier<Path> aside) {
        this.dirs = dirs;
        this.aside = aside;
    }

    /** A result takes the place of a failure: what that said stays beside it. */
    public void keepFailure(CellWriter writer, Confirmation known) throws IOException {
        Path dir = dirs.apply(writer.cell());
        writer.copy(dir.resolve("err"), FIRST_ERR);
        writer.copy(dir.resolve("log"), FIRST_LOG);
        writer.own(Confirmation.FILE, known.text());
    }

    /** Says what is known of a cell's failure, in place of what was said before. */
    public void say(Cell cell, Confirmation known) throws IOException {
        Path file = aside.get();
        Files.writeString(file, known.text());
        Files.move(file, dirs.apply(cell).resolve(Confirmation.FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The beginning of what a cell's build said on stderr; nothing if it can't be read. */
    public String errorText(Cell cell, int mostBytes) {
        try (FileInputStream in =
                new FileInputStream(dirs.apply(cell).resolve("err").toFile())) {
            return new String(in.readNBytes(mostBytes), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** What is known of a cell's failure that was built again; empty if it wasn't. */
    public static Optional<Confirmation> read(Path dir) {
        try (FileInputStream in = new FileInputStream(new File(dir.toString(), Confirmation.FILE))) {
            return Confirmation.parse(new String(in.readNBytes(Confirmation.MAX_FILE), UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether the run that was to confirm a failure ended before. */
    static boolean isOpen(Path dir) {
        return read(dir)
                .filter(known -> known.verdict() == Confirmation.Verdict.OPEN)
                .isPresent();
    }
}
