package dev.buildboss.workermain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The responses of the base protocol: which keys each must and may have, and what of one counts when two are compared. */
final class BaseProtocol {

    /** Keys that each has, of which kind: n(umber), t(ext), o(bject), l(ist). */
    private static final Map<String, String> MUST = Map.ofEntries(
            // The one place where extensions show unasked: how else would a boss know.
            Map.entry("ready", "nthreads:n slots:n protocol:n features:l version:t"),
            Map.entry("setup_done", "work_dir:t git_dir:t"),
            Map.entry("configure_done", ""),
            Map.entry("build_started", "num_threads:n"),
            Map.entry("worktree_created", "thread:n"),
            Map.entry("build_prepare_done", ""),
            Map.entry("heartbeat", "board:t thread:n"),
            Map.entry("build_result", "board:t commit_upto:n return_code:n stdout:t stderr:t load_avg:n"),
            Map.entry("build_done", "exceptions:n"),
            Map.entry("error", "msg:t"),
            Map.entry("quit_ack", ""));

    private BaseProtocol() {}

    /** Asserts that a worker may say this to a boss that named no feature. */
    static void check(JsonNode response) {
        String resp = response.path("resp").asText();
        assertThat(MUST).as("%s", response).containsKey(resp);
        List<String> keys = new ArrayList<>(List.of("resp"));
        for (String rule : MUST.get(resp).split(" ", -1)) {
            if (!rule.isEmpty()) {
                String key = rule.substring(0, rule.indexOf(':'));
                keys.add(key);
                assertThat(kind(response.path(key)))
                        .as("%s of %s", key, response)
                        .isEqualTo(rule.substring(key.length() + 1));
            }
        }
        if (resp.equals("build_result")) {
            boolean good = response.path("return_code").intValue() == 0;
            String more = good ? "sizes" : "config";
            if (response.has(more)) {
                keys.add(more);
                assertThat(kind(response.path(more))).isEqualTo("o");
            }
        }
        List<String> there = new ArrayList<>();
        response.fieldNames().forEachRemaining(there::add);
        assertThat(there).as("%s", response).containsExactlyInAnyOrderElementsOf(keys);
    }

    private static String kind(JsonNode value) {
        if (value.isNumber()) {
            return "n";
        }
        if (value.isTextual()) {
            return "t";
        }
        return value.isObject() ? "o" : value.isArray() ? "l" : "?";
    }

    /** A response in words, without times, loads, counts of threads and texts of compilers. */
    static String summary(JsonNode response) {
        String resp = response.path("resp").asText();
        return switch (resp) {
            case "setup_done" -> resp + " " + response.path("work_dir").asText();
            case "heartbeat" -> resp + " " + response.path("board").asText();
            case "build_result" ->
                resp + " " + response.path("board").asText() + " "
                        + response.path("commit_upto").asInt() + " code "
                        + response.path("return_code").asInt();
            case "build_done" -> resp + " " + response.path("exceptions").asInt();
            case "error" -> resp + " " + response.path("msg").asText();
            default -> resp;
        };
    }
}
