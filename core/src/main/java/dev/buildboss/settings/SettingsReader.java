package dev.buildboss.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.buildboss.BuildbossException;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.model.Compiler;
import dev.buildboss.model.Doubts;
import dev.buildboss.model.Machine;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Turns a checked configuration into {@link Settings}. */
final class SettingsReader {

    private static final long MIB = 1024L * 1024L;

    /** Where compilers are below the directory of fetched ones. */
    private static final String FETCHED = "/*/*";

    private SettingsReader() {}

    static Settings read(Config given) {
        Config all = given.withFallback(SettingsSchema.reference()).resolve();
        Config c = all.getConfig("buildboss");
        String recipe = c.getString("recipe");
        return new Settings(
                recipe,
                recipeSettings(c, recipe),
                c.getStringList("recipe-jars"),
                new Settings.Local(c.getBoolean("local.enabled"), c.getInt("local.slots"), c.getInt("local.jobs")),
                machines(c),
                c.getStringList("use-machines"),
                probe(c.getConfig("probe")),
                ssh(c.getConfig("ssh")),
                worker(c.getConfig("worker")),
                boss(c.getConfig("boss")),
                new Settings.Schedule(
                        c.getString("schedule.placement").equals("predicted"),
                        c.getBoolean("schedule.split"),
                        c.getBoolean("schedule.hedge")),
                new Settings.Protocol(
                        Math.toIntExact(c.getBytes("protocol.max-line")),
                        c.getInt("protocol.max-depth"),
                        Math.toIntExact(c.getBytes("protocol.chunk")),
                        c.getBytes("protocol.max-cell")),
                new Settings.Boards(c.getBoolean("boards.generator"), c.getDuration("boards.generator-timeout")),
                toolchains(c.getConfig("toolchains"), c.getString("fetch.directory")),
                fetch(c.getConfig("fetch")),
                runtimes(c.getConfig("runtimes")),
                new Settings.Clean(c.getDuration("clean.older-than"), c.getDuration("clean.timeout")),
                new Settings.History(
                        c.getBoolean("history.enabled"),
                        c.getString("history.file"),
                        c.getDuration("history.keep"),
                        c.getDuration("history.busy-timeout")),
                new Settings.Verify(c.getBoolean("verify.machines"), nonEmpty(c.getString("verify.board"))),
                build(c.getConfig("build")).withChanges(changes(c)),
                allowMissing(c.getValue("build.allow-missing")),
                MakeFlags.expand(c.getObject("build.make-flags")));
    }

    private static Map<String, String> recipeSettings(Config c, String recipe) {
        ConfigObject recipes = c.getObject("recipes");
        Map<String, String> result = new HashMap<>();
        if (recipes.get(recipe) instanceof ConfigObject own) {
            flatten("", own, result);
        }
        return result;
    }

    /** A section without settings is one all the same: a board of which only the name is known. */
    private static void flatten(String prefix, ConfigObject section, Map<String, String> result) {
        section.forEach((key, value) -> {
            String path = prefix + ConfigUtil.joinPath(key);
            if (value instanceof ConfigObject below && !below.isEmpty()) {
                flatten(path + ".", below, result);
            } else {
                result.put(path, value instanceof ConfigObject ? "" : text(value));
            }
        });
    }

    /** Lists travel as JSON. */
    private static String text(ConfigValue value) {
        return value.valueType() == ConfigValueType.LIST
                ? value.render(ConfigRenderOptions.concise())
                : String.valueOf(value.unwrapped());
    }

    private static Map<String, Machine> machines(Config c) {
        Config defaults = c.getConfig("machine-defaults");
        Map<String, Machine> result = new TreeMap<>();
        for (Map.Entry<String, ConfigValue> entry : c.getObject("machines").entrySet()) {
            if (entry.getValue() instanceof ConfigObject own) {
                String name = entry.getKey();
                Config m = own.toConfig().withFallback(defaults);
                result.put(name, machine(name, m, entry.getValue()));
            }
        }
        return Collections.unmodifiableMap(result);
    }

    private static Machine machine(String name, Config m, ConfigValue where) {
        String host = m.getString("host");
        try {
            if (name.equals(Machine.LOCAL_NAME)) {
                throw new IllegalArgumentException("machine " + name + ": that name is this computer's own");
            }
            return new Machine(
                    name,
                    host.isEmpty() ? name : host,
                    m.getInt("max-boards"),
                    m.getString("work-dir"),
                    nonEmpty(m.getString("java")),
                    m.getStringList("worker-command"),
                    m.getInt("threads"),
                    m.getStringList("tags"),
                    m.getBytes("disk-budget"));
        } catch (IllegalArgumentException e) {
            throw new BuildbossException(SettingsCheck.place(where.origin()) + ": " + e.getMessage(), e);
        }
    }

    private static Settings.Probe probe(Config c) {
        return new Settings.Probe(
                c.getDuration("connect-timeout"),
                c.getDuration("timeout"),
                c.getDouble("max-load"),
                c.getBytes("min-disk") / MIB,
                c.getBytes("min-memory") / MIB,
                c.getString("min-git"),
                c.getString("min-make"),
                c.getDuration("max-clock-skew"),
                c.getDuration("watch-interval"),
                c.getDuration("doctor-timeout"));
    }

