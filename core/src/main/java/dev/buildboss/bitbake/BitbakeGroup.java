package dev.buildboss.bitbake;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.ConfigUtil;
import dev.buildboss.recipe.RecipeSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One or more of Yocto's recipes, built by one bitbake call for each MACHINE: what {@code boss bitbake} tells the recipe
 * {@link BitbakeRecipe} by the settings below {@code recipes.bitbake.run}.
 *
 * @param buildDir the user's BUILDDIR, absolute
 * @param first the MACHINE that is built in it, and nowhere else
 * @param serial whether all MACHINEs are built in it, one after the other
 * @param arguments bitbake's arguments: options, then recipes
 * @param sourceTop the top of the tree that machines get; paths below it are other ones there
 * @param conf the files of {@code conf/}, for machines: path below {@code conf/} and text
 * @param environment what the user set for bitbake, such as BB_NUMBER_THREADS
 */
public record BitbakeGroup(
        Path buildDir,
        String first,
        boolean serial,
        List<String> arguments,
        Path sourceTop,
        Map<String, String> conf,
        Map<String, String> environment) {

    private static final String RUN = "run.";
    private static final String INIT = "init";

    /** Copies the collections. */
    public BitbakeGroup {
        if (!buildDir.isAbsolute()) {
            throw new IllegalArgumentException("run.builddir: not an absolute path: " + buildDir);
        }
        requireNonNull(first, "first");
        arguments = List.copyOf(arguments);
        requireNonNull(sourceTop, "sourceTop");
        conf = Map.copyOf(conf);
        environment = Map.copyOf(environment);
    }

    /**
     * Reads a recipe's settings.
     *
     * @throws IllegalArgumentException if they are not those of {@code boss bitbake}
     */
    static BitbakeGroup of(Map<String, String> settings) {
        RecipeSettings own = new RecipeSettings(settings);
        String buildDir = own.text(RUN + "builddir")
                .orElseThrow(() -> new IllegalArgumentException("run: is for boss bitbake to fill in; build with it:"
                        + " boss bitbake --machines MACHINE,… RECIPE…"));
        return new BitbakeGroup(
                Path.of(buildDir),
                own.text(RUN + "first").orElse(""),
                own.text(RUN + "serial").filter("true"::equals).isPresent(),
                own.words(RUN + "arguments"),
                Path.of(own.text(RUN + "top").orElse(buildDir)),
                pairs(own, RUN + "conf"),
                pairs(own, RUN + "environment"));
    }

    private static Map<String, String> pairs(RecipeSettings own, String name) {
        Map<String, String> result = new HashMap<>();
        own.lists(name).forEach(pair -> result.put(pair.get(0), pair.get(1)));
        return result;
    }

    /** The settings that say all this, by full name, in HOCON. */
    public Map<String, String> settings() {
        Map<String, String> result = new TreeMap<>();
        String prefix = "recipes." + BitbakeRecipe.NAME + "." + RUN;
        result.put(prefix + "builddir", ConfigUtil.quoteString(buildDir.toString()));
        result.put(prefix + "first", ConfigUtil.quoteString(first));
        result.put(prefix + "serial", String.valueOf(serial));
        result.put(prefix + "arguments", list(arguments));
        result.put(prefix + "top", ConfigUtil.quoteString(sourceTop.toString()));
        result.put(prefix + "conf", pairs(conf));
        result.put(prefix + "environment", pairs(environment));
        return result;
    }

    private static String list(List<String> texts) {
        return "["
                + String.join(", ", texts.stream().map(ConfigUtil::quoteString).toList()) + "]";
    }

    private static String pairs(Map<String, String> map) {
        List<String> pairs = new TreeMap<>(map)
                .entrySet().stream()
                        .map(entry -> list(List.of(entry.getKey(), entry.getValue())))
                        .toList();
        return "[" + String.join(", ", pairs) + "]";
    }

    /** Whether a MACHINE is built in the user's own BUILDDIR. */
    public boolean isOriginal(String machine) {
        return serial || machine.equals(first);
    }

    /** Where a MACHINE is built on the user's computer: the first in BUILDDIR itself, every other one beside it. */
    public Path here(String machine) {
        return isOriginal(machine) ? buildDir : Path.of(buildDir + "-" + machine);
    }

    /**
     * Where a MACHINE is built on another computer: below a directory of the worker's, never at the path of the user's own.
     *
     * @throws IllegalStateException for the MACHINE whose place is BUILDDIR: it must not have come here
     */
    Path there(Path root, String machine) {
        if (isOriginal(machine)) {
            throw new IllegalStateException(
                    machine + " is built in " + buildDir + " on the boss's computer and nowhere else");
        }
        return Path.of(root + buildDir.toString() + "-" + machine);
    }

    static String initSetting() {
        return INIT;
    }
}
