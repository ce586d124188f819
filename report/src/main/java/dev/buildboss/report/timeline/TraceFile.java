package dev.buildboss.report.timeline;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A run in Chrome's trace-event format, for Perfetto and {@code chrome://tracing}: machines are processes, threads that build are
 * threads, cells are slices. Written as it goes: the format lets readers take a file whose end is missing. For one thread.
 */
public final class TraceFile implements AutoCloseable {

    private static final long MICROS = 1_000;
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final JsonGenerator json;
    private final Map<String, Integer> machines = new HashMap<>();
    private final Set<String> threads = new HashSet<>();

    /**
     * Begins a trace.
     *
     * @param out where to; closed with this
     * @throws IOException if it can't be written
     */
    public TraceFile(Writer out) throws IOException {
        this.json = FACTORY.createGenerator(requireNonNull(out, "out"));
        json.writeStartArray();
    }

    /**
     * Adds a slice.
     *
     * @throws IOException if it can't be written
     */
    public void add(Slice slice) throws IOException {
        boolean isNew = !machines.containsKey(slice.machine());
        int process = machines.computeIfAbsent(slice.machine(), m -> machines.size() + 1);
        if (isNew) {
            name("process_name", process, 0, slice.machine());
        }
        if (threads.add(process + " " + slice.slot())) {
            name("thread_name", process, slice.slot(), slice.slot() == 0 ? "machine" : "thread " + slice.slot());
        }
        json.writeStartObject();
        json.writeStringField("ph", "X");
        json.writeStringField("name", name(slice));
        json.writeStringField("cat", category(slice));
        json.writeNumberField("pid", process);
        json.writeNumberField("tid", slice.slot());
        json.writeNumberField("ts", slice.beginMs() * MICROS);
        json.writeNumberField("dur", (slice.endMs() - slice.beginMs()) * MICROS);
        if (slice.slot() > 0) {
            json.writeObjectFieldStart("args");
            json.writeStringField("commit", slice.hash());
            json.writeStringField("board", slice.board());
            json.writeStringField("outcome", slice.what());
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeRaw('\n');
        json.flush();
    }

    private static String name(Slice slice) {
        if (slice.board().isEmpty()) {
            return slice.what();
        }
        return switch (slice.phase()) {
            case WHOLE, BUILD -> slice.board();
            case PREPARE, CONFIGURE -> slice.board() + " (" + category(slice) + ")";
        };
    }

    private static String category(Slice slice) {
        if (slice.slot() == 0) {
            return "machine";
        }
        return slice.phase() == Slice.Phase.WHOLE
                ? "build"
                : slice.phase().name().toLowerCase(Locale.ROOT);
    }

    private void name(String what, int process, int thread, String name) throws IOException {
        json.writeStartObject();
        json.writeStringField("ph", "M");
        json.writeStringField("name", what);
        json.writeNumberField("pid", process);
        json.writeNumberField("tid", thread);
        json.writeObjectFieldStart("args");
        json.writeStringField("name", name);
        json.writeEndObject();
        json.writeEndObject();
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
