package dev.buildboss.ssh;

import com.jcraft.jsch.JSch;
import dev.buildboss.ssh.SshConfigFile.Entry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A list of algorithms by the rules of ssh_config(5): whole, or with {@code +}, {@code -} or {@code ^} before the defaults. */
final class AlgorithmList {

    private AlgorithmList() {}

    /** The list in JSch's form, of what JSch has; refuses a list of which it has nothing. */
    static String resolve(Entry entry, String jschKey) {
        String value = entry.value();
        char sign = value.charAt(0);
        List<String> defaults = split(JSch.getConfig(jschKey));
        List<String> given = split("+-^".indexOf(sign) >= 0 ? value.substring(1) : value);
        List<String> known = given.stream().filter(AlgorithmList::isKnown).toList();
        Set<String> result = new LinkedHashSet<>();
        switch (sign) {
            case '+' -> {
                result.addAll(defaults);
                result.addAll(known);
            }
            case '-' ->
                defaults.stream().filter(d -> !HostPatterns.matches(given, d)).forEach(result::add);
            case '^' -> {
                result.addAll(known);
                result.addAll(defaults);
            }
            default -> result.addAll(known);
        }
        if (result.isEmpty()) {
            throw SshConfig.refusal(
                    entry.keyword() + " " + value,
                    entry.where(),
                    String.join(" ", entry.section().patterns()));
        }
        return String.join(",", result);
    }

    private static boolean isKnown(String name) {
        return JSch.getConfig(name) != null;
    }

    private static List<String> split(String list) {
        List<String> result = new ArrayList<>();
        for (String name : list.split(",", -1)) {
            if (!name.isBlank()) {
                result.add(name.strip());
            }
        }
        return result;
    }
}
