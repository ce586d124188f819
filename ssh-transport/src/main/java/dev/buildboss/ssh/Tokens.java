package dev.buildboss.ssh;

import dev.buildboss.ssh.SshConfigFile.Entry;
import java.util.Map;

/** The {@code %x} and <code>${VAR}</code> of ssh_config(5). */
final class Tokens {

    private Tokens() {}

    static String expand(Entry entry, Map<Character, String> tokens) {
        return expand(entry, entry.value(), tokens);
    }

    /** A token that isn't known is refused. */
    static String expand(Entry entry, String value, Map<Character, String> tokens) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '%') {
                result.append(c);
                continue;
            }
            char token = i + 1 < value.length() ? value.charAt(++i) : ' ';
            String text = token == '%' ? "%" : tokens.get(token);
            if (text == null) {
                throw SshConfig.refusal(
                        entry.keyword() + " with %" + token,
                        entry.where(),
                        String.join(" ", entry.section().patterns()));
            }
            result.append(text);
        }
        return result.toString();
    }

    /** A variable that isn't set is refused, as ssh does. */
    static String environment(String value, Entry entry, Map<String, String> env) {
        StringBuilder result = new StringBuilder();
        int from = 0;
        for (int start = value.indexOf("${"); start >= 0; start = value.indexOf("${", from)) {
            int end = value.indexOf('}', start);
            String name = end < 0 ? value.substring(start + 2) : value.substring(start + 2, end);
            String text = end < 0 ? null : env.get(name);
            if (text == null) {
                throw new SshConfigException(
                        entry.where() + ": " + entry.keyword() + ": the variable " + name + " is not set");
            }
            result.append(value, from, start).append(text);
            from = end + 1;
        }
        return result.append(value.substring(from)).toString();
    }
}
