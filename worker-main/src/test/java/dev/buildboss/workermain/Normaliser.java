package dev.buildboss.workermain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes what a recorded worker said and what ours says comparable; all that ours rightly does in another way is here.
 *
 * <p>Not compared at all: paths, times, load, counts of threads, texts of compilers; and what {@code ready} adds
 * ({@code protocol}, {@code features}, {@code version}).
 */
final class Normaliser {

    /** Where the recorded worker died or fell silent, and ours answers: recording to the responses that ours adds. */
    private static final Map<String, List<String>> ADDED = Map.of(
            "03-setup-bad-dir", List.of("error cannot make the work directory"),
            "06-json-not-object", List.of("error invalid JSON"),
            "07-missing-workdir", List.of("error no work directory set up"),
            "09-build_board-missing-key", List.of("error build_board:"),
            // A commit that does not exist has a result, so that the boss need not guess.
            "22-bad-commit-with-toolchain", List.of("build_result zynq_cse_nor 0 code 128"));

    /** What the recorded worker said on its way to that, and ours says instead; nothing, where that is empty. */
    private static final Map<String, Map<String, String>> INSTEAD = Map.of(
            "07-missing-workdir", Map.of("build_started", ""),
            "22-bad-commit-with-toolchain", Map.of("build_done 1", "build_done 0"));

    private final String recording;

    Normaliser(Recording recording) {
        this.recording = recording.name();
    }

    /** What ours must have said, from what was recorded: by board, and under the empty name all that belongs to none. */
    Map<String, List<String>> expected(List<JsonNode> recorded) {
        Map<String, List<String>> result = byBoard(recorded);
        List<String> common = result.computeIfAbsent("", board -> new ArrayList<>());
        Map<String, String> instead = INSTEAD.getOrDefault(recording, Map.of());
        common.replaceAll(line -> instead.getOrDefault(line, line));
        common.removeIf(String::isEmpty);
        for (String line : ADDED.getOrDefault(recording, List.of())) {
            String board = line.startsWith("build_result") ? line.split(" ", -1)[1] : "";
            result.computeIfAbsent(board, b -> new ArrayList<>()).add(line);
        }
        return result;
    }

    /** What was said, in the order of time: by board, and under the empty name all that belongs to none. */
    Map<String, List<String>> byBoard(List<JsonNode> responses) {
        Map<String, List<String>> result = new TreeMap<>();
        for (JsonNode response : responses) {
            String line = line(response);
            List<String> lines = result.computeIfAbsent(response.path("board").asText(""), board -> new ArrayList<>());
            if (!isRepetition(lines, line)) {
                lines.add(line);
            }
        }
        return result;
    }

    /** Ours makes only as many worktrees as boards can be in flight, and repeats its heartbeat while a make runs. */
    private static boolean isRepetition(List<String> lines, String line) {
        return (line.equals("worktree_created") || line.startsWith("heartbeat")) && lines.contains(line);
    }

    private static String line(JsonNode response) {
        return switch (response.path("resp").asText()) {
            case "setup_done" -> "setup_done";
            // The reason's own words differ.
            case "error" ->
                BaseProtocol.summary(response)
                        .replaceFirst("(invalid JSON|cannot make the work directory|build_board:).*", "$1");
            default -> BaseProtocol.summary(response);
        };
    }

    /** The recorded worker ended itself with SIGKILL; ours says how it ended. */
    static int exitStatus(String how) {
        return switch (how) {
            case "quit" -> 0;
            case "EOF" -> 1;
            case "TERM" -> 143;
            case "KILL" -> 137;
            default -> throw new IllegalArgumentException(how);
        };
    }
}
