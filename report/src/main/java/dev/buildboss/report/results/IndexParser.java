package dev.buildboss.report.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.Confirmation;
import dev.buildboss.report.results.Diagnostic.Place;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Goes once through an index file as {@link IndexFile} writes it. What makes no sense ends it by a runtime exception. */
final class IndexParser {

    private final int[] numbers;
    private final Limits limits;
    private String[] texts = new String[0];
    private long room;
    private int at;

    private IndexParser(int[] numbers, Limits limits) {
        this.numbers = numbers;
        this.limits = limits;
        this.room = limits.maxPool();
    }

    /** What a file holds; nothing if it is damaged, of another version or for other limits. */
    static IndexContent parse(byte[] bytes, Limits limits) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < IndexFile.HEADER_BYTES + IndexFile.CHECKSUM_BYTES
                || in.getInt() != IndexFile.MAGIC
                || in.getInt() != IndexFile.VERSION) {
            return IndexContent.NONE;
        }
        int count = in.getInt();
        int textBytes = in.getInt();
        int end = bytes.length - IndexFile.CHECKSUM_BYTES;
        if (count < 0
                || textBytes < 0
                || IndexFile.HEADER_BYTES + (long) count * Integer.BYTES + textBytes != end
                || in.getInt(end) != checksum(bytes, end)) {
            return IndexContent.NONE;
        }
        int[] numbers = new int[count];
        in.asIntBuffer().get(numbers);
        return new IndexParser(numbers, limits).content(bytes, end - textBytes);
    }

    private static int checksum(byte[] bytes, int end) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, end);
        return (int) checksum.getValue();
    }

    private IndexContent content(byte[] bytes, int firstText) {
        if (longNumber() != limits.maxText() || next() != limits.maxDiagnostics()) {
            return IndexContent.NONE;
        }
        texts = new String[count()];
        int start = firstText;
        for (int i = 0; i < texts.length; i++) {
            int length = next();
            texts[i] = new String(bytes, start, length, UTF_8);
            start += length;
        }
        List<CellReport> cells = cells(diagnostics(), sizes());
        Map<String, Integer> boards = new HashMap<>();
        for (int n = count(); n > 0; n--) {
            boards.put(text(), boards.size());
        }
        Map<String, Integer> rows = new HashMap<>();
        for (int n = count(); n > 0; n--) {
            rows.put(text(), at);
            skipRow(boards.size(), cells.size());
        }
        return new IndexContent(numbers, cells, boards, rows);
    }

    /** Only sees that a row refers to what is there. */
    private void skipRow(int boards, int cells) {
        for (int n = count(); n > 0; n--) {
            int entry = at;
            at += IndexFile.ENTRY_NUMBERS;
            int board = numbers[entry];
            int cell = numbers[at - 1];
            if (board < 0 || board >= boards || cell < 0 || cell >= cells) {
                throw new IllegalArgumentException("a row of what is not there");
            }
        }
    }

    private List<List<Diagnostic>> diagnostics() {
        Diagnostic[] single = new Diagnostic[count()];
        for (int i = 0; i < single.length; i++) {
            single[i] = diagnostic();
        }
        List<List<Diagnostic>> lists = new ArrayList<>();
        for (int n = count(); n > 0; n--) {
            Diagnostic[] list = new Diagnostic[count()];
            for (int i = 0; i < list.length; i++) {
                list[i] = single[next()];
            }
            lists.add(List.of(list));
        }
        return lists;
    }

    private Diagnostic diagnostic() {
        Severity severity = Severity.valueOf(text());
        String key = text();
        String[] lines = new String[count()];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = text();
        }
        int headline = next();
        boolean consequence = next() != 0;
        int file = next();
        Optional<Place> place =
                file == IndexFile.NONE ? Optional.empty() : Optional.of(new Place(texts[file], next(), next()));
        Diagnostic diagnostic = new Diagnostic(severity, key, Arrays.asList(lines), headline, place, consequence);
        room -= DiagnosticPool.bytesOf(diagnostic);
        if (room < 0) {
            throw new IllegalArgumentException("more diagnostics than there is room for: written in a larger heap");
        }
        return diagnostic;
    }

    private List<List<ImageSize>> sizes() {
        List<List<ImageSize>> lists = new ArrayList<>();
        for (int n = count(); n > 0; n--) {
            lists.add(sizesOfOne());
        }
        return lists;
    }

    private List<ImageSize> sizesOfOne() {
        ImageSize[] list = new ImageSize[count()];
        for (int i = 0; i < list.length; i++) {
            list[i] = new ImageSize(text(), longNumber(), longNumber(), longNumber(), longNumber());
        }
        return List.of(list);
    }

    private List<CellReport> cells(List<List<Diagnostic>> diagnostics, List<List<ImageSize>> sizes) {
        List<CellReport> cells = new ArrayList<>();
        for (int n = count(); n > 0; n--) {
            cells.add(cell(diagnostics, sizes));
        }
        return cells;
    }

    private CellReport cell(List<List<Diagnostic>> diagnostics, List<List<ImageSize>> sizes) {
        int kind = next();
        int code = next();
        Optional<Built> outcome =
                kind == IndexFile.NONE ? Optional.empty() : Optional.of(new Built(Kind.valueOf(texts[kind]), code));
        List<Diagnostic> said = diagnostics.get(next());
        List<ImageSize> images = sizes.get(next());
        String machine = text();
        int confirmation = next();
        Optional<Confirmation> confirmed =
                confirmation == IndexFile.NONE ? Optional.empty() : Confirmation.parse(texts[confirmation]);
        String[] damage = new String[count()];
        for (int i = 0; i < damage.length; i++) {
            damage[i] = text();
        }
        return new CellReport(outcome, said, images, machine, confirmed, List.of(damage));
    }

    /** A count of what takes at least one number each: no more than there are. */
    private int count() {
        int count = next();
        if (count < 0 || count > numbers.length - at) {
            throw new IllegalArgumentException("no sane count: " + count);
        }
        return count;
    }

    private String text() {
        return texts[next()];
    }

    private long longNumber() {
        return Integer.toUnsignedLong(next()) | (long) next() << Integer.SIZE;
    }

    private int next() {
        return numbers[at++];
    }
}
