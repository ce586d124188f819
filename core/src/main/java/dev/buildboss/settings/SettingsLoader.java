package dev.buildboss.settings;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.buildboss.BuildbossException;
import dev.buildboss.text.Nearest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the settings from all their places, the strongest first: the command line's options and {@code --set}, {@code
 * -Dbuildboss.…} on the JVM, {@code --config FILE}, the project's {@code .buildboss.conf} (boards, recipes' options and reports
 * only: a tree is not trusted), the user's {@code config.conf}, the user's settings for U-Boot's {@code buildman}, and {@code
 * reference.conf}.
 *
 * <p>Every wrong key or value is refused with the place where it stands and the nearest right name. Files may include other
 * files, never URLs; the project's file includes nothing and sees no environment variable.
 */
public final class SettingsLoader {

    /** The project's file, at the top of its tree. */
    public static final String PROJECT_FILE = ".buildboss.conf";

    private static final List<String> PROJECT_SECTIONS = List.of("build", "recipe", "recipes");

    private final Map<String, GivenValue> overrides = new LinkedHashMap<>();
    private Map<String, String> systemProperties = Map.of();
    private Optional<Path> configFile = Optional.empty();
    private Optional<Path> projectFile = Optional.empty();
    private Optional<Path> userFile = Optional.empty();
    private Optional<Path> buildmanFile = Optional.empty();

    /** Starts with the defaults alone. */
    public SettingsLoader() {}

    private record GivenValue(String value, String origin) {}

    /** The settings and where each came from. */
    public record Loaded(Settings settings, List<Entry> entries) {
        /** Copies the list. */
        public Loaded {
            requireNonNull(settings, "settings");
            entries = List.copyOf(entries);
        }

        /**
         * Where a setting came from, for messages about its value.
         *
         * @param path its name in parts, without {@code buildboss}
         */
        public String origin(String... path) {
            String key = SettingsSchema.ROOT + "." + ConfigUtil.joinPath(path);
            return entries.stream()
                    .filter(entry -> entry.key().equals(key))
                    .map(Entry::origin)
                    .findFirst()
                    .orElse("default");
        }
    }

    /**
     * One setting.
     *
     * @param key the whole name
     * @param value the value as HOCON
     * @param origin {@code default}, {@code file:line}, or the option
     */
    public record Entry(String key, String value, String origin) {}

    /**
     * One setting of the command line; a later one wins.
     *
     * @param key with or without {@code buildboss.} in front
     * @param value in HOCON, or any text
     * @param origin how the user gave it, such as {@code -T}
     */
    public SettingsLoader set(String key, String value, String origin) {
        String prefix = SettingsSchema.ROOT + ".";
        overrides.put(key.startsWith(prefix) ? key : prefix + key, new GivenValue(value, origin));
        return this;
    }

