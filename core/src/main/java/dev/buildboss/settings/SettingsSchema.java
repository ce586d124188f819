package dev.buildboss.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import dev.buildboss.settings.SettingKind.AllowMissing;
import dev.buildboss.settings.SettingKind.Choice;
import dev.buildboss.settings.SettingKind.Commands;
import dev.buildboss.settings.SettingKind.FetchUrl;
import dev.buildboss.settings.SettingKind.Fraction;
import dev.buildboss.settings.SettingKind.HomePath;
import dev.buildboss.settings.SettingKind.MakeArguments;
import dev.buildboss.settings.SettingKind.Size;
import dev.buildboss.settings.SettingKind.Text;
import dev.buildboss.settings.SettingKind.TextOrTexts;
import dev.buildboss.settings.SettingKind.Time;
import dev.buildboss.settings.SettingKind.Version;
import dev.buildboss.settings.SettingKind.Whole;
import dev.buildboss.settings.SettingKind.Wrapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which settings there are and what each may be. The names come from {@code reference.conf}; a kind comes from the rules here
 * or else from the default's own form, so that a new setting is known as soon as it is documented.
 */
final class SettingsSchema {

    /** All settings are below this. */
    static final String ROOT = "buildboss";

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /** Ranges and words that a default's form does not tell. */
    private static final Map<String, SettingKind> RULES = Map.ofEntries(
            Map.entry("recipes.command.clean", new Commands()),
            Map.entry("recipes.command.configure", new Commands()),
            Map.entry("recipes.command.build", new Commands()),
            Map.entry("local.slots", new Whole(0, 4096)),
            Map.entry("local.jobs", new Whole(0, 4096)),
            Map.entry("machine-defaults.max-boards", new Whole(0, 4096)),
            Map.entry("machine-defaults.threads", new Whole(0, 4096)),
            Map.entry("toolchains.wrapper", new Wrapper()),
            Map.entry("toolchains.require", new Choice("identical", "same-version", "any")),
            Map.entry("build.allow-missing", new AllowMissing()),
            Map.entry("probe.max-load", new Fraction(0, 1000)),
            Map.entry("probe.connect-timeout", new Time(Duration.ofMillis(100), DAY)),
            Map.entry("probe.timeout", new Time(Duration.ofMillis(100), DAY)),
            Map.entry("probe.min-git", new Version()),
            Map.entry("probe.min-make", new Version()),
            Map.entry("probe.max-clock-skew", new Time(SECOND, DAY)),
            Map.entry("probe.watch-interval", new Time(Duration.ofMillis(100), DAY)),
            Map.entry("probe.doctor-timeout", new Time(SECOND, DAY)),
            Map.entry("ssh.transport", new Choice("jsch", "ssh")),
            Map.entry("ssh.strict-host-key-checking", new Choice("accept-new", "yes")),
            Map.entry("ssh.push-with", new Choice("auto", "git", "jgit")),
            Map.entry("ssh.connect-timeout", new Time(Duration.ofMillis(100), DAY)),
            Map.entry("ssh.keepalive-interval", new Time(SECOND, DAY)),
            Map.entry("ssh.keepalive-count", new Whole(1, 1000)),
            Map.entry("ssh.max-connecting", new Whole(1, 1000)),
            Map.entry("ssh.connect-attempts", new Whole(1, 100)),
            Map.entry("ssh.push-timeout", new Time(SECOND, DAY)),
            Map.entry("ssh.install-timeout", new Time(SECOND, DAY)),
            Map.entry("ssh.lock-grace", new Time(SECOND, Duration.ofDays(7))),
            Map.entry("ssh.lock-age", new Time(SECOND, Duration.ofDays(366))),
            Map.entry("worker.threads", new Whole(0, 4096)),
            Map.entry("worker.host-pool", new HomePath(true)),
            Map.entry("worker.jobs", new Choice("shared", "fixed")),
            Map.entry("worker.heartbeat-interval", new Time(Duration.ofMillis(100), DAY)),
            Map.entry("worker.git-timeout", new Time(SECOND, DAY)),
            Map.entry("worker.worktree-timeout", new Time(SECOND, DAY)),
            Map.entry("worker.build-space", new Size(0, 1L << 44)),
            Map.entry("worker.board-memory", new Size(0, 1L << 44)),
            Map.entry("worker.max-output", new Size(KIB, 1L << 30)),
            Map.entry("worker.lock-interval", new Time(SECOND, Duration.ofMinutes(5))),
            Map.entry("boss.confirm-failures", new Choice("off", "doubtful", "always")),
            Map.entry("schedule.placement", new Choice("predicted", "first-come")),
            Map.entry("boss.when-busy", new Choice("wait", "skip")),
            Map.entry("boss.busy-patience", new Time(Duration.ZERO, Duration.ofDays(7))),
            Map.entry("boss.busy-interval", new Time(Duration.ofMillis(100), DAY)),
            Map.entry("boss.ready-timeout", new Time(SECOND, DAY)),
            Map.entry("boss.setup-timeout", new Time(SECOND, DAY)),
            Map.entry("boss.board-limit", new Time(SECOND, Duration.ofDays(7))),
            Map.entry("boss.quit-timeout", new Time(Duration.ofMillis(100), Duration.ofMinutes(10))),
            Map.entry("boss.max-attempts", new Whole(1, 100)),
            Map.entry("boss.missed-heartbeats", new Whole(2, 1000)),
            Map.entry("boss.poison-after", new Whole(2, 100)),
            Map.entry("boss.max-failures", new Whole(1, 1_000_000)),
            Map.entry("boss.reconnect-delay", new Time(Duration.ofMillis(1), DAY)),
            Map.entry("boss.max-delay", new Time(Duration.ofMillis(1), DAY)),
            Map.entry("boss.max-reconnects", new Whole(0, 1000)),
            Map.entry("boss.event-buffer", new Whole(16, 1_000_000)),
            Map.entry("boss.max-log", new Size(KIB, 1L << 40)),
            Map.entry("machine-defaults.disk-budget", new Size(0, 1L << 50)),
            Map.entry("fetch.url", new FetchUrl()),
            Map.entry("fetch.directory", new HomePath(false)),
            Map.entry("fetch.stall-timeout", new Time(Duration.ofMillis(100), DAY)),
            Map.entry("fetch.send-timeout", new Time(SECOND, DAY)),
            Map.entry("fetch.attempts", new Whole(1, 100)),
            Map.entry("fetch.max-archive", new Size(KIB, 1L << 40)),
            Map.entry("fetch.max-unpacked", new Size(KIB, 1L << 44)),
            Map.entry("runtimes.directory", new HomePath(false)),
            Map.entry("runtimes.make-timeout", new Time(SECOND, DAY)),
            Map.entry("clean.older-than", new Time(Duration.ZERO, Duration.ofDays(3650))),
            Map.entry("clean.timeout", new Time(SECOND, DAY)),
            Map.entry("history.file", new HomePath(false)),
            Map.entry("history.keep", new Time(SECOND, Duration.ofDays(36500))),
            Map.entry("history.busy-timeout", new Time(Duration.ofMillis(1), Duration.ofMinutes(1))),
            Map.entry("protocol.max-line", new Size(64L * KIB, 1L << 30)),
            Map.entry("protocol.max-depth", new Whole(8, 1000)),
            Map.entry("protocol.chunk", new Size(KIB, 8L * MIB)),
            Map.entry("protocol.max-cell", new Size(64L * KIB, 1L << 40)));

