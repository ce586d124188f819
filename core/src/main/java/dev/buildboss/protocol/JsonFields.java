package dev.buildboss.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the typed fields of one JSON object; a wrong one is told by its key.
 *
 * <p>A key that is null counts as missing, as existing peers write it both ways.
 */
final class JsonFields {

    private final Map<?, ?> object;
    private final String path;

    JsonFields(Map<?, ?> object) {
        this(object, "");
    }

    private JsonFields(Map<?, ?> object, String path) {
        this.object = object;
        this.path = path;
    }

    private WrongField wrong(String key, String expected) {
        return new WrongField(path + key + ": expected " + expected);
    }

    Optional<String> text(String key) throws WrongField {
        Object value = object.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        throw wrong(key, "a string");
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
        Object value = object.get(key);
        if (value == null) {
            return Optional.empty();
        }
        Optional<Integer> number = whole(value);
        if (number.isEmpty()) {
            throw wrong(key, "a whole number");
        }
        return number;
    }

    private static Optional<Integer> whole(@Nullable Object value) {
        try {
            return value instanceof JsonTokens.Num number
                    ? Optional.of(Integer.parseInt(number.text()))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty(); // a fraction, or too large
        }
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
        Object value = object.get(key);
        if (value == null) {
            return missing;
        }
        if (value instanceof JsonTokens.Num number) {
            return Double.parseDouble(number.text());
        }
        throw wrong(key, "a number");
    }

    boolean flag(String key, boolean missing) throws WrongField {
        Object value = object.get(key);
        if (value == null) {
            return missing;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(key, "true or false");
    }

    /** The object under a key; an empty one when it is missing. */
    JsonFields object(String key) throws WrongField {
        Object value = object.get(key);
        if (value == null) {
            return new JsonFields(Map.of(), path + key + ".");
        }
        if (value instanceof Map<?, ?> fields) {
            return new JsonFields(fields, path + key + ".");
        }
        throw wrong(key, "an object");
    }

    /** Every key of this object with its text. */
    Map<String, String> texts() throws WrongField {
        Map<String, String> result = new LinkedHashMap<>();
        for (Map.Entry<?, ?> field : object.entrySet()) {
            String key = String.valueOf(field.getKey());
            if (!(field.getValue() instanceof String text)) {
                throw wrong(key, "a string");
            }
            result.put(key, text);
        }
        return result;
    }

    /** The objects under each key of this object. */
    Map<String, JsonFields> objects() throws WrongField {
        Map<String, JsonFields> result = new LinkedHashMap<>();
        for (Object field : object.keySet()) {
            String key = String.valueOf(field);
            result.put(key, object(key));
        }
        return result;
    }

    private List<?> elements(String key) throws WrongField {
        Object value = object.get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrong(key, "a list");
    }

    List<String> textList(String key) throws WrongField {
        List<String> result = new ArrayList<>();
        for (Object element : elements(key)) {
            if (!(element instanceof String text)) {
                throw wrong(key + "[" + result.size() + "]", "a string");
            }
            result.add(text);
        }
        return result;
    }

    List<Integer> countList(String key) throws WrongField {
        List<Integer> result = new ArrayList<>();
        for (Object element : elements(key)) {
            Optional<Integer> number = whole(element);
            if (number.isEmpty() || number.get() < 0) {
                throw wrong(key + "[" + result.size() + "]", "a whole number of 0 or more");
            }
            result.add(number.get());
        }
        return result;
    }

    List<JsonFields> objectList(String key) throws WrongField {
        List<JsonFields> result = new ArrayList<>();
        for (Object element : elements(key)) {
            String where = key + "[" + result.size() + "]";
            if (!(element instanceof Map<?, ?> fields)) {
                throw wrong(where, "an object");
            }
            result.add(new JsonFields(fields, path + where + "."));
        }
        return result;
    }

    /** Whether the list under a key begins with null. */
    boolean beginsWithNull(String key) {
        return object.get(key) instanceof List<?> list && !list.isEmpty() && list.get(0) == null;
    }

    boolean has(String key) {
        return object.containsKey(key);
    }

    /** The value under a key, whatever it is. */
    @Nullable
    Object any(String key) {
        return object.get(key);
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
