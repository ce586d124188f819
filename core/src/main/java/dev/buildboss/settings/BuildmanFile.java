package dev.buildboss.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.buildboss.BuildbossException;
import dev.buildboss.text.Nearest;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The settings file of U-Boot's {@code buildman} as a layer of ours: each value keeps the line that it came from, and the
 * comments before it.
 *
 * <p>Source of the sections and their meaning: the settings file section of U-Boot's build tool. The names below {@code
 * [toolchain]} and {@code [toolchain-wrapper]} mean nothing; of several wrappers the last one counts.
 */
final class BuildmanFile {

    private static final int MAX_BYTES = 1024 * 1024;

    private static final String MACHINES = "machines";
    private static final String MACHINE = "machine:";
    private static final String ALLOW_MISSING = "allow-missing";
    private static final String MAX_BOARDS = "max_boards";

    private static final List<String> SECTIONS = List.of(
            "toolchain",
            "toolchain-prefix",
            "toolchain-alias",
            "toolchain-wrapper",
            "make-flags",
            "global",
            MACHINES,
            MACHINE + "NAME");

    private final Path file;
    private final List<ConfigValue> paths = new ArrayList<>();
    private final Map<String, ConfigValue> prefixes = new LinkedHashMap<>();
    private final Map<String, ConfigValue> aliases = new LinkedHashMap<>();
    private final Map<String, ConfigValue> toolchains = new LinkedHashMap<>();
    private final Map<String, ConfigValue> build = new LinkedHashMap<>();
    private final Map<String, ConfigValue> makeFlags = new LinkedHashMap<>();
    private final Map<String, Map<String, ConfigValue>> machines = new LinkedHashMap<>();
    private final Map<String, IniFile.Entry> machineLines = new LinkedHashMap<>();
    private List<String> head = List.of();
    private final List<String> loose = new ArrayList<>();