    private static final String THIRD_PARTY_RECIPES = "recipes.*.*";

    /** What is below these is named by the user; the rest of the path is looked up below the second name. */
    private static final Map<String, SettingKind> OPEN_MAPS = Map.of(
            THIRD_PARTY_RECIPES,
            new SettingKind.Anything(),
            "recipes.bitbake.run.*",
            new SettingKind.Anything(),
            "recipes.command.boards.*.*",
            new TextOrTexts(),
            "recipes.command.files.*",
            new Text(),
            "recipes.command.environment.*",
            new Text(),
            "toolchains.prefixes.*",
            new Text(),
            "toolchains.aliases.*",
            new TextOrTexts(),
            "build.make-flags.*",
            new MakeArguments());

    /** The recipes that come with us: each of their settings is in the defaults. */
    private static final Set<String> OWN_RECIPES = Set.of("u-boot", "kbuild", "command", "bitbake");

    private static final String MACHINES = "machines";
    private static final String MACHINE_DEFAULTS = "machine-defaults";

    private final Map<String, SettingKind> known = new TreeMap<>();

    SettingsSchema(Config reference) {
        for (Map.Entry<String, ConfigValue> entry : reference.getConfig(ROOT).entrySet()) {
            if (openKind(ConfigUtil.splitPath(entry.getKey())).isEmpty()) {
                SettingKind rule = RULES.get(entry.getKey());
                known.put(entry.getKey(), rule != null ? rule : SettingKind.like(entry.getValue()));
            }
        }
    }

