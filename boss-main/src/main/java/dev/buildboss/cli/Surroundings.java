package dev.buildboss.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the program finds around itself: streams, directory, environment. Tests bring their own.
 *
 * @param out standard output
 * @param err standard error
 * @param directory the current directory
 * @param environment environment variables
 * @param properties the JVM's properties
 * @param screen the terminal on standard output
 */
record Surroundings(
        PrintStream out,
        PrintStream err,
        Path directory,
        Map<String, String> environment,
        Map<String, String> properties,
        Screen screen) {

    Surroundings {
        requireNonNull(out, "out");
        requireNonNull(err, "err");
        requireNonNull(directory, "directory");
        environment = Map.copyOf(environment);
        properties = Map.copyOf(properties);
        requireNonNull(screen, "screen");
    }

    /** The user's home directory. */
    Path home() {
        return Path.of(environment.getOrDefault("HOME", properties.getOrDefault("user.home", "/")));
    }

    /** The user's own settings file. */
    Path userConfig() {
        String base = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path directory = base.isEmpty() ? home().resolve(".config") : Path.of(base);
        return directory.resolve("buildboss").resolve("config.conf");
    }

    /** The user's settings for U-Boot's {@code buildman}. */
    Path buildmanFile() {
        return home().resolve(".buildman");
    }

    /** Where what can be made again is kept. */
    Path userCache() {
        String base = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path directory = base.isEmpty() ? home().resolve(".cache") : Path.of(base);
        return directory.resolve("buildboss");
    }

    /** A path that the user gave, from the current directory. */
    Path resolve(Path given) {
        return directory.resolve(given).normalize();
    }
}
