package dev.buildboss.report.timeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The timelines of a results directory: {@code .buildboss/timeline-MS.jsonl} for each of the last runs, MS being its start. A
 * line is {@code [machine, slot, board, hash, begin, end, what]}, times in ms from the start. Lines that make no sense count as
 * none. Nothing here stands in a build's way: a file that can't be written ends silently.
 */
public final class TimelineFile implements AutoCloseable {

    private static final String DIRECTORY = ".buildboss";
    private static final String PREFIX = "timeline-";
    private static final String SUFFIX = ".jsonl";
    private static final int KEPT = 20;
    private static final int FIELDS = 7;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path results;
    private final Instant started;
    private Optional<BufferedWriter> out = Optional.empty();
    private boolean failed;

    /**
     * The file of a run; it is made with the first slice, and older runs' files beyond the last twenty go then.
     *
     * @param results the results directory
     * @param started when the run began
     */
    public TimelineFile(Path results, Instant started) {
        this.results = requireNonNull(results, "results");
        this.started = requireNonNull(started, "started");
    }

    private BufferedWriter open() throws IOException {
        Path directory = Files.createDirectories(results.resolve(DIRECTORY));
        List<String> files = names(results);
        for (int i = 0; i <= files.size() - KEPT; i++) {
            Files.deleteIfExists(directory.resolve(files.get(i)));
        }
        return Files.newBufferedWriter(directory.resolve(PREFIX + started.toEpochMilli() + SUFFIX), UTF_8);
    }

    /** Adds a slice. */
    public void add(Slice slice) {
        if (failed) {
            return;
        }
        try {
            if (out.isEmpty()) {
                out = Optional.of(open());
            }
            List<Object> fields = List.of(
                    slice.machine(),
                    slice.slot(),
                    slice.board(),
                    slice.hash(),
                    slice.beginMs(),
                    slice.endMs(),
                    slice.what(),
                    slice.phase().name().toLowerCase(Locale.ROOT));
            out.get().write(MAPPER.writeValueAsString(fields) + "\n");
            out.get().flush();
        } catch (IOException e) {
            failed = true;
            close();
        }
    }

    @Override
    public void close() {
        try {
            if (out.isPresent()) {
                out.get().close();
            }
        } catch (IOException e) {
            // what is written is written
        }
        out = Optional.empty();
    }

    /** The last runs' timelines, oldest first. */
    public static List<Timeline> read(Path results, int runs, int mostSlices) {
        List<String> files = names(results);
        List<Timeline> timelines = new ArrayList<>();
        for (String name : files.subList(Math.max(0, files.size() - runs), files.size())) {
            long ms = millis(name);
            List<Slice> slices = new ArrayList<>();
            try (BufferedReader in =
                    Files.newBufferedReader(results.resolve(DIRECTORY).resolve(name), UTF_8)) {
                String line;
                while (slices.size() < mostSlices && (line = in.readLine()) != null) {
                    slice(line).ifPresent(slices::add);
                }
            } catch (IOException e) {
                // as far as it can be read
            }
            if (!slices.isEmpty()) {
                timelines.add(new Timeline(Instant.ofEpochMilli(ms), slices));
            }
        }
        return timelines;
    }

    private static long millis(String name) {
        return Long.parseLong(name.substring(PREFIX.length(), name.length() - SUFFIX.length()));
    }

    private static List<String> names(Path results) {
        String[] names = results.resolve(DIRECTORY)
                .toFile()
                .list((dir, name) -> name.matches(PREFIX + "[0-9]{1,15}" + java.util.regex.Pattern.quote(SUFFIX)));
        return names == null
                ? List.of()
                : Arrays.stream(names)
                        .sorted(java.util.Comparator.comparingLong(TimelineFile::millis))
                        .toList();
    }

    private static Optional<Slice> slice(String line) {
        try {
            JsonNode fields = MAPPER.readTree(line);
            if (fields == null || !fields.isArray() || fields.size() < FIELDS) {
                return Optional.empty();
            }
            return Optional.of(new Slice(
                    fields.path(0).asText(),
                    fields.path(1).asInt(),
                    fields.path(2).asText(),
                    fields.path(3).asText(),
                    fields.path(4).asLong(),
                    fields.path(5).asLong(),
                    fields.path(6).asText(),
                    Slice.Phase.valueOf(fields.path(FIELDS).asText("whole").toUpperCase(Locale.ROOT))));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