    /** Our defaults; other libraries have theirs in files of the same name. */
    static Config reference() {
        return Reference.DEFAULTS;
    }

    /** Parsed once, by whoever needs it first. */
    private static final class Reference {
        static final Config DEFAULTS = ConfigFactory.parseResources(
                        SettingsSchema.class.getClassLoader(), "reference.conf")
                .withOnlyPath(ROOT);
    }

    /** The names of all settings that have a fixed name, without the root. */
    List<String> names() {
        return List.copyOf(known.keySet());
    }

    /** The rules whose setting is not in the defaults: a slip in this class. */
    List<String> rulesWithoutSetting() {
        return RULES.keySet().stream().filter(key -> !known.containsKey(key)).toList();
    }

    /** The kind of the setting at a path below the root; empty if there is none. */
    Optional<SettingKind> kind(List<String> path) {
        if (path.size() > 2 && path.get(0).equals(MACHINES)) {
            return Optional.ofNullable(
                    known.get(MACHINE_DEFAULTS + "." + String.join(".", path.subList(2, path.size()))));
        }
        Optional<SettingKind> open = openKind(path);
        return open.isPresent() ? open : Optional.ofNullable(known.get(String.join(".", path)));
    }

    /** Whether settings may be below a path: it is a section, not a setting. */
    boolean isSection(List<String> path) {
        if (path.get(0).equals(MACHINES)) {
            return path.size() <= 2;
        }
        String prefix = String.join(".", path) + ".";
        return known.keySet().stream().anyMatch(key -> key.startsWith(prefix))
                || OPEN_MAPS.keySet().stream().anyMatch(key -> couldBecome(key, path) && isOpen(key, path));
    }

    /** The names that could have been meant in place of a path, with the root. */
    List<String> candidates(List<String> path) {
        List<String> result = new ArrayList<>();
        known.keySet().forEach(key -> result.add(ROOT + "." + key));
        if (path.size() > 1 && path.get(0).equals(MACHINES)) {
            String machine = ROOT + "." + MACHINES + "." + ConfigUtil.joinPath(path.get(1)) + ".";
            known.keySet().stream()
                    .filter(key -> key.startsWith(MACHINE_DEFAULTS + "."))
                    .forEach(key -> result.add(machine + key.substring(MACHINE_DEFAULTS.length() + 1)));
        }
        known.keySet().stream()
                .map(key -> key.split("\\.", -1))
                .filter(parts -> parts.length > 1)
                .map(parts -> ROOT + "." + parts[0])
                .distinct()
                .forEach(result::add);
        result.addAll(List.of(
                ROOT + "." + MACHINES,
                ROOT + ".recipes",
                ROOT + ".toolchains.prefixes",
                ROOT + ".toolchains.aliases",
                ROOT + ".build.make-flags"));
        return result;
    }

    private static Optional<SettingKind> openKind(List<String> path) {
        return OPEN_MAPS.entrySet().stream()
                .filter(open -> matches(open.getKey(), path))
                .filter(open -> isOpen(open.getKey(), path))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Only other people's recipes have settings that we don't know. */
    private static boolean isOpen(String pattern, List<String> path) {
        return !pattern.equals(THIRD_PARTY_RECIPES) || path.size() <= 2 || !OWN_RECIPES.contains(path.get(1));
    }

    private static boolean matches(String pattern, List<String> path) {
        String[] parts = pattern.split("\\.", -1);
        return parts.length == path.size() && couldBecome(pattern, path);
    }

    private static boolean couldBecome(String pattern, List<String> path) {
        String[] parts = pattern.split("\\.", -1);
        if (path.size() > parts.length) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!parts[i].equals("*") && !parts[i].equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }
}
