package dev.buildboss.report.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.BoardStarted;
import dev.buildboss.BuildEvent.CellDone;
import dev.buildboss.BuildEvent.MachineChanged;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Traces by the rules of Chrome's trace-event format, as Perfetto reads it. */
class TraceFileTest {

    @Test
    void writesTracesWithMachinesAsProcesses() throws Exception {
        StringWriter out = new StringWriter();
        try (TraceFile trace = new TraceFile(out)) {
            trace.add(new Slice("ruru", 0, "", "", 0, 50, "preparing"));
            trace.add(new Slice("ruru", 1, "elm", "c0", 60, 100, "ok"));
            trace.add(new Slice("m\u001boa", 1, "oak", "c0", 60, 100, "failed"));
        }
        JsonNode events = new ObjectMapper().readTree(out.toString());

        assertThat(events.findValuesAsText("ph")).containsExactly("M", "M", "X", "M", "X", "M", "M", "X");
        assertThat(events.get(4).toString())
                .isEqualTo("{\"ph\":\"X\",\"name\":\"elm\",\"cat\":\"build\",\"pid\":1,\"tid\":1,\"ts\":60000,"
                        + "\"dur\":40000,\"args\":{\"commit\":\"c0\",\"board\":\"elm\",\"outcome\":\"ok\"}}");
        assertThat(events.get(7).path("pid").asInt()).isEqualTo(2);
        assertThat(out.toString()).doesNotContain("\u001b");
    }

    /** Runs of any shape: each row's slices come one after the other, in whole microseconds, and all that is referred to has a name. */
    @Test
    void everyRunMakesASaneTrace() throws Exception {
        for (long seed = 0; seed < 200; seed++) {
            assertSane(seed, new ObjectMapper().readTree(traceOfARun(new Random(seed))));
        }
    }

    private static void assertSane(long seed, JsonNode events) {
        Map<String, Long> ends = new HashMap<>();
        Map<String, List<long[]>> rows = new HashMap<>();
        for (JsonNode event : events) {
            String row = event.path("pid").asInt() + "/" + event.path("tid").asInt();
            assertThat(event.path("pid").isInt() && event.path("tid").isInt()).isTrue();
            assertThat(event.path("name").asText()).isNotEmpty();
            if (event.path("ph").asText().equals("M")) {
                assertThat(event.path("name").asText()).isIn("process_name", "thread_name");
                assertThat(event.at("/args/name").asText()).isNotEmpty();
                if (event.path("name").asText().equals("thread_name")) {
                    assertThat(ends.put(row, 0L)).as("named once").isNull();
                }
                continue;
            }
            assertThat(event.path("ph").asText()).isEqualTo("X");
            assertThat(ends).as("named before").containsKey(row);
            assertThat(event.path("ts").isIntegralNumber() && event.path("dur").isIntegralNumber())
                    .isTrue();
            long from = event.path("ts").asLong();
            long to = from + event.path("dur").asLong();
            assertThat(from).isNotNegative();
            assertThat(to).isGreaterThanOrEqualTo(from);
            rows.computeIfAbsent(row, r -> new ArrayList<>()).add(new long[] {from, to});
        }
        rows.forEach((row, slices) -> {
            slices.sort((a, b) -> a[0] == b[0] ? Long.compare(a[1], b[1]) : Long.compare(a[0], b[0]));
            for (int i = 1; i < slices.size(); i++) {
                assertThat(slices.get(i)[0])
                        .as("seed %d: slices of row %s overlap", seed, row)
                        .isGreaterThanOrEqualTo(slices.get(i - 1)[1]);
            }
        });
    }

    private static String traceOfARun(Random random) throws IOException {
        StringWriter out = new StringWriter();
        try (TraceFile trace = new TraceFile(out)) {
            TimelineRecorder recorder = new TimelineRecorder(slice -> {
                try {
                    trace.add(slice);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Map<String, Integer> left = new HashMap<>();
            long now = 0;
            for (int i = 0; i < 80; i++) {
                now += random.nextInt(500);
                recorder.event(now, event(random, left));
            }
            recorder.event(
                    now,
                    new BuildEvent.RunEnded(
                            new dev.buildboss.BuildReport(Map.of(), 0, Duration.ZERO, false, List.of(), List.of()),
                            Duration.ZERO));
        }
        return out.toString();
    }

    /** Something that may happen, with boards that are out by machine and name. */
    private static BuildEvent event(Random random, Map<String, Integer> left) {
        String machine = "m" + random.nextInt(3);
        String board = "b" + random.nextInt(6);
        String key = machine + board;
        Cell cell = new Cell(board, random.nextInt(3));
        switch (random.nextInt(6)) {
            case 0:
                MachineState[] states = MachineState.values();
                return new MachineChanged(machine, states[random.nextInt(states.length)], "");
            case 1:
                return new BuildEvent.CellTimed(
                        cell,
                        machine,
                        Duration.ofMillis(random.nextInt(2_000)),
                        Duration.ofMillis(random.nextInt(2_000)),
                        Duration.ZERO);
            case 2:
                if (left.remove(key) != null) {
                    return random.nextBoolean()
                            ? new BuildEvent.BoardRequeued(board, machine, "lost")
                            : new BuildEvent.BoardEnded(board, machine);
                }
                break;
            default:
                break;
        }
        if (left.getOrDefault(key, 0) == 0) {
            int cells = 1 + random.nextInt(3);
            left.put(key, cells);
            return new BoardStarted(board, machine, cells);
        }
        left.merge(key, -1, Integer::sum);
        return random.nextInt(4) == 0
                ? new BuildEvent.CellBuilt(cell, "c", machine, Built.of(2, true))
                : new CellDone(cell, "c", Optional.of(machine), Built.of(0, false), "");
    }
}
