package dev.buildboss.settings;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.ConfigUtil;
import dev.buildboss.BuildbossException;
import dev.buildboss.text.Nearest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Refuses a prefix of the settings that leads to no compiler on this computer: the user named it, so nothing else will do. */
public final class PrefixCheck {

    private static final String GCC = "gcc";

    private PrefixCheck() {}

    /**
     * Looks for each prefix's compiler; asks none of them anything.
     *
     * @param home what {@code ~} stands for
     * @throws BuildbossException in one line with the place of the first that is not there, and the nearest one that is
     */
    public static void check(SettingsLoader.Loaded loaded, Path home) {
        Map<String, String> prefixes =
                new TreeMap<>(loaded.settings().toolchains().prefixes());
        prefixes.forEach((arch, prefix) -> wrong(prefix, home).ifPresent(what -> {
            throw new BuildbossException(loaded.origin("toolchains", "prefixes", arch) + ": " + SettingsSchema.ROOT
                    + ".toolchains.prefixes." + ConfigUtil.joinPath(arch) + ": " + what);
        }));
    }

    private static Optional<String> wrong(String prefix, Path home) {
        Path gcc;
        try {
            gcc = (prefix.startsWith("~/") ? home.resolve(prefix.substring(2) + GCC) : Path.of(prefix + GCC))
                    .normalize();
        } catch (InvalidPathException e) {
            return Optional.of("not a path: " + prefix);
        }
        if (!gcc.isAbsolute()) {
            return Optional.of("must begin with / or ~/, not " + prefix);
        }
        if (Files.isExecutable(gcc) && !Files.isDirectory(gcc)) {
            return Optional.empty();
        }
        List<String> there = compilers(requireNonNull(gcc.getParent(), "an absolute path has a parent"));
        List<String> prefixes = there.stream()
                .map(path -> path.substring(0, path.length() - GCC.length()))
                .toList();
        return Optional.of((Files.exists(gcc) ? "cannot be run: " : "no such compiler: ")
                + gcc
                + Nearest.hint(gcc.toString().substring(0, gcc.toString().length() - GCC.length()), prefixes));
    }

    private static List<String> compilers(Path directory) {
        List<String> result = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + GCC)) {
            entries.forEach(path -> result.add(path.toString()));
        } catch (IOException e) {
            return List.of(); // no directory, no hint
        }
        return result;
    }
}
