package dev.buildboss.ssh;

import dev.buildboss.settings.Settings;
import dev.buildboss.ssh.SshConfigFile.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out how to reach a host by the user's ssh configuration.
 *
 * <p>The file is read here. Where it has keywords that act on other lines ({@code Include}, {@code Match}, …), the ssh program
 * is asked ({@code ssh -G}). What neither way can be honoured by the built-in ssh is refused, with keyword and line: a
 * setting that is silently left out sends builds to a wrong host, or by a wrong way. As with {@code ssh -F}, an explicit
 * file is the only one; else {@code ~/.ssh/config} is (the system's own file is the ssh program's).
 *
 * <p>Immutable; safe to share between threads. {@link #resolve} blocks: it reads files and may run a program.
 */
final class SshConfig {

    private final Settings.Ssh settings;
    private final User user;
    private final Resolver resolver;

    /**
     * Whose configuration it is.
     *
     * @param home the home directory
     * @param name the login name
     * @param env the environment
     */
    record User(Path home, String name, Map<String, String> env) {
        User {
            env = Map.copyOf(env);
        }

        static User current() {
            return new User(
                    Path.of(System.getProperty("user.home", "/")),
                    System.getProperty("user.name", "root"),
                    System.getenv());
        }

        Path expand(String path) {
            return path.equals("~") || path.startsWith("~/")
                    ? home.resolve(path.length() < 2 ? "" : path.substring(2))
                    : home.resolve(".ssh").resolve(path);
        }
    }

    /** Asks the ssh program what applies. */
    interface Resolver {
        /** The output of {@code ssh -G}; empty if there is no such program or it fails. */
        Optional<String> resolve(List<String> options, String alias);
    }

    SshConfig(Settings.Ssh settings, User user, Resolver resolver) {
        this.settings = settings;
        this.user = user;
        this.resolver = resolver;
    }

    /** The explicit file, if one is set. */
    Optional<Path> explicitFile() {
        return settings.configFile()
                .map(f -> f.startsWith("~/") ? user.expand(f) : Path.of(f).toAbsolutePath());
    }

    /**
     * Resolves {@code [user@]host}.
     *
     * @throws SshConfigException naming the keyword and its line, if something can't be honoured
     */
    SshHost resolve(String target) {
        int at = target.lastIndexOf('@');
        Optional<String> login = at < 0 ? Optional.empty() : Optional.of(target.substring(0, at));
        String alias = target.substring(at + 1);
        SshHost.requireWord("host", alias);
        login.ifPresent(l -> SshHost.requireWord("user", l));

        SshConfigFile file = read();
        List<Entry> applying = new ArrayList<>();
        Optional<Entry> obstacle = Optional.empty();
        for (Entry e : file.entries()) {
            boolean match = e.section().match();
            if (match || e.section().appliesTo(alias)) {
                boolean resolvable = match
                        || (SshKeywords.RESOLVABLE.contains(e.key())
                                && !e.value().equalsIgnoreCase("no"));
                if (obstacle.isEmpty() && resolvable) {
                    obstacle = Optional.of(match ? matchEntry(e) : e);
                }
                applying.add(e);
            }
        }
        if (obstacle.isPresent()) {
            applying = resolved(obstacle.get(), login, alias, file);
        } else {
            check(applying, alias);
        }
        SshHostReader reader = new SshHostReader(settings, user, alias, login, applying);
        return reader.read();
    }

    private static Entry matchEntry(Entry inside) {
        return new Entry("Match", List.of("…"), inside.section().where(), inside.section());
    }

    private SshConfigFile read() {
        Optional<Path> explicit = explicitFile();
        Path path = explicit.orElse(user.home().resolve(".ssh/config"));
        String name = explicit.isPresent() ? path.toString() : "~/.ssh/config";
        if (explicit.isEmpty() && !Files.exists(path)) {
            return new SshConfigFile(name, List.of());
        }
        try {
            return SshConfigFile.parse(name, Files.readString(path, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new SshConfigException("can't read the ssh configuration " + name + ": " + e);
        }
    }

    private List<Entry> resolved(Entry obstacle, Optional<String> login, String alias, SshConfigFile file) {
        List<String> options = new ArrayList<>();
        explicitFile().ifPresent(f -> options.addAll(List.of("-F", f.toString())));
        login.ifPresent(l -> options.addAll(List.of("-l", l)));
        String output = resolver.resolve(List.copyOf(options), alias)
                .orElseThrow(() -> new SshConfigException(obstacle.where() + ": " + obstacle.keyword()
                        + " needs the ssh program to be resolved, and '" + settings.program()
                        + "' can't: install OpenSSH's client, or write the settings for " + alias + " out"));
        List<Entry> entries = new ArrayList<>();
        for (String line : output.split("\n", -1)) {
            int space = line.indexOf(' ');
            if (space > 0) {
                String key = line.substring(0, space).toLowerCase(Locale.ROOT);
                String value = line.substring(space + 1).strip();
                String where = whereIs(key, file);
                if (SshKeywords.REFUSED.containsKey(key)
                        && !SshKeywords.PRINTED_ALWAYS.contains(key)
                        && !SshKeywords.isNeutral(key, value)) {
                    throw refusal(key, where, alias);
                }
                if (SshKeywords.HONOURED.contains(key) && !value.isEmpty()) {
                    entries.add(new Entry(key, args(key, value), where, obstacle.section()));
                }
            }
        }
        return entries;
    }

    private static List<String> args(String key, String value) {
        return key.endsWith("knownhostsfile") ? List.of(value.split(" +", -1)) : List.of(value);
    }

    /** The line of the file that says it, if it is there and not in another one. */
    private static String whereIs(String key, SshConfigFile file) {
        return file.entries().stream()
                .filter(e -> e.key().equals(key))
                .map(Entry::where)
                .findFirst()
                .orElse("ssh -G for " + file.name());
    }

    private static void check(List<Entry> entries, String alias) {
        List<String> ignored = entries.stream()
                .filter(e -> e.key().equals("ignoreunknown"))
                .flatMap(e -> e.args().stream())
                .flatMap(a -> List.of(a.split(",", -1)).stream())
                .toList();
        for (Entry e : entries) {
            String key = e.key();
            if (SshKeywords.REFUSED.containsKey(key)) {
                if (!SshKeywords.isNeutral(key, e.value())) {
                    throw refusal(e.keyword(), e.where(), alias);
                }
            } else if (!SshKeywords.HONOURED.contains(key)
                    && !SshKeywords.RESOLVABLE.contains(key)
                    && !SshKeywords.WITHOUT_EFFECT.contains(key)
                    && !HostPatterns.matches(ignored, key)) {
                throw refusal(e.keyword(), e.where(), alias);
            }
        }
    }

    static SshConfigException refusal(String keyword, String where, String alias) {
        return new SshConfigException(where + ": " + keyword + " (for " + alias
                + ") is not understood by the built-in ssh: set buildboss.ssh.transport = ssh to use the ssh program");
    }
}