    private BuildmanFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @throws BuildbossException in one line {@code file:line: what is wrong}, with the nearest right name
     */
    static BuildmanFile read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new BuildbossException(file + ": larger than " + MAX_BYTES / 1024 + " KiB");
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            return of(file, text.startsWith("\ufeff") ? text.substring(1) : text);
        } catch (IOException e) {
            throw new BuildbossException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** The same for a text that is already here. */
    static BuildmanFile of(Path file, String text) {
        BuildmanFile result = new BuildmanFile(file);
        IniFile ini = IniFile.parse(file, text);
        ini.sections().stream().skip(1).forEach(section -> result.loose.addAll(section.comments()));
        result.loose.addAll(ini.comments());
        // Machines may have their sections before they are named.
        ini.sections().stream()
                .filter(section -> section.name().equals(MACHINES))
                .forEach(result::section);
        ini.sections().stream()
                .filter(section -> !section.name().equals(MACHINES))
                .forEach(result::section);
        result.head =
                ini.sections().isEmpty() ? List.of() : ini.sections().get(0).comments();
        return result;
    }

    /** Comments at the top. */
    List<String> headComments() {
        return head;
    }

    /** Comments elsewhere that belong to no value. */
    List<String> looseComments() {
        return List.copyOf(loose);
    }

    /** Its settings, below {@code buildboss}. */
    Config layer() {
        Map<String, ConfigValue> root = new LinkedHashMap<>();
        if (!paths.isEmpty()) {
            ConfigOrigin first = paths.get(0).origin();
            toolchains.put("paths", ConfigValueFactory.fromIterable(paths).withOrigin(first.withComments(List.of())));
        }
        putIfAny(toolchains, "prefixes", prefixes);
        putIfAny(toolchains, "aliases", aliases);
        putIfAny(build, "make-flags", makeFlags);
        putIfAny(root, "toolchains", toolchains);
        putIfAny(root, "build", build);
        Map<String, ConfigValue> named = new LinkedHashMap<>();
        machines.forEach((name, values) -> named.put(name, object(values)));
        putIfAny(root, MACHINES, named);
        Map<String, ConfigValue> top = new LinkedHashMap<>();
        putIfAny(top, SettingsSchema.ROOT, root);
        return object(top).toConfig();
    }

    private void putIfAny(Map<String, ConfigValue> to, String key, Map<String, ConfigValue> values) {
        if (!values.isEmpty()) {
            to.put(key, object(values));
        }
    }

    /** An object has the place of its first value. */
    private ConfigObject object(Map<String, ConfigValue> values) {
        ConfigOrigin origin = values.values().stream()
                .findFirst()
                .map(ConfigValue::origin)
                .orElse(ConfigOriginFactory.newFile(file.toString()));
        return ConfigValueFactory.fromMap(values).withOrigin(origin.withComments(List.of()));
    }

    private void section(IniFile.Section section) {
        String name = section.name();
        for (IniFile.Entry entry : section.entries()) {
            switch (name) {
                case "toolchain" -> paths.add(value(entry, one(section, entry, "a path"), entry.name()));
                case "toolchain-prefix" ->
                    prefixes.put(entry.name(), value(entry, one(section, entry, "the compiler's path without gcc")));
                case "toolchain-alias" -> aliases.put(entry.name(), words(section, entry));
                case "toolchain-wrapper" ->
                    toolchains.put(
                            "wrapper",
                            checked(section, entry, one(section, entry, "a program"), new SettingKind.Wrapper()));
                case "make-flags" -> makeFlags.put(entry.name(), flags(section, entry));
                case "global" -> global(section, entry);
                case MACHINES -> machine(section, entry);
                default -> machineSetting(section, entry);
            }
        }
        if (section.entries().isEmpty() && !SECTIONS.contains(name)) {
            ownerOf(section);
        }
    }

    private ConfigValue words(IniFile.Section section, IniFile.Entry entry) {
        String[] words =
                lines(section, entry, "other names for the architecture").split("\\s+", -1);
        List<ConfigValue> items = new ArrayList<>();
        for (String word : words) {
            items.add(
                    ConfigValueFactory.fromAnyRef(word).withOrigin(origin(entry).withComments(List.of())));
        }
        return ConfigValueFactory.fromIterable(items).withOrigin(origin(entry));
    }

    private ConfigValue flags(IniFile.Section section, IniFile.Entry entry) {
        String text = entry.value().orElse("").replaceAll("\\s*\n\\s*", " ");
        return checked(section, entry, text, new SettingKind.MakeArguments());
    }

    private void global(IniFile.Section section, IniFile.Entry entry) {
        known(section, entry, ALLOW_MISSING);
        String text = lines(section, entry, "always, multiple or branch").replaceAll("\\s+", " ");
        build.put(ALLOW_MISSING, checked(section, entry, text, new SettingKind.AllowMissing()));
    }

    /** {@code name = user@host}, or a bare host, which is its own name. */
    private void machine(IniFile.Section section, IniFile.Entry entry) {
        String host = entry.value().isPresent() ? one(section, entry, "a host") : entry.name();
        String name = entry.value().isPresent()
                ? entry.name()
                : entry.name().substring(entry.name().indexOf('@') + 1);
        IniFile.Entry before = machineLines.putIfAbsent(name, entry);
        if (before != null) {
            throw wrong(section, entry, "is there already, in line " + before.line());
        }
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        values.put("host", value(entry, host));
        machines.put(name, values);
    }

    private void machineSetting(IniFile.Section section, IniFile.Entry entry) {
        Map<String, ConfigValue> machine = ownerOf(section);
        known(section, entry, MAX_BOARDS);
        SettingKind kind = new SettingKind.Whole(0, 4096);
        ConfigValue text = checked(section, entry, one(section, entry, "a number"), kind);
        machine.put(
                "max-boards",
                ConfigValueFactory.fromAnyRef((int) Double.parseDouble(String.valueOf(text.unwrapped())))
                        .withOrigin(text.origin()));
    }

    /** The machine that a section {@code [machine:NAME]} is about. */
    private Map<String, ConfigValue> ownerOf(IniFile.Section section) {
        String name = section.name();
        if (!name.startsWith(MACHINE)) {
            List<String> candidates = new ArrayList<>(SECTIONS);
            machines.keySet().forEach(machine -> candidates.add(MACHINE + machine));
            throw new BuildbossException(
                    file + ":" + section.line() + ": [" + name + "]: no such section" + Nearest.hint(name, candidates));
        }
        String wanted = name.substring(MACHINE.length()).strip();
        return Optional.ofNullable(machines.get(wanted))
                .or(() -> Optional.ofNullable(machines.get(wanted.substring(wanted.indexOf('@') + 1))))
                .orElseThrow(() -> new BuildbossException(file + ":" + section.line() + ": [" + name
                        + "]: no such machine in [machines]" + Nearest.hint(wanted, machines.keySet())));
    }

    private void known(IniFile.Section section, IniFile.Entry entry, String only) {
        if (!entry.name().toLowerCase(Locale.ROOT).equals(only)) {
            String hint = Nearest.hint(entry.name(), List.of(only));
            throw wrong(section, entry, "no such setting" + (hint.isEmpty() ? " (only " + only + ")" : hint));
        }
    }

    private ConfigValue checked(IniFile.Section section, IniFile.Entry entry, String text, SettingKind kind) {
        ConfigValue value = value(entry, text);
        kind.check(value).ifPresent(what -> {
            throw wrong(section, entry, what);
        });
        return value;
    }

    private ConfigValue value(IniFile.Entry entry, String text, String... comments) {
        List<String> all = new ArrayList<>(origin(entry).comments());
        all.addAll(List.of(comments));
        return ConfigValueFactory.fromAnyRef(text).withOrigin(origin(entry).withComments(all));
    }

    private ConfigOrigin origin(IniFile.Entry entry) {
        return ConfigOriginFactory.newFile(file.toString())
                .withLineNumber(entry.line())
                .withComments(entry.comments().stream().map(Printable::line).toList());
    }

    private String one(IniFile.Section section, IniFile.Entry entry, String what) {
        String text = lines(section, entry, what);
        if (text.contains("\n")) {
            throw wrong(section, entry, "must be " + what + " in one line");
        }
        return text;
    }

    private String lines(IniFile.Section section, IniFile.Entry entry, String what) {
        return entry.value()
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> wrong(section, entry, "has no value: must be " + what));
    }

    private BuildbossException wrong(IniFile.Section section, IniFile.Entry entry, String what) {
        return new BuildbossException(
                file + ":" + entry.line() + ": [" + section.name() + "] " + entry.name() + ": " + what);
    }
}
