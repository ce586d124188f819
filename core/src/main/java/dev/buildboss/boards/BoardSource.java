package dev.buildboss.boards;

import static java.util.Objects.requireNonNull;

import dev.buildboss.BuildbossException;
import dev.buildboss.settings.Settings;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the list of boards comes from; the first of these that is there:
 *
 * <ol>
 *   <li>the user's own file;
 *   <li>a {@code boards.cfg} at the tree's top or in the output directory that is newer than all that it is made from (at the
 *       top of a tree without {@code configs}, whatever its age);
 *   <li>what U-Boot's own tool makes of the tree, kept in the cache and made again when one of those files changed;
 *   <li>the tree's {@code configs/*_defconfig}.
 * </ol>
 *
 * @param file the user's own list
 * @param extended whether boards with fragments are added ({@code -X})
 * @param outputDir where an existing tool keeps its {@code boards.cfg}
 * @param cache the directory that lists are kept in; made when needed
 * @param settings whether U-Boot's tool may be run, and for how long
 */
public record BoardSource(
        Optional<Path> file, boolean extended, Optional<Path> outputDir, Path cache, Settings.Boards settings) {

    private static final Logger LOG = LoggerFactory.getLogger(BoardSource.class);
    private static final String LIST = "boards.cfg";
    private static final String STAMP = "# Buildboss: made of ";

    /** Checks the parts. */
    public BoardSource {
        requireNonNull(file, "file");
        requireNonNull(outputDir, "outputDir");
        requireNonNull(cache, "cache");
        requireNonNull(settings, "settings");
    }

    /**
     * A list of boards.
     *
     * @param list the boards
     * @param origin where it is from, in words
     * @param notes what the user should hear of it
     */
    public record Found(BoardList list, String origin, List<String> notes) {
        /** Copies the notes. */
        public Found {
            requireNonNull(list, "list");
            requireNonNull(origin, "origin");
            notes = List.copyOf(notes);
        }
    }

    /**
     * Finds it; may run U-Boot's tool, which takes seconds.
     *
     * @param tree the source
     * @param directory where the source is on disk; empty: it is in a bare repository
     * @throws BuildbossException in words, if there is none or it is wrong
     */
    public Found find(SourceTree tree, Optional<Path> directory) {
        List<String> notes = new ArrayList<>();
        Found found;
        if (file.isPresent()) {
            found = new Found(BoardList.read(file.get()), file.get().toString(), notes);
        } else {
            found = directory
                    .flatMap(path -> onDisk(path, notes))
                    .orElseGet(() -> new Found(BoardList.scan(tree), "configs/*_defconfig", notes));
        }
        if (!extended) {
            return new Found(found.list(), found.origin(), notes);
        }
        ExtendedBoards.Extended more = ExtendedBoards.add(found.list(), tree);
        notes.addAll(more.notes());
        return new Found(more.list(), found.origin(), notes);
    }

    private Optional<Found> onDisk(Path tree, List<String> notes) {
        try {
            Path top = tree.resolve(LIST);
            if (Files.isRegularFile(top) && !Files.isDirectory(tree.resolve("configs"))) {
                return Optional.of(new Found(BoardList.read(top), top.toString(), notes));
            }
            BoardGenerator generator = new BoardGenerator(tree, settings.generatorTimeout());
            boolean generates = settings.generator() && generator.isThere();
            Optional<Path> kept = outputDir.map(output -> output.resolve(LIST)).filter(Files::isRegularFile);
            if (!generates && kept.isEmpty() && !Files.isRegularFile(top)) {
                return Optional.empty();
            }
            BoardStamp stamp = BoardStamp.of(tree);
            for (Path there : kept.isPresent() ? List.of(top, kept.get()) : List.of(top)) {
                if (Files.isRegularFile(there)
                        && Files.getLastModifiedTime(there).compareTo(stamp.newest()) > 0) {
                    return Optional.of(new Found(BoardList.read(there), there.toString(), notes));
                }
            }
            return generates ? generated(generator, tree, stamp, notes) : Optional.empty();
        } catch (IOException e) {
            notes.add("the list of boards can't be kept or read (" + e + "): made of configs/*_defconfig");
            return Optional.empty();
        }
    }

    private Optional<Found> generated(BoardGenerator generator, Path tree, BoardStamp stamp, List<String> notes)
            throws IOException {
        Path directory = cache.resolve("boards")
                .resolve(BoardStamp.digest(tree.toRealPath().toString()));
        Path kept = directory.resolve(LIST);
        String mark = STAMP + stamp.digest() + "\n";
        String text = Files.isRegularFile(kept) ? Files.readString(kept) : "";
        if (!text.startsWith(mark)) {
            LOG.debug("making a list of boards of {}", tree);
            Files.createDirectories(directory);
            BoardGenerator.Made made = generator.run(directory);
            if (made.text().isEmpty()) {
                notes.add("U-Boot's own list of boards can't be made (" + Printable.line(made.trouble())
                        + "): made of configs/*_defconfig, without vendors and SoCs");
                return Optional.empty();
            }
            text = mark + made.text().get();
            Path aside = Files.createTempFile(directory, LIST, ".new");
            Files.writeString(aside, text);
            Files.move(aside, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return Optional.of(new Found(BoardList.parse(text, kept.toString()), "U-Boot's own tool", notes));
    }
}
