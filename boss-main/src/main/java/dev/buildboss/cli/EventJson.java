package dev.buildboss.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.NotBuilt;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON form of events: {@code v}, {@code event}, then the record's components by name. Durations are in milliseconds and say so
 * in the name; an outcome is {@code {"outcome":"failed","returnCode":2}} or {@code {"outcome":"not-built","reason":…,"detail":…}}.
 */
final class EventJson {

    /** Pure ASCII: what a worker said is data to a reader, and nothing that a terminal acts on. */
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private EventJson() {}

    /** One line without its end. */
    static String line(BuildEvent event) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("v", BuildEvent.VERSION);
        object.put("event", name(event.getClass().getSimpleName()));
        components((Record) event, object);
        return text(object);
    }

    /** Any tree of maps, collections, texts and numbers as one line of JSON. */
    static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event that has no JSON form", e);
        }
    }

    private static void components(Record event, Map<String, Object> object) {
        for (var component : event.getClass().getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(event);
                String name = value instanceof Duration ? component.getName() + "Ms" : component.getName();
                object.put(name, plain(value));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Object plain(Object value) {
        if (value instanceof Duration duration) {
            return duration.toMillis();
        } else if (value instanceof Optional<?> optional) {
            return optional.<Object>map(EventJson::plain).orElse("");
        } else if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        } else if (value instanceof CellOutcome outcome) {
            return outcome(outcome);
        } else if (value instanceof BuildReport report) {
            return report(report);
        } else if (value instanceof Cell cell) {
            return Map.of("board", cell.board(), "commit", cell.commit());
        } else if (value instanceof Collection<?> items) {
            return items.stream().map(EventJson::plain).toList();
        } else if (value instanceof Record part) {
            Map<String, Object> object = new LinkedHashMap<>();
            components(part, object);
            return object;
        }
        return value;
    }

    private static Map<String, Object> outcome(CellOutcome outcome) {
        Map<String, Object> object = new LinkedHashMap<>();
        if (outcome instanceof Built built) {
            object.put("outcome", plain(built.kind()));
            object.put("returnCode", built.returnCode());
        } else if (outcome instanceof NotBuilt not) {
            object.put("outcome", "not-built");
            object.put("reason", plain(not.reason()));
            object.put("detail", not.detail());
        }
        return object;
    }

    private static Map<String, Object> report(BuildReport report) {
        Map<String, Object> object = new LinkedHashMap<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String name : new String[] {"ok", "warning", "failed", "not-built"}) {
            counts.put(name, 0);
        }
        report.outcomes()
                .values()
                .forEach(o -> counts.merge(String.valueOf(outcome(o).get("outcome")), 1, Integer::sum));
        object.put("outcomes", counts);
        object.put("previous", report.previous());
        object.put("durationMs", report.duration().toMillis());
        object.put("interrupted", report.interrupted());
        object.put("machines", plain(report.machines()));
        object.put("internalErrors", report.internalErrors());
        object.put("exitStatus", report.exitStatus(false).code());
        return object;
    }

    /** {@code CellDone} as {@code cell-done}. */
    private static String name(String simpleName) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < simpleName.length(); i++) {
            char c = simpleName.charAt(i);
            if (Character.isUpperCase(c) && i > 0) {
                result.append('-');
            }
            result.append(Character.toLowerCase(c));
        }
        return result.toString();
    }
}
