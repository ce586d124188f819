package dev.buildboss.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the typed fields of one JSON object; a wrong one is told by its key.
 *
 * <p>A key that is null counts as missing, as existing peers write it both ways.
 */
final class JsonFields {

    private final JsonNode object;
    private final String path;

    JsonFields(JsonNode object) {
        this(object, "");
    }

    private JsonFields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    private Optional<JsonNode> find(String key) {
        JsonNode value = object.get(key);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    private WrongField wrong(String key, String expected) {
        return new WrongField(path + key + ": expected " + expected);
    }

    Optional<String> text(String key) throws WrongField {
        Optional<JsonNode> value = find(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.get().isTextual()) {
            throw wrong(key, "a string");
        }
        return Optional.of(value.get().textValue());
    }

    String textOrEmpty(String key) throws WrongField {
        return text(key).orElse("");
    }

    String requiredText(String key) throws WrongField {
        String value = textOrEmpty(key);
        if (value.isEmpty()) {
            throw wrong(key, "a string that is not empty");
        }
        return value;
    }

    private Optional<Integer> integer(String key) throws WrongField {
        Optional<JsonNode> value = find(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.get().isIntegralNumber() || !value.get().canConvertToInt()) {
            throw wrong(key, "a whole number");
        }
        return Optional.of(value.get().intValue());
    }

    int requiredInt(String key) throws WrongField {
        return integer(key).orElseThrow(() -> wrong(key, "a whole number"));
    }

    /** A number that counts or indexes something. */
    int count(String key, int missing) throws WrongField {
        int value = integer(key).orElse(missing);
        if (value < 0) {
            throw wrong(key, "a number of 0 or more");
        }
        return value;
    }

    int requiredCount(String key) throws WrongField {
        requiredInt(key);
        return count(key, 0);
    }

    double number(String key, double missing) throws WrongField {
        Optional<JsonNode> value = find(key);
        if (value.isPresent() && !value.get().isNumber()) {
            throw wrong(key, "a number");
        }
        return value.map(JsonNode::doubleValue).orElse(missing);
    }

    boolean flag(String key, boolean missing) throws WrongField {
        Optional<JsonNode> value = find(key);
        if (value.isPresent() && !value.get().isBoolean()) {
            throw wrong(key, "true or false");
        }
        return value.map(JsonNode::booleanValue).orElse(missing);
    }

    /** The object under a key; an empty one when it is missing. */
    JsonFields object(String key) throws WrongField {
        Optional<JsonNode> value = find(key);
        if (value.isPresent() && !value.get().isObject()) {
            throw wrong(key, "an object");
        }
        return new JsonFields(value.orElseGet(MissingNode::getInstance), path + key + ".");
    }

    /** Every key of this object with its text. */
    Map<String, String> texts() throws WrongField {
        Map<String, String> result = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!field.getValue().isTextual()) {
                throw wrong(field.getKey(), "a string");
            }
            result.put(field.getKey(), field.getValue().textValue());
        }
        return result;
    }

    /** The objects under each key of this object. */
    Map<String, JsonFields> objects() throws WrongField {
        Map<String, JsonFields> result = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            result.put(field.getKey(), object(field.getKey()));
        }
        return result;
    }

    private Iterable<JsonNode> elements(String key) throws WrongField {
        Optional<JsonNode> value = find(key);
        if (value.isPresent() && !value.get().isArray()) {
            throw wrong(key, "a list");
        }
        return value.<Iterable<JsonNode>>map(list -> list).orElse(List.of());
    }

    List<String> textList(String key) throws WrongField {
        List<String> result = new ArrayList<>();
        for (JsonNode element : elements(key)) {
            if (!element.isTextual()) {
                throw wrong(key + "[" + result.size() + "]", "a string");
            }
            result.add(element.textValue());
        }
        return result;
    }

    List<Integer> countList(String key) throws WrongField {
        List<Integer> result = new ArrayList<>();
        for (JsonNode element : elements(key)) {
            if (!element.isIntegralNumber() || !element.canConvertToInt() || element.intValue() < 0) {
                throw wrong(key + "[" + result.size() + "]", "a whole number of 0 or more");
            }
            result.add(element.intValue());
        }
        return result;
    }

    List<JsonFields> objectList(String key) throws WrongField {
        List<JsonFields> result = new ArrayList<>();
        for (JsonNode element : elements(key)) {
            String where = key + "[" + result.size() + "]";
            if (!element.isObject()) {
                throw wrong(where, "an object");
            }
            result.add(new JsonFields(element, path + where + "."));
        }
        return result;
    }

    /** Whether the list under a key begins with null. */
    boolean beginsWithNull(String key) {
        return find(key)
                .filter(list -> list.isArray() && !list.isEmpty() && list.get(0).isNull())
                .isPresent();
    }

    /** The value as it stands on the wire, for messages. */
    String raw(String key) {
        JsonNode value = object.get(key);
        return value == null ? "" : value.isTextual() ? value.textValue() : value.toString();
    }

    /** A field that is missing or of the wrong kind; the message begins with its key. */
    static final class WrongField extends Exception {
        private static final long serialVersionUID = 1L;

        private final String problem;

        WrongField(String problem) {
            super(problem, null, false, false); // peers can make many: no stack trace
            this.problem = problem;
        }

        String problem() {
            return problem;
        }
    }
}
