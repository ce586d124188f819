package dev.buildboss.settings;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.buildboss.BuildbossException;
import dev.buildboss.text.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The make arguments of each target, where {@code ${name}} stands for those of another name and {@code ${target}} for the
 * target's own name. Pure.
 *
 * <p>A text is split as a shell would, after its references were followed. In a list each item is one argument, but for one
 * that is a reference and nothing else: it stands for all the arguments of that name.
 *
 * <p>Make hands the values of variables on to shells, and expands {@code $}: what would run a program there is not taken,
 * however it came into a file of settings.
 */
final class MakeFlags {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z0-9_.+-]+)}");
    private static final Pattern REFUSED = Pattern.compile("[;&|<>`$\\\\\\p{Cntrl}]");
    private static final String TARGET = "target";
    private static final String REFUSAL = "make arguments without ; & | < > ` $ \\ (a shell would see them)";

    /** References that double at each step would fill the memory. */
    private static final int MAX_CHARACTERS = 64 * 1024;

    private final ConfigObject all;
    private final String target;
    private final Set<String> open = new LinkedHashSet<>();

    private MakeFlags(ConfigObject all, String target) {
        this.all = all;
        this.target = target;
    }

    /**
     * The arguments by target, with all references followed.
     *
     * @throws BuildbossException in one line with the place, if a reference leads nowhere or to itself
     */
    static Map<String, List<String>> expand(ConfigObject all) {
        Map<String, List<String>> result = new HashMap<>();
        for (String name : new TreeSet<>(all.keySet())) {
            List<String> arguments = new MakeFlags(all, name).arguments(name);
            ConfigValue value = all.get(name);
            if (value != null && arguments.stream().anyMatch(MakeFlags::isRefused)) {
                throw refused(name, value, "must be " + REFUSAL);
            }
            result.put(name, arguments);
        }
        return result;
    }

    /** What a value must be, in words, if it is wrong on its own; references are not followed. */
    static Optional<String> wrong(ConfigValue value) {
        List<String> arguments = new ArrayList<>();
        try {
            for (String text : SettingKind.texts(value)) {
                String without = REFERENCE.matcher(text).replaceAll("x");
                arguments.addAll(isList(value) ? List.of(without) : ShellWords.split(without));
            }
        } catch (IllegalArgumentException e) {
            return Optional.of("make arguments (" + e.getMessage() + ")");
        }
        boolean bad = arguments.stream().anyMatch(argument -> argument.isEmpty() || isRefused(argument));
        return bad ? Optional.of(REFUSAL) : Optional.empty();
    }

    private static boolean isRefused(String argument) {
        return REFUSED.matcher(argument).find();
    }

    private static boolean isList(ConfigValue value) {
        return value.unwrapped() instanceof List<?>;
    }

    private List<String> arguments(String name) {
        ConfigValue value = valueOf(name);
        if (!open.add(name)) {
            throw refused(name, value, "refers to itself: " + String.join(" → ", open) + " → " + name);
        }
        List<String> result = new ArrayList<>();
        if (isList(value)) {
            for (String item : SettingKind.texts(value)) {
                Matcher whole = REFERENCE.matcher(item);
                if (whole.matches() && !whole.group(1).equals(TARGET)) {
                    result.addAll(arguments(referred(whole.group(1), name, value)));
                } else {
                    result.add(follow(item, name, value));
                }
            }
        } else {
            result.addAll(split(follow(String.valueOf(value.unwrapped()), name, value), name, value));
        }
        open.remove(name);
        if (result.stream().mapToInt(String::length).sum() > MAX_CHARACTERS) {
            throw refused(name, value, "is longer than " + MAX_CHARACTERS + " characters with all references followed");
        }
        return result;
    }

    /** The text of a name where it is put into another: its own words as they were written, or a list's items in a row. */
    private String text(String name) {
        ConfigValue value = valueOf(name);
        if (isList(value)) {
            return String.join(" ", arguments(name));
        }
        if (!open.add(name)) {
            throw refused(name, value, "refers to itself: " + String.join(" → ", open) + " → " + name);
        }
        String result = follow(String.valueOf(value.unwrapped()), name, value);
        open.remove(name);
        return result;
    }

    private String follow(String text, String name, ConfigValue value) {
        Matcher reference = REFERENCE.matcher(text);
        StringBuilder result = new StringBuilder();
        while (reference.find()) {
            String wanted = reference.group(1);
            String put = wanted.equals(TARGET) ? target : text(referred(wanted, name, value));
            reference.appendReplacement(result, Matcher.quoteReplacement(put));
            if (result.length() > MAX_CHARACTERS) {
                throw refused(
                        name, value, "is longer than " + MAX_CHARACTERS + " characters with all references followed");
            }
        }
        return reference.appendTail(result).toString();
    }

    private static List<String> split(String text, String name, ConfigValue value) {
        try {
            return ShellWords.split(text);
        } catch (IllegalArgumentException e) {
            throw refused(name, value, "must be make arguments (" + e.getMessage() + ")");
        }
    }

    /** The name as it is written where it is set: an INI file's names are the same in any case. */
    private String referred(String wanted, String from, ConfigValue where) {
        if (all.containsKey(wanted)) {
            return wanted;
        }
        Map<String, String> lower = new TreeMap<>();
        all.keySet().forEach(key -> lower.put(key.toLowerCase(Locale.ROOT), key));
        String found = lower.get(wanted.toLowerCase(Locale.ROOT));
        if (found == null) {
            throw refused(
                    from, where, "${" + wanted + "}: no such name in make-flags" + Nearest.hint(wanted, all.keySet()));
        }
        return found;
    }

    private ConfigValue valueOf(String name) {
        ConfigValue value = all.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no such make flags: " + name);
        }
        return value;
    }

    private static BuildbossException refused(String name, ConfigValue value, String what) {
        return new BuildbossException(SettingsCheck.place(value.origin()) + ": " + SettingsSchema.ROOT
                + ".build.make-flags." + com.typesafe.config.ConfigUtil.joinPath(name) + ": " + what);
    }
}
