package dev.buildboss.report.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The runs that built into a results directory: a file beside the results with a line of JSON at each run's start and end.
 *
 * <p>A line that is cut off or makes no sense counts as none. A journal that can't be written is no reason not to build: those
 * methods tell whether it worked. Only the boss that has the directory's lock may write.
 */
public final class RunJournal {

    private static final String NAME = "runs.jsonl";
    private static final long MAX_BYTES = 8L * 1024 * 1024;
    private static final int KEPT_RUNS = 200;
    private static final int MAX_REASONS = 10_000;

    private final Path file;

    private RunJournal(Path directory) {
        this.file = directory.resolve(ResultsIndex.DIRECTORY).resolve(NAME);
    }

    /** The journal of a results directory; it need not be there. */
    public static RunJournal of(Path directory) {
        return new RunJournal(requireNonNull(directory, "directory"));
    }

    /** Its runs, oldest first. */
    public List<RunRecord> runs() {
        Map<Integer, RunRecord> runs = new TreeMap<>();
        for (JsonNode line : lines()) {
            try {
                int id = line.path("run").asInt();
                if (line.path("event").asText().equals("start")) {
                    runs.put(id, start(id, line));
                } else {
                    runs.computeIfPresent(id, (i, run) -> ended(run, line));
                }
            } catch (DateTimeException e) {
                // a line that makes no sense
            }
        }
        return List.copyOf(runs.values());
    }

    /** The last run that has ended. */
    public Optional<RunRecord> lastEnded() {
        List<RunRecord> runs = runs();
        for (int i = runs.size() - 1; i >= 0; i--) {
            if (runs.get(i).end().isPresent()) {
                return Optional.of(runs.get(i));
            }
        }
        return Optional.empty();
    }

    /**
     * Notes that a run begins.
     *
     * @return its number; empty if the journal can't be written
     */
    public Optional<Integer> begin(Instant now, int boards, int commits) {
        List<RunRecord> runs = runs();
        int id = runs.isEmpty() ? 1 : runs.get(runs.size() - 1).id() + 1;
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("v", 1);
        line.put("run", id);
        line.put("event", "start");
        line.put("at", now.toString());
        line.put("pid", ProcessHandle.current().pid());
        line.put("boards", boards);
        line.put("commits", commits);
        try {
            Files.createDirectories(file.resolveSibling("."));
            trim(runs);
            append(line);
            return Optional.of(id);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Notes how a run ended.
     *
     * @return whether that worked
     */
    public boolean end(int id, RunRecord.End end) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("v", 1);
        line.put("run", id);
        line.put("event", "end");
        line.put("at", end.ended().toString());
        line.put("status", end.status());
        line.put("previous", end.previous());
        line.put("ok", end.ok());
        line.put("warnings", end.warnings());
        line.put("failed", end.failed());
        line.put("notBuilt", end.notBuilt());
        ObjectNode reasons = line.putObject("reasons");
        Map<String, List<String>> byReason = new TreeMap<>();
        end.reasons().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .limit(MAX_REASONS)
                .forEach(e -> byReason.computeIfAbsent(e.getValue(), r -> new ArrayList<>())
                        .add(e.getKey()));
        byReason.forEach((reason, cells) -> cells.forEach(reasons.putArray(reason)::add));
        try {
            append(line);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void append(ObjectNode line) throws IOException {
        // A killed run may have left half a line: that one ends here.
        String text = Json.MAPPER.writeValueAsString(line) + "\n";
        Files.writeString(
                file,
                endsInTheMiddle() ? "\n" + text : text,
                UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                LinkOption.NOFOLLOW_LINKS);
    }

    private boolean endsInTheMiddle() throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return false;
        }
        try (var channel = Files.newByteChannel(file)) {
            var last = java.nio.ByteBuffer.allocate(1);
            channel.position(channel.size() - 1).read(last);
            return last.get(0) != '\n';
        }
    }

    /** A journal that has grown too long keeps the last runs. */
    private void trim(List<RunRecord> runs) throws IOException {
        if (!Files.exists(file) || Files.size(file) < MAX_BYTES / 2) {
            return;
        }
        int first = runs.size() <= KEPT_RUNS
                ? Integer.MIN_VALUE
                : runs.get(runs.size() - KEPT_RUNS).id();
        StringBuilder kept = new StringBuilder();
        for (JsonNode line : lines()) {
            if (line.path("run").asInt() >= first && line instanceof ObjectNode object) {
                object.remove("reasons"); // an older run's; the last one's are written next
                kept.append(Json.MAPPER.writeValueAsString(object)).append('\n');
            }
        }
        Path aside = file.resolveSibling(NAME + ".new");
        Files.writeString(aside, kept, UTF_8);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private List<JsonNode> lines() {
        List<JsonNode> lines = new ArrayList<>();
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                return lines;
            }
            for (String line : new String(Files.readAllBytes(file), UTF_8).split("\n", -1)) {
                parse(line).ifPresent(lines::add);
            }
        } catch (IOException e) {
            return List.of(); // as good as none
        }
        return lines;
    }

    private static Optional<JsonNode> parse(String line) {
        try {
            JsonNode node = Json.MAPPER.readTree(line);
            return node != null && node.isObject() && node.path("run").asInt() > 0
                    ? Optional.of(node)
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static RunRecord start(int id, JsonNode line) {
        return new RunRecord(
                id,
                Instant.parse(line.path("at").asText()),
                line.path("pid").asLong(),
                line.path("boards").asInt(),
                line.path("commits").asInt(),
                Optional.empty());
    }

    private static RunRecord ended(RunRecord run, JsonNode line) {
        Map<String, String> reasons = new HashMap<>();
        line.path("reasons")
                .properties()
                .forEach(reason -> reason.getValue().forEach(cell -> reasons.put(cell.asText(), reason.getKey())));
        RunRecord.End end = new RunRecord.End(
                Instant.parse(line.path("at").asText()),
                line.path("status").asInt(),
                line.path("previous").asInt(),
                line.path("ok").asInt(),
                line.path("warnings").asInt(),
                line.path("failed").asInt(),
                line.path("notBuilt").asInt(),
                reasons);
        return new RunRecord(run.id(), run.started(), run.pid(), run.boards(), run.commits(), Optional.of(end));
    }

    /** Loaded when there is something to read or to write: that takes as long as all else that a small summary does. */
    private static final class Json {
        static final ObjectMapper MAPPER = new ObjectMapper();
    }
}