    private static Settings.Ssh ssh(Config c) {
        return new Settings.Ssh(
                c.getString("transport"),
                nonEmpty(c.getString("config-file")),
                c.getString("program"),
                c.getDuration("connect-timeout"),
                c.getDuration("keepalive-interval"),
                c.getInt("keepalive-count"),
                c.getString("strict-host-key-checking").equals("yes"),
                c.getInt("max-connecting"),
                c.getInt("connect-attempts"),
                c.getDuration("push-timeout"),
                c.getString("push-with"),
                c.getDuration("install-timeout"),
                c.getDuration("lock-grace"),
                c.getDuration("lock-age"));
    }

    private static Settings.Worker worker(Config c) {
        return new Settings.Worker(
                c.getInt("threads"),
                c.getString("jobs").equals("shared"),
                Optional.of(c.getString("host-pool")).filter(pool -> !pool.isEmpty()),
                c.getDuration("heartbeat-interval"),
                c.getDuration("git-timeout"),
                c.getDuration("worktree-timeout"),
                c.getBytes("max-output"),
                c.getBoolean("keep-logs"),
                c.getDuration("make-timeout"),
                c.getDuration("kill-grace"),
                c.getBytes("build-space"),
                c.getBytes("board-memory"),
                c.getBytes("max-artefact"),
                c.getDuration("lock-interval"),
                c.getDuration("recipe-timeout"));
    }

    private static Settings.Boss boss(Config c) {
        return new Settings.Boss(
                c.getDuration("ready-timeout"),
                c.getDuration("setup-timeout"),
                c.getDuration("board-limit"),
                c.getDuration("quit-timeout"),
                c.getInt("missed-heartbeats"),
                c.getInt("max-attempts"),
                c.getInt("poison-after"),
                c.getInt("max-failures"),
                c.getInt("max-reconnects"),
                c.getDuration("reconnect-delay"),
                c.getDuration("max-delay"),
                c.getInt("event-buffer"),
                c.getBytes("max-log"),
                new Settings.Busy(
                        c.getString("when-busy").equals("wait"),
                        c.getDuration("busy-patience"),
                        c.getDuration("busy-interval")),
                Doubts.of(c.getString("confirm-failures")));
    }

    private static Settings.Toolchains toolchains(Config c, String fetched) {
        Map<String, String> prefixes = new HashMap<>();
        c.getObject("prefixes").forEach((k, v) -> prefixes.put(k, String.valueOf(v.unwrapped())));
        Stream<String> paths = Stream.concat(c.getStringList("paths").stream(), Stream.of(fetched + FETCHED));
        return new Settings.Toolchains(
                paths.distinct().toList(),
                prefixes,
                stringLists(c.getObject("aliases")),
                nonEmpty(c.getString("wrapper").strip()),
                Compiler.Likeness.valueOf(
                        c.getString("require").toUpperCase(Locale.ROOT).replace('-', '_')));
    }

    private static Settings.Fetch fetch(Config c) {
        return new Settings.Fetch(
                c.getString("directory"),
                c.getString("url"),
                nonEmpty(c.getString("version")),
                c.getBoolean("verify"),
                c.getDuration("stall-timeout"),
                c.getInt("attempts"),
                c.getDuration("send-timeout"),
                c.getBytes("max-archive"),
                c.getBytes("max-unpacked"),
                c.getInt("max-members"));
    }

    private static Settings.Runtimes runtimes(Config c) {
        return new Settings.Runtimes(
                c.getBoolean("ship"),
                c.getString("directory"),
                c.getStringList("modules"),
                c.getDuration("make-timeout"),
                c.getStringList("places"));
    }

    private static Settings.AllowMissing allowMissing(ConfigValue value) {
        Set<String> words = SettingKind.AllowMissing.words(value);
        return new Settings.AllowMissing(
                words.contains("always"), words.contains("multiple"), words.contains("branch"));
    }

    private static BuildOptions build(Config c) {
        return new BuildOptions(
                c.getBoolean("verbose"),
                allowMissing(c.getValue("allow-missing")).always(),
                c.getBoolean("no-lto"),
                c.getBoolean("reproducible"),
                c.getBoolean("warnings-as-errors"),
                c.getBoolean("mrproper"),
                c.getBoolean("fallback-mrproper"),
                false,
                false,
                c.getBoolean("force-reconfig"),
                c.getBoolean("kconfig-check"),
                false,
                c.getBoolean("keep-outputs"));
    }

    private static BuildChanges changes(Config c) {
        try {
            return new BuildChanges(
                    c.getStringList("build.adjust-cfg"),
                    c.getStringList("build.fragments"),
                    c.getString("build.target"),
                    c.getBoolean("build.dtc-skip"),
                    c.getBoolean("build.per-board-out-dir"),
                    c.getBoolean("build.quick"),
                    c.getBoolean("build.in-tree"),
                    c.getBoolean("toolchains.full-path"),
                    c.getString("toolchains.host-compiler"),
                    Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new BuildbossException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Map<String, List<String>> stringLists(ConfigObject object) {
        Map<String, List<String>> result = new HashMap<>();
        object.forEach((key, value) -> result.put(key, SettingKind.texts(value)));
        return result;
    }

    private static Optional<String> nonEmpty(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
