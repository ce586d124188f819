package dev.buildboss.recipe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A recipe's settings as it gets them: names are paths below {@code buildboss.recipes.<recipe>}, values are text, and lists are
 * JSON in that text.
 */
public final class RecipeSettings {

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, String> values;

    /** The settings of a recipe's target or of its list of boards. */
    public RecipeSettings(Map<String, String> values) {
        this.values = values;
    }

    /** A text; empty if there is none. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /** The names of all that is set. */
    Set<String> names() {
        return values.keySet();
    }

    /** Whether a list is set. */
    boolean isList(String name) {
        return values.getOrDefault(name, "").startsWith("[");
    }

    /** Words: a list, or a text with spaces between them. */
    public List<String> words(String name) {
        String value = values.getOrDefault(name, "").strip();
        if (value.startsWith("[")) {
            return lists(name).stream().flatMap(List::stream).toList();
        }
        return value.isEmpty() ? List.of() : List.of(value.split("\\s+", -1));
    }

    /**
     * Lists of texts; one list of texts is a list of one.
     *
     * @throws IllegalArgumentException if it is something else, naming the setting
     */
    public List<List<String>> lists(String name) {
        String value = values.getOrDefault(name, "").strip();
        if (value.isEmpty() || value.equals("[]")) {
            return List.of();
        }
        List<List<String>> result = new ArrayList<>();
        List<String> flat = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(value)) {
            expect(parser.nextToken() == JsonToken.START_ARRAY, name);
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token == JsonToken.START_ARRAY) {
                    result.add(texts(parser, name));
                } else {
                    expect(token != null && token.isScalarValue(), name);
                    flat.add(parser.getText());
                }
            }
        } catch (IOException e) {
            expect(false, name);
        }
        expect(flat.isEmpty() || result.isEmpty(), name);
        return flat.isEmpty() ? List.copyOf(result) : List.of(List.copyOf(flat));
    }

    private static List<String> texts(JsonParser parser, String name) throws IOException {
        List<String> result = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            expect(token != null && token.isScalarValue(), name);
            result.add(parser.getText());
        }
        return List.copyOf(result);
    }

    private static void expect(boolean good, String name) {
        if (!good) {
            throw new IllegalArgumentException(
                    name + ": must be a list of texts, such as [\"make\", \"all\"], or a list of such lists");
        }
    }

    /** What is below a name: the rest of each path, and its value as text. */
    Map<String, String> below(String name) {
        Map<String, String> result = new TreeMap<>();
        values.forEach((path, value) -> {
            if (path.startsWith(name + ".")) {
                result.put(path.substring(name.length() + 1), value);
            }
        });
        return result;
    }
}
