package dev.buildboss.report.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.Confirmation;
import dev.buildboss.report.results.Diagnostic.Place;
import dev.buildboss.report.results.ResultsIndex.Entry;
import dev.buildboss.report.results.ResultsIndex.Stamp;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * The index's form on disk: magic, version, limits, the different lists of diagnostics and of sizes, the different cells, the
 * boards' names, then for each commit which board has which cell, and a checksum of all that. A file that is anything else is
 * no index.
 *
 * <p>A board says the same at most commits: so the many cells of a matrix are few different ones, and a row is numbers alone.
 */
final class IndexFile {

    private static final int MAGIC = 0x42424958;
    private static final int VERSION = 3;
    private static final long MOST_BYTES = 512L * 1024 * 1024;
    private static final int CHECKSUM_BYTES = 8;
    /** Of a row: the board's number, two times, the cell's number. */
    private static final int ENTRY_BYTES = 2 * Integer.BYTES + 2 * Long.BYTES;

    private static final String NO_OUTCOME = "";

    private IndexFile() {}

    static void write(Path file, Map<String, Map<String, Entry>> rows, Limits limits) throws IOException {
        CRC32C checksum = new CRC32C();
        try (FileChannel channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                OutputStream raw = java.nio.channels.Channels.newOutputStream(channel);
                DataOutputStream out = new DataOutputStream(
                        new CheckedOutputStream(new BufferedOutputStream(raw, 1 << 16), checksum))) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            writeLimits(out, limits);
            Map<CellReport, Integer> cells = new LinkedHashMap<>();
            Map<String, Integer> names = new LinkedHashMap<>();
            rows.values()
                    .forEach(row -> row.forEach((target, entry) -> {
                        cells.putIfAbsent(entry.cell(), cells.size());
                        names.putIfAbsent(target, names.size());
                    }));
            writeCells(out, cells.keySet());
            out.writeInt(names.size());
            for (String name : names.keySet()) {
                text(out, name);
            }
            out.writeInt(rows.size());
            for (Map.Entry<String, Map<String, Entry>> row : rows.entrySet()) {
                text(out, row.getKey());
                out.writeInt(row.getValue().size());
                for (Map.Entry<String, Entry> entry : row.getValue().entrySet()) {
                    out.writeInt(names.getOrDefault(entry.getKey(), 0));
                    writeStamp(out, entry.getValue().stamp());
                    out.writeInt(cells.getOrDefault(entry.getValue().cell(), 0));
                }
            }
            out.flush();
            out.writeLong(checksum.getValue());
            out.flush();
            channel.force(false);
        }
    }

    private static void writeLimits(DataOutputStream out, Limits limits) throws IOException {
        out.writeLong(limits.maxText());
        out.writeInt(limits.maxDiagnostics());
    }

    private static void writeStamp(DataOutputStream out, Stamp stamp) throws IOException {
        out.writeLong(stamp.done());
        out.writeLong(stamp.err());
    }

    private static void writeCells(DataOutputStream out, Set<CellReport> cells) throws IOException {
        Map<List<Diagnostic>, Integer> diagnostics = new LinkedHashMap<>();
        Map<List<ImageSize>, Integer> sizes = new LinkedHashMap<>();
        cells.forEach(cell -> {
            diagnostics.putIfAbsent(cell.diagnostics(), diagnostics.size());
            sizes.putIfAbsent(cell.sizes(), sizes.size());
        });
        writeDiagnostics(out, diagnostics.keySet());
        out.writeInt(sizes.size());
        for (List<ImageSize> list : sizes.keySet()) {
            writeSizes(out, list);
        }
        out.writeInt(cells.size());
        for (CellReport cell : cells) {
            writeCell(out, cell, diagnostics, sizes);
        }
    }

    private static void writeDiagnostics(DataOutputStream out, Iterable<List<Diagnostic>> lists) throws IOException {
        Map<Diagnostic, Integer> single = new LinkedHashMap<>();
        int count = 0;
        for (List<Diagnostic> list : lists) {
            list.forEach(d -> single.putIfAbsent(d, single.size()));
            count++;
        }
        out.writeInt(single.size());
        for (Diagnostic diagnostic : single.keySet()) {
            writeDiagnostic(out, diagnostic);
        }
        out.writeInt(count);
        for (List<Diagnostic> list : lists) {
            out.writeInt(list.size());
            for (Diagnostic diagnostic : list) {
                out.writeInt(single.getOrDefault(diagnostic, 0));
            }
        }
    }

    private static void writeDiagnostic(DataOutputStream out, Diagnostic diagnostic) throws IOException {
        text(out, diagnostic.severity().name());
        text(out, diagnostic.key());
        out.writeInt(diagnostic.lines().size());
        for (String line : diagnostic.lines()) {
            text(out, line);
        }
        out.writeInt(diagnostic.headline());
        out.writeBoolean(diagnostic.consequence());
        out.writeBoolean(diagnostic.place().isPresent());
        if (diagnostic.place().isPresent()) {
            Place place = diagnostic.place().get();
            text(out, place.file());
            out.writeInt(place.line());
            out.writeInt(place.column());
        }
    }

    private static void writeSizes(DataOutputStream out, List<ImageSize> list) throws IOException {
        out.writeInt(list.size());
        for (ImageSize size : list) {
            text(out, size.image());
            out.writeLong(size.text());
            out.writeLong(size.data());
            out.writeLong(size.bss());
            out.writeLong(size.rodata());
        }
    }

    private static void writeCell(
            DataOutputStream out,
            CellReport cell,
            Map<List<Diagnostic>, Integer> diagnostics,
            Map<List<ImageSize>, Integer> sizes)
            throws IOException {
        text(out, cell.outcome().map(built -> built.kind().name()).orElse(NO_OUTCOME));
        out.writeInt(cell.outcome().map(Built::returnCode).orElse(0));
        out.writeInt(diagnostics.getOrDefault(cell.diagnostics(), 0));
        out.writeInt(sizes.getOrDefault(cell.sizes(), 0));
        text(out, cell.machine());
        text(out, cell.confirmation().map(Confirmation::text).orElse(""));
        out.writeInt(cell.damage().size());
        for (String damage : cell.damage()) {
            text(out, damage);
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** The entries of an index file; none if it is no sane one for these limits. */
    static Map<String, Map<String, Entry>> read(Path file, DiagnosticPool pool) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                return Map.of();
            }
            byte[] bytes = Files.readAllBytes(file);
            int end = bytes.length - CHECKSUM_BYTES;
            if (end < 0) {
                return Map.of();
            }
            CRC32C checksum = new CRC32C();
            checksum.update(bytes, 0, end);
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, end, CHECKSUM_BYTES))) {
                if (in.readLong() != checksum.getValue()) {
                    return Map.of();
                }
            }
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, end))) {
                return new Reading(in, pool).rows();
            }
        } catch (IOException | RuntimeException e) {
            return Map.of(); // one that another program made: as good as none
        }
    }

    private static final class Reading {
        private final DataInputStream in;
        private final DiagnosticPool pool;

        Reading(DataInputStream in, DiagnosticPool pool) {
            this.in = in;
            this.pool = pool;
        }

        Map<String, Map<String, Entry>> rows() throws IOException {
            Limits limits = pool.limits();
            if (in.readInt() != MAGIC
                    || in.readInt() != VERSION
                    || in.readLong() != limits.maxText()
                    || in.readInt() != limits.maxDiagnostics()) {
                return Map.of();
            }
            List<CellReport> cells = cells();
            List<String> names = new ArrayList<>();
            for (int n = count(); n > 0; n--) {
                names.add(pool.name(text()));
            }
            Map<String, Map<String, Entry>> rows = new HashMap<>();
            for (int n = count(); n > 0; n--) {
                String name = text();
                rows.put(name, row(names, cells));
            }
            return rows;
        }

        private Map<String, Entry> row(List<String> names, List<CellReport> cells) throws IOException {
            int count = count();
            ByteBuffer bytes = ByteBuffer.wrap(in.readNBytes(count * ENTRY_BYTES));
            Map<String, Entry> row = new HashMap<>(2 * count);
            for (int n = count; n > 0; n--) {
                String target = names.get(bytes.getInt());
                Stamp stamp = new Stamp(bytes.getLong(), bytes.getLong());
                row.put(target, new Entry(stamp, cells.get(bytes.getInt())));
            }
            return row;
        }

        private List<CellReport> cells() throws IOException {
            List<List<Diagnostic>> diagnostics = diagnostics();
            List<List<ImageSize>> sizes = new ArrayList<>();
            for (int n = count(); n > 0; n--) {
                sizes.add(sizes());
            }
            List<CellReport> cells = new ArrayList<>();
            for (int n = count(); n > 0; n--) {
                cells.add(cell(diagnostics, sizes));
            }
            return cells;
        }

        private List<List<Diagnostic>> diagnostics() throws IOException {
            Diagnostic[] single = new Diagnostic[count()];
            for (int i = 0; i < single.length; i++) {
                single[i] = diagnostic();
            }
            List<List<Diagnostic>> lists = new ArrayList<>();
            for (int n = count(); n > 0; n--) {
                Diagnostic[] list = new Diagnostic[count()];
                for (int i = 0; i < list.length; i++) {
                    list[i] = single[in.readInt()];
                }
                lists.add(pool.list(Arrays.asList(list)));
            }
            return lists;
        }

        private Diagnostic diagnostic() throws IOException {
            Severity severity = Severity.valueOf(text());
            String key = text();
            List<String> lines = new ArrayList<>();
            for (int n = count(); n > 0; n--) {
                lines.add(text());
            }
            int headline = in.readInt();
            boolean consequence = in.readBoolean();
            Optional<Place> place = Optional.empty();
            if (in.readBoolean()) {
                place = Optional.of(new Place(text(), in.readInt(), in.readInt()));
            }
            return new Diagnostic(severity, key, lines, headline, place, consequence);
        }

        private List<ImageSize> sizes() throws IOException {
            List<ImageSize> list = new ArrayList<>();
            for (int n = count(); n > 0; n--) {
                list.add(pool.size(new ImageSize(text(), in.readLong(), in.readLong(), in.readLong(), in.readLong())));
            }
            return pool.sizes(list);
        }

        private CellReport cell(List<List<Diagnostic>> diagnostics, List<List<ImageSize>> sizes) throws IOException {
            String kind = text();
            int code = in.readInt();
            Optional<Built> outcome =
                    kind.isEmpty() ? Optional.empty() : Optional.of(new Built(Kind.valueOf(kind), code));
            List<Diagnostic> said = diagnostics.get(in.readInt());
            List<ImageSize> images = sizes.get(in.readInt());
            String machine = pool.name(text());
            Optional<Confirmation> confirmation = Confirmation.parse(text());
            List<String> damage = new ArrayList<>();
            for (int n = count(); n > 0; n--) {
                damage.add(text());
            }
            CellReport cell = new CellReport(outcome, said, images, machine, confirmation, damage);
            return cell.equals(CellReport.MISSING) ? CellReport.MISSING : cell;
        }

        private int count() throws IOException {
            int count = in.readInt();
            if (count < 0 || count > in.available()) {
                throw new IOException("no sane count: " + count);
            }
            return count;
        }

        private String text() throws IOException {
            byte[] bytes = new byte[count()];
            in.readFully(bytes);
            return new String(bytes, UTF_8);
        }
    }
}
