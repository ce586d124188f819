package dev.buildboss.report.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.Confirmation;
import dev.buildboss.report.results.ResultsIndex.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the index's form on disk, which {@link IndexParser} reads: all numbers in one piece and all texts in another, so that
 * both are taken into arrays as they stand.
 *
 * <ol>
 *   <li>of four bytes each, the least first: magic, version, how many numbers, how many bytes of text;
 *   <li>the numbers, as below;
 *   <li>the texts in UTF-8, one after the other;
 *   <li>CRC-32C of all that.
 * </ol>
 *
 * <p>The numbers: the limits; the texts' lengths; the different diagnostics, lists of them, lists of sizes, cells; the boards' names;
 * for each commit its directory's name and which board has which cell, with its stamp. Each of these begins with how many
 * there are; a text is its number, and a long is its lower half and its upper one. A board says the same at most commits: so the many cells of a
 * matrix are few different ones.
 */
final class IndexFile {

    static final int MAGIC = 0x42424958;
    static final int VERSION = 5;
    static final int HEADER_BYTES = 4 * Integer.BYTES;
    static final int CHECKSUM_BYTES = Integer.BYTES;
    /**
     * A longer one is neither written nor read. Reading takes the file's bytes, its texts, which take up to twice their bytes, and their
     * objects at once, beside all that a summary needs without an index.
     */
    static final long MOST_BYTES =
            Math.min(512L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 4);
    /** Of a row: the board's number, two times, the cell's number. */
    static final int ENTRY_NUMBERS = 6;
    /** For a cell without an outcome, a confirmation, a place. */
    static final int NONE = -1;

    private int[] numbers = new int[1 << 12];
    private int count;
    private final Map<String, Integer> texts = new LinkedHashMap<>();
    /** What its diagnostics take in memory. */
    private long diagnosticBytes;

    private IndexFile() {}

    /** Writes an index: of each commit's directory the cells of boards. */
    static void write(Path file, Map<String, Map<String, Entry>> rows, Limits limits) throws IOException {
        IndexFile body = new IndexFile();
        body.cells(rows);
        if (body.diagnosticBytes > limits.maxPool()) {
            throw new IOException("an index of more diagnostics than a reader has room for");
        }
        IndexFile head = new IndexFile();
        head.add(limits.maxText());
        head.add(limits.maxDiagnostics());
        head.add(body.texts.size());
        int bytes = 0;
        for (String text : body.texts.keySet()) {
            int length = text.getBytes(UTF_8).length;
            head.add(length);
            bytes = Math.addExact(bytes, length);
        }
        int ints = Math.addExact(head.count, body.count);
        long size = HEADER_BYTES + (long) ints * Integer.BYTES + bytes + CHECKSUM_BYTES;
        if (size > MOST_BYTES) {
            throw new IOException("an index of " + size + " bytes");
        }
        // One by one: all texts once more as bytes may be more than there is memory for.
        try (IndexOutput out = new IndexOutput(file)) {
            out.number(MAGIC);
            out.number(VERSION);
            out.number(ints);
            out.number(bytes);
            head.writeNumbers(out);
            body.writeNumbers(out);
            for (String text : body.texts.keySet()) {
                out.bytes(text.getBytes(UTF_8));
            }
            out.end();
        }
    }

    private void writeNumbers(IndexOutput out) throws IOException {
        for (int i = 0; i < count; i++) {
            out.number(numbers[i]);
        }
    }

    private void cells(Map<String, Map<String, Entry>> rows) {
        Map<CellReport, Integer> cells = new LinkedHashMap<>();
        Map<String, Integer> boards = new LinkedHashMap<>();
        rows.values()
                .forEach(row -> row.forEach((target, entry) -> {
                    cells.putIfAbsent(entry.cell(), cells.size());
                    boards.putIfAbsent(target, boards.size());
                }));
        Map<List<Diagnostic>, Integer> diagnostics = new LinkedHashMap<>();
        Map<List<ImageSize>, Integer> sizes = new LinkedHashMap<>();
        cells.keySet().forEach(cell -> {
            diagnostics.putIfAbsent(cell.diagnostics(), diagnostics.size());
            sizes.putIfAbsent(cell.sizes(), sizes.size());
        });
        diagnostics(diagnostics.keySet());
        add(sizes.size());
        sizes.keySet().forEach(this::sizes);
        add(cells.size());
        cells.keySet()
                .forEach(cell -> cell(
                        cell, diagnostics.getOrDefault(cell.diagnostics(), 0), sizes.getOrDefault(cell.sizes(), 0)));
        add(boards.size());
        boards.keySet().forEach(this::add);
        add(rows.size());
        rows.forEach((name, row) -> {
            add(name);
            add(row.size());
            row.forEach((target, entry) -> {
                add(boards.getOrDefault(target, 0));
                add(entry.stamp().directory());
                add(entry.stamp().done());
                add(cells.getOrDefault(entry.cell(), 0));
            });
        });
    }

    private void diagnostics(Iterable<List<Diagnostic>> lists) {
        Map<Diagnostic, Integer> single = new LinkedHashMap<>();
        int all = 0;
        for (List<Diagnostic> list : lists) {
            list.forEach(d -> single.putIfAbsent(d, single.size()));
            all++;
        }
        add(single.size());
        single.keySet().forEach(this::diagnostic);
        add(all);
        for (List<Diagnostic> list : lists) {
            add(list.size());
            list.forEach(d -> add(single.getOrDefault(d, 0)));
        }
    }

    private void diagnostic(Diagnostic diagnostic) {
        diagnosticBytes += DiagnosticPool.bytesOf(diagnostic);
        add(diagnostic.severity().name());
        add(diagnostic.key());
        add(diagnostic.lines().size());
        diagnostic.lines().forEach(this::add);
        add(diagnostic.headline());
        add(diagnostic.consequence() ? 1 : 0);
        diagnostic
                .place()
                .ifPresentOrElse(
                        place -> {
                            add(place.file());
                            add(place.line());
                            add(place.column());
                        },
                        () -> add(NONE));
    }

    private void sizes(List<ImageSize> list) {
        add(list.size());
        for (ImageSize size : list) {
            add(size.image());
            add(size.text());
            add(size.data());
            add(size.bss());
            add(size.rodata());
        }
    }

    private void cell(CellReport cell, int diagnostics, int sizes) {
        cell.outcome().map(Built::kind).ifPresentOrElse(kind -> add(kind.name()), () -> add(NONE));
        add(cell.outcome().map(Built::returnCode).orElse(0));
        add(diagnostics);
        add(sizes);
        add(cell.machine());
        cell.confirmation().map(Confirmation::text).ifPresentOrElse(this::add, () -> add(NONE));
        add(cell.damage().size());
        cell.damage().forEach(this::add);
    }

    private void add(String text) {
        add(texts.computeIfAbsent(text, t -> texts.size()));
    }

    private void add(long number) {
        add((int) number);
        add((int) (number >>> Integer.SIZE));
    }

    private void add(int number) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.multiplyExact(2, count));
        }
        numbers[count++] = number;
    }
}