    /** A {@code key=value} of the command line's {@code --set}. */
    public SettingsLoader set(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new BuildbossException("--set " + assignment + ": must be key=value");
        }
        return set(
                assignment.substring(0, equals).strip(),
                assignment.substring(equals + 1).strip(),
                "--set");
    }

    /** The JVM's properties; those that begin with {@code buildboss.} are settings. */
    public SettingsLoader systemProperties(Map<String, String> properties) {
        systemProperties = new TreeMap<>(properties);
        return this;
    }

    /** The file of {@code --config}; it must be there. */
    public SettingsLoader configFile(Path file) {
        configFile = Optional.of(file);
        return this;
    }

    /** The project's file; it need not be there. */
    public SettingsLoader projectFile(Path file) {
        projectFile = Optional.of(file);
        return this;
    }

    /** The user's own file; it need not be there. */
    public SettingsLoader userFile(Path file) {
        userFile = Optional.of(file);
        return this;
    }

    /** The user's settings for U-Boot's {@code buildman} ({@code ~/.buildman}); the file need not be there. */
    public SettingsLoader buildmanFile(Path file) {
        buildmanFile = Optional.of(file).filter(Files::isRegularFile);
        return this;
    }

    /** The same for a file that the user named, which must be there. */
    public SettingsLoader givenBuildmanFile(Path file) {
        if (!Files.exists(file)) {
            throw new BuildbossException(file + ": no such file");
        }
        buildmanFile = Optional.of(file);
        return this;
    }

    /**
     * Reads, checks and merges.
     *
     * @throws BuildbossException in one line {@code place: key: what is wrong}
     */
    public Loaded load() {
        Config reference = SettingsSchema.reference();
        SettingsSchema schema = new SettingsSchema(reference);
        SettingsCheck check = new SettingsCheck(schema);
        List<Config> layers = new ArrayList<>();
        List<String> keys = new ArrayList<>(overrides.keySet());
        java.util.Collections.reverse(keys);
        for (String key : keys) {
            GivenValue override = requireNonNull(overrides.get(key));
            layers.add(single(schema, key, override.value(), override.origin()));
        }
        systemProperties.forEach((key, value) -> {
            if (key.startsWith(SettingsSchema.ROOT + ".")) {
                layers.add(single(schema, key, value, "-D" + key));
            }
        });
        configFile.ifPresent(file -> {
            if (!Files.isReadable(file)) {
                throw new BuildbossException("--config " + file + ": no such file");
            }
            layers.add(parse(file, new FileIncluder(true)));
        });
        projectFile.filter(Files::isRegularFile).ifPresent(file -> layers.add(project(file)));
        userFile.filter(Files::isRegularFile).ifPresent(file -> layers.add(parse(file, new FileIncluder(true))));
        buildmanFile.ifPresent(file -> layers.add(BuildmanFile.read(file).layer()));
        return merge(layers, reference, check);
    }

    private static Loaded merge(List<Config> layers, Config reference, SettingsCheck check) {
        Config merged = ConfigFactory.empty();
        for (Config layer : layers) {
            merged = merged.withFallback(layer);
        }
        try {
            Config resolved = merged.withFallback(reference).resolve();
            for (Config layer : layers) {
                check.check(layer.resolveWith(resolved));
            }
            Settings settings = Settings.of(resolved);
            return new Loaded(settings, SettingsView.entries(resolved, settings));
        } catch (ConfigException e) {
            throw broken(e);
        } catch (IllegalArgumentException e) {
            throw new BuildbossException(String.valueOf(e.getMessage()), e);
        }
    }

    /** One setting as a layer; a text where a list is wanted is its parts between commas. */
    private static Config single(SettingsSchema schema, String key, String value, String origin) {
        List<String> path = pathOf(key, origin);
        Optional<SettingKind> kind = schema.kind(path.subList(1, path.size()));
        ConfigValue parsed = valueOf(value, origin);
        if (kind.filter(k -> k instanceof SettingKind.Texts).isPresent() && parsed.unwrapped() instanceof String text) {
            List<String> items = text.isBlank()
                    ? List.of()
                    : java.util.Arrays.stream(text.split(",", -1))
                            .map(String::strip)
                            .toList();
            parsed = ConfigValueFactory.fromIterable(items, origin);
        }
        // Not atPath(): the objects on the way would name that, and not where the setting came from.
        return ConfigFactory.parseMap(Map.of(ConfigUtil.joinPath(path), parsed.unwrapped()), origin);
    }

    private static List<String> pathOf(String key, String origin) {
        try {
            return ConfigUtil.splitPath(key);
        } catch (ConfigException e) {
            throw new BuildbossException(origin + ": " + key + ": not a setting's name", e);
        }
    }

    /** The value in HOCON where it is that, else the text as it stands ({@code me@host} is none). */
    private static ConfigValue valueOf(String value, String origin) {
        try {
            Config parsed = ConfigFactory.parseString(
                    "v = " + value,
                    ConfigParseOptions.defaults()
                            .setSyntax(ConfigSyntax.CONF)
                            .setOriginDescription(origin)
                            .setIncluder(new FileIncluder(false)));
            if (parsed.isResolved() && parsed.root().size() == 1 && parsed.hasPath("v")) {
                return ConfigValueFactory.fromAnyRef(parsed.getAnyRef("v"), origin);
            }
        } catch (ConfigException e) {
            return ConfigValueFactory.fromAnyRef(value, origin);
        }
        return ConfigValueFactory.fromAnyRef(value, origin);
    }

    private static Config project(Path file) {
        Config parsed = parse(file, new FileIncluder(false));
        try {
            parsed = parsed.resolve(ConfigResolveOptions.noSystem());
        } catch (ConfigException e) {
            throw broken(e);
        }
        refuseCommands(parsed);
        if (parsed.hasPath(SettingsSchema.ROOT)) {
            parsed.getObject(SettingsSchema.ROOT).forEach((section, value) -> {
                if (!PROJECT_SECTIONS.contains(section)) {
                    throw new BuildbossException(SettingsCheck.place(value.origin()) + ": " + SettingsSchema.ROOT + "."
                            + section + ": a project's file may not set this (only "
                            + "build, recipe and recipes"
                            + ")" + Nearest.hint(section, PROJECT_SECTIONS));
                }
            });
        }
        return parsed;
    }

    /** Boards of the recipe of commands are welcome, what to run is not. */
    private static void refuseCommands(Config parsed) {
        String bitbake = SettingsSchema.ROOT + ".recipes.bitbake";
        if (parsed.hasPath(bitbake)) {
            throw new BuildbossException(
                    SettingsCheck.place(parsed.getValue(bitbake).origin()) + ": " + bitbake
                            + ": a project's file may not set commands");
        }
        String section = SettingsSchema.ROOT + ".recipes.command";
        if (parsed.hasPath(section) && parsed.getValue(section) instanceof ConfigObject command) {
            command.forEach((key, value) -> {
                if (!key.equals("boards")) {
                    throw new BuildbossException(SettingsCheck.place(value.origin()) + ": " + section + "." + key
                            + ": a project's file may not set commands, only their boards");
                }
            });
        }
    }

    private static Config parse(Path file, FileIncluder includer) {
        try {
            return ConfigFactory.parseFile(
                    file.toFile(),
                    ConfigParseOptions.defaults()
                            .setSyntax(ConfigSyntax.CONF)
                            .setAllowMissing(false)
                            .setIncluder(includer));
        } catch (ConfigException e) {
            throw broken(e);
        }
    }

    /** The library's complaint with its place in our form. */
    private static BuildbossException broken(ConfigException e) {
        String message =
                String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
        if (e.origin() == null) {
            return new BuildbossException(message, e);
        }
        String said = e.origin().description() + ": ";
        String rest = message.startsWith(said) ? message.substring(said.length()) : message;
        return new BuildbossException(SettingsCheck.place(e.origin()) + ": " + rest, e);
    }
}
