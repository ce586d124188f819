package dev.buildboss.ssh;

import dev.buildboss.settings.Settings;
import dev.buildboss.ssh.SshConfigFile.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes an {@link SshHost} of the entries that apply to it; the first value of a keyword counts, as in ssh_config(5). */
final class SshHostReader {

    private static final List<String> DEFAULT_KEYS = List.of("id_ed25519", "id_ecdsa", "id_rsa");
    private static final Map<String, List<String>> ALGORITHMS = Map.of(
            "ciphers", List.of("cipher.c2s", "cipher.s2c"),
            "macs", List.of("mac.c2s", "mac.s2c"),
            "kexalgorithms", List.of("kex"),
            "hostkeyalgorithms", List.of("server_host_key"),
            "pubkeyacceptedalgorithms", List.of("PubkeyAcceptedAlgorithms"),
            "pubkeyacceptedkeytypes", List.of("PubkeyAcceptedAlgorithms"));

    private final Settings.Ssh settings;
    private final SshConfig.User user;
    private final String alias;
    private final Optional<String> login;
    private final List<Entry> entries;

    SshHostReader(
            Settings.Ssh settings, SshConfig.User user, String alias, Optional<String> login, List<Entry> entries) {
        this.settings = settings;
        this.user = user;
        this.alias = alias;
        this.login = login;
        this.entries = List.copyOf(entries);
    }

    SshHost read() {
        String hostName = first("hostname")
                .map(e -> Tokens.expand(e, Map.of('h', alias, 'n', alias)))
                .orElse(alias);
        int port = first("port").map(e -> number(e, e.value())).orElse(22);
        String name = login.or(() -> first("user").map(Entry::value)).orElse(user.name());
        Map<Character, String> tokens = Map.of(
                'h',
                hostName,
                'n',
                alias,
                'p',
                String.valueOf(port),
                'r',
                name,
                'u',
                user.name(),
                'd',
                user.home().toString());
        return new SshHost(
                alias,
                hostName,
                port,
                name,
                identityFiles(tokens),
                first("identitiesonly").map(SshHostReader::yes).orElse(false),
                agent(tokens),
                jump(),
                knownHosts("userknownhostsfile", tokens, List.of("~/.ssh/known_hosts", "~/.ssh/known_hosts2")),
                knownHosts(
                        "globalknownhostsfile",
                        tokens,
                        List.of("/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2")),
                settings.strictHostKeys()
                        || first("stricthostkeychecking")
                                .map(SshHostReader::yes)
                                .orElse(false),
                first("hostkeyalias").map(Entry::value),
                first("hashknownhosts").map(SshHostReader::yes).orElse(false),
                seconds("connecttimeout").orElse(settings.connectTimeout()),
                seconds("serveraliveinterval").orElse(settings.keepaliveInterval()),
                // ssh -G prints this one for everyone; it is the user's own only beside an interval.
                seconds("serveraliveinterval").isPresent()
                        ? first("serveralivecountmax")
                                .map(e -> number(e, e.value()))
                                .orElse(settings.keepaliveCount())
                        : settings.keepaliveCount(),
                algorithms());
    }

    private List<Path> identityFiles(Map<Character, String> tokens) {
        List<Path> files = new ArrayList<>();
        for (Entry e : all("identityfile")) {
            if (!e.value().equalsIgnoreCase("none")) {
                files.add(path(e, e.value(), tokens));
            }
        }
        if (all("identityfile").isEmpty()) {
            DEFAULT_KEYS.forEach(k -> files.add(user.home().resolve(".ssh").resolve(k)));
        }
        return files;
    }

    private Optional<Path> agent(Map<Character, String> tokens) {
        Optional<Entry> entry = first("identityagent");
        if (entry.isPresent() && !entry.get().value().equals("SSH_AUTH_SOCK")) {
            Entry e = entry.get();
            if (e.value().equalsIgnoreCase("none")) {
                return Optional.empty();
            }
            if (e.value().startsWith("$") && !e.value().startsWith("${")) {
                return socket(user.env().get(e.value().substring(1)));
            }
            return Optional.of(path(e, e.value(), tokens));
        }
        return socket(user.env().get("SSH_AUTH_SOCK"));
    }

    private static Optional<Path> socket(@Nullable String path) {
        return path == null || path.isEmpty() ? Optional.empty() : Optional.of(Path.of(path));
    }

    private Optional<String> jump() {
        Optional<Entry> entry = first("proxyjump").filter(e -> !e.value().equalsIgnoreCase("none"));
        if (entry.isPresent() && entry.get().value().contains(",")) {
            throw SshConfig.refusal(
                    "ProxyJump through several hops", entry.get().where(), alias);
        }
        return entry.map(e -> e.value().startsWith("ssh://") ? e.value().substring(6) : e.value());
    }

    private List<Path> knownHosts(String key, Map<Character, String> tokens, List<String> defaults) {
        Optional<Entry> entry = first(key);
        List<Path> files = new ArrayList<>();
        for (String name : entry.map(Entry::args).orElse(defaults)) {
            if (!name.equalsIgnoreCase("none") && !name.equals("/dev/null")) {
                files.add(entry.isPresent() ? path(entry.get(), name, tokens) : user.expand(name));
            }
        }
        return files;
    }

    private Path path(Entry entry, String value, Map<Character, String> tokens) {
        return user.expand(Tokens.environment(Tokens.expand(entry, value, tokens), entry, user.env()));
    }

    private Optional<Duration> seconds(String key) {
        return first(key)
                .filter(e -> !e.value().equalsIgnoreCase("none") && !e.value().equals("0"))
                .map(e -> Duration.ofSeconds(SshTime.seconds(e)));
    }

    private Map<String, String> algorithms() {
        Map<String, String> result = new HashMap<>();
        ALGORITHMS.forEach((key, names) -> first(key)
                // What ssh -G prints when nobody chose is the ssh program's list, not ours.
                .filter(e -> !e.where().startsWith("ssh -G"))
                .ifPresent(e -> names.forEach(name -> result.put(name, AlgorithmList.resolve(e, name)))));
        return result;
    }

    private Optional<Entry> first(String key) {
        return entries.stream().filter(e -> e.key().equals(key)).findFirst();
    }

    private List<Entry> all(String key) {
        return entries.stream().filter(e -> e.key().equals(key)).toList();
    }

    private static boolean yes(Entry e) {
        String value = e.value().toLowerCase(Locale.ROOT);
        return value.equals("yes") || value.equals("true");
    }

    private static int number(Entry e, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException bad) {
            throw new SshConfigException(e.where() + ": " + e.keyword() + " '" + value + "' is not a number");
        }
    }
}
