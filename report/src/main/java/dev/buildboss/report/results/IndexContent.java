package dev.buildboss.report.results;

import dev.buildboss.report.results.ResultsIndex.Entry;
import dev.buildboss.report.results.ResultsIndex.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What an index file holds. Immutable; the many entries of its rows stay the numbers that they are on disk. */
final class IndexContent {

    static final IndexContent NONE = new IndexContent(new int[0], List.of(), Map.of(), Map.of());

    private static final int AT_DIRECTORY = 1;
    private static final int AT_DONE = 3;
    private static final int AT_CELL = 5;

    private final int[] numbers;
    private final List<CellReport> cells;
    /** Those of the cells that were taken. */
    private final AtomicReferenceArray<@Nullable CellReport> taken;

    private final Map<String, Integer> boards;
    private final Map<String, Integer> rows;

    /**
     * A content whose numbers are right.
     *
     * @param numbers those of the file
     * @param cells the different cells
     * @param boards the boards' numbers by name
     * @param rows where the row of a commit's directory begins: how many entries it has, then these
     */
    IndexContent(int[] numbers, List<CellReport> cells, Map<String, Integer> boards, Map<String, Integer> rows) {
        this.numbers = numbers;
        this.cells = cells;
        this.taken = new AtomicReferenceArray<>(cells.size());
        this.boards = boards;
        this.rows = rows;
    }

    /** The content of an index file; none if it is no sane one for these limits. */
    static IndexContent read(Path file, Limits limits) {
        try {
            return Files.size(file) > IndexFile.MOST_BYTES ? NONE : IndexParser.parse(Files.readAllBytes(file), limits);
        } catch (IOException | RuntimeException e) {
            return NONE; // one that another program made: as good as none
        }
    }

    /** The cells that are known of a commit's directory. */
    Row row(String directory) {
        return new Row(rows.get(directory));
    }

    /** All that is known of the directories that are wanted. */
    Map<String, Map<String, Entry>> entries(Predicate<String> isWanted) {
        Map<String, Map<String, Entry>> all = new HashMap<>();
        rows.keySet().stream()
                .filter(isWanted)
                .forEach(directory -> all.put(directory, row(directory).all()));
        return all;
    }

    /** One commit's cells. */
    final class Row {
        /** By board: where its entry begins; 0: it has none. */
        private final int[] entries = new int[boards.size()];

        private Row(@Nullable Integer start) {
            if (start != null) {
                int entry = start + 1;
                for (int i = numbers[start]; i > 0; i--) {
                    entries[numbers[entry]] = entry;
                    entry += IndexFile.ENTRY_NUMBERS;
                }
            }
        }

        /** A board's cell if it is known as it is at these times, with what it said in a pool: always the same one. */
        @Nullable
        CellReport cell(String target, long directory, long done, DiagnosticPool pool) {
            Integer board = boards.get(target);
            int entry = board == null ? 0 : entries[board];
            return entry != 0 && number(entry + AT_DIRECTORY) == directory && number(entry + AT_DONE) == done
                    ? take(numbers[entry + AT_CELL], pool)
                    : null;
        }

        private Map<String, Entry> all() {
            Map<String, Entry> all = new HashMap<>();
            boards.forEach((target, board) -> {
                int entry = entries[board];
                if (entry != 0) {
                    Stamp stamp = new Stamp(number(entry + AT_DIRECTORY), number(entry + AT_DONE));
                    all.put(target, new Entry(stamp, cells.get(numbers[entry + AT_CELL])));
                }
            });
            return all;
        }
    }

    private CellReport take(int cell, DiagnosticPool pool) {
        CellReport known = taken.get(cell);
        if (known == null) {
            known = pool.admit(cells.get(cell));
            taken.set(cell, known);
        }
        return known;
    }

    private long number(int place) {
        return Integer.toUnsignedLong(numbers[place]) | (long) numbers[place + 1] << Integer.SIZE;
    }
}
