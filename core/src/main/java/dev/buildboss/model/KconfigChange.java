package dev.buildboss.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One change of a board's configuration, as {@code -a} names it: {@code FOO} turns an option on, {@code ~FOO} off, {@code
 * FOO=value} gives it a value (strings with their quotes). A name may begin with {@code CONFIG_} or not.
 *
 * @param name the option, without {@code CONFIG_}
 * @param value what it becomes; {@code n}: off
 */
public record KconfigChange(String name, String value) {

    private static final Pattern FORM = Pattern.compile("(~?)(?:CONFIG_)?([A-Za-z0-9][A-Za-z0-9_]{0,199})(?:=(.+))?");
    private static final Pattern VALUE = Pattern.compile("[^\\p{Cntrl}]{1,1000}");

    /** Checks the parts: they become a line of a configuration. */
    public KconfigChange {
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("not a value for CONFIG_" + name + ": '" + value + "'");
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException in words, if it has none of the forms
     */
    public static KconfigChange parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || (!form.group(1).isEmpty() && form.group(3) != null)) {
            throw new IllegalArgumentException("not a change of a Kconfig option: '" + text
                    + "' (FOO turns it on, ~FOO off, FOO=value sets it; strings are quoted: FOO='\"text\"')");
        }
        String value = form.group(3);
        return new KconfigChange(form.group(2), !form.group(1).isEmpty() ? "n" : value == null ? "y" : value);
    }

    /** Whether the option is turned off. */
    public boolean isOff() {
        return value.equals("n");
    }

    /** The line of {@code .config} that says so. */
    public String line() {
        return isOff() ? "# CONFIG_" + name + " is not set" : "CONFIG_" + name + "=" + value;
    }
}
