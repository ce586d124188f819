package dev.buildboss.workermain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was said to an existing worker, and what it answered.
 *
 * @param name the file's name, without its end
 * @param steps in the order of time
 */
record Recording(String name, List<Step> steps) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern SAID = Pattern.compile(" *[0-9.]+ (>>|<<) ?(.*)");
    private static final Pattern END = Pattern.compile(" *[0-9.]* *# ?(closing stdin|SIGTERM|kill -9).*");

    /** Something that happened. */
    sealed interface Step {}

    /** A line for the worker. */
    record Sent(String line) implements Step {}

    /** A response. */
    record Heard(JsonNode response) implements Step {}

    /** The boss went, or sent a signal: EOF, TERM, KILL. */
    record Ended(String how) implements Step {}

    static Recording read(Path file) throws IOException {
        List<Step> steps = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            Matcher said = SAID.matcher(line);
            Matcher end = END.matcher(line);
            if (end.matches()) {
                steps.add(new Ended(
                        switch (end.group(1)) {
                            case "SIGTERM" -> "TERM";
                            case "kill -9" -> "KILL";
                            default -> "EOF";
                        }));
            } else if (said.matches() && said.group(1).equals(">>")) {
                steps.add(new Sent(said.group(2)));
            } else if (said.matches() && said.group(2).startsWith("BM> ")) {
                steps.add(new Heard(JSON.readTree(said.group(2).substring(4))));
            }
        }
        return new Recording(String.valueOf(file.getFileName()).replace(".txt", ""), List.copyOf(steps));
    }

    /** Whether the worker was at work when it was told to end. */
    boolean endsWhileBuilding() {
        return name.contains("while-building");
    }

    @Override
    public String toString() {
        return name;
    }
}
