package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.bitbake.BitbakeConf;
import dev.buildboss.bitbake.BitbakeLayers;
import dev.buildboss.bitbake.BitbakeRecipe;
import dev.buildboss.exec.Programs;
import dev.buildboss.model.Board;
import dev.buildboss.text.Nearest;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What {@code boss bitbake} was asked for, and the shell that it was called in: one where {@code oe-init-build-env} ran.
 *
 * @param environment the caller's environment
 * @param buildDir BUILDDIR
 * @param machines the MACHINEs, the first in BUILDDIR
 * @param recipes what is built
 * @param arguments bitbake's arguments
 * @param serial whether all are built in BUILDDIR
 */
record BitbakeSetup(
        Map<String, String> environment,
        Path buildDir,
        List<String> machines,
        List<String> recipes,
        List<String> arguments,
        boolean serial) {

    private static final String FIRST = "run '. oe-init-build-env' in this shell first";

    /** What is passed on to bitbake wherever it runs: its own limits, and which variables it takes from its environment. */
    private static final Pattern PASSED_ON =
            Pattern.compile("BB_NUMBER_THREADS|BB_PRESSURE_MAX_\\w+|BB_(ENV|EXTRAWHITE)_?\\w*|PARALLEL_MAKE");

    /** What a recipe may be: anything that bitbake couldn't take for an option. */
    private static final Pattern RECIPE = Pattern.compile("[^\\s\\p{Cntrl}-][^\\s\\p{Cntrl}]{0,254}");

    private static final int MAX_NAME = 100;

    /**
     * Looks at the arguments and the environment.
     *
     * @throws BuildbossException in words, with the way out
     */
    static BitbakeSetup look(
            Surroundings around, List<String> given, List<String> recipes, List<String> options, boolean serial) {
        Map<String, String> environment = around.environment();
        String named = environment.getOrDefault("BUILDDIR", "");
        if (named.isEmpty()) {
            throw new BuildbossException("BUILDDIR is not set: " + FIRST);
        }
        Path buildDir = around.resolve(Path.of(named));
        if (!Files.isDirectory(buildDir.resolve(BitbakeConf.DIRECTORY))) {
            throw new BuildbossException("BUILDDIR " + Printable.line(named) + " has no conf/: " + FIRST);
        }
        List<String> machines = MachineOptions.names(given);
        if (machines.isEmpty() && !environment.getOrDefault("MACHINE", "").isEmpty()) {
            machines = List.of(environment.getOrDefault("MACHINE", ""));
        }
        if (machines.isEmpty()) {
            throw new BuildbossException("no MACHINE to build for: name them with --machines a,b,c");
        }
        Set<String> seen = new HashSet<>();
        for (String machine : machines) {
            if (!Board.TARGET_PATTERN.matcher(machine).matches()) {
                throw new BuildbossException("--machines: not a MACHINE: '" + Printable.line(machine) + "'");
            }
            if (!seen.add(machine)) {
                throw new BuildbossException("--machines: " + machine + " is named twice");
            }
        }
        for (String recipe : recipes) {
            if (!RECIPE.matcher(recipe).matches()) {
                throw new BuildbossException("not a recipe: '" + Printable.line(recipe) + "'");
            }
        }
        List<String> arguments = new java.util.ArrayList<>(options);
        arguments.addAll(recipes);
        return new BitbakeSetup(environment, buildDir, machines, recipes, arguments, serial);
    }

    /**
     * Refuses what no bitbake could build.
     *
     * @throws BuildbossException in words, with the way out
     */
    void check() {
        program();
        Path file = buildDir.resolve(BitbakeConf.DIRECTORY).resolve("bblayers.conf");
        Optional<List<Path>> layers;
        try {
            layers =
                    Files.isRegularFile(file) ? BitbakeLayers.read(Files.readString(file), buildDir) : Optional.empty();
        } catch (IOException e) {
            throw new BuildbossException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
        layers.ifPresent(known -> machines.forEach(machine -> {
            if (!BitbakeLayers.have(known, machine)) {
                throw new BuildbossException("no layer has conf/machine/" + machine + ".conf"
                        + Nearest.hint(machine, BitbakeLayers.machines(known))
                        + "; the layers are those of BBLAYERS in "
                        + file);
            }
        }));
    }

    /** The bitbake of the caller's PATH. */
    Path program() {
        return Programs.find(BitbakeRecipe.PROGRAM, environment.getOrDefault("PATH", ""))
                .orElseThrow(() -> new BuildbossException("there is no bitbake in PATH: " + FIRST));
    }

    String first() {
        return machines.get(0);
    }

    /** A directory name for the recipes of the group. */
    String groupName() {
        String name =
                String.join("_", recipes).replaceAll("[^A-Za-z0-9_.+-]", "-").replaceAll("^\\.", "-");
        return name.length() <= MAX_NAME
                ? name
                : name.substring(0, MAX_NAME) + "-" + Integer.toHexString(recipes.hashCode());
    }

    /** Where Buildboss keeps its own in BUILDDIR. */
    Path ownDirectory() {
        return buildDir.resolve("buildboss");
    }

    /** What of the caller's environment goes wherever bitbake runs. */
    Map<String, String> passedOn() {
        Map<String, String> result = new TreeMap<>(environment);
        result.keySet().removeIf(name -> !PASSED_ON.matcher(name).matches());
        return result;
    }

    /** The environment of a program that looks at what the first MACHINE's build left. */
    Map<String, String> environmentOfFirst() {
        Map<String, String> result = new HashMap<>(environment);
        result.put("BUILDDIR", buildDir.toString());
        result.put("BBPATH", buildDir.toString());
        result.put("MACHINE", first());
        return result;
    }
}
