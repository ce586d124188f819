package dev.buildboss.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What changes how a board is built beyond the base protocol's settings: on the wire the feature {@code build-changes}.
 *
 * @param adjust changes of the configuration, each as {@link KconfigChange#parse} takes it ({@code -a})
 * @param fragments configuration fragments for every board, such as {@code acpi.config} ({@code --fragments})
 * @param goal what make is to build; empty: its default ({@code --target})
 * @param dtcSkip use the machine's own device-tree compiler in place of building the tree's ({@code --dtc-skip})
 * @param perBoardOutput an output directory for each board, not for each thread ({@code -P})
 * @param quick do not build a second time what failed, nor configure afresh after it ({@code -Q})
 * @param inTree build in the source tree, without an output directory ({@code -i})
 * @param fullPath {@code CROSS_COMPILE} with its directory ({@code --full-path})
 * @param hostCompiler the compiler for sandbox boards and tools in place of gcc, such as {@code clang-14} ({@code -O}); empty: gcc
 * @param place where to build on this computer, in place of a worktree and its output directory ({@code -w}); empty: there
 */
public record BuildChanges(
        List<String> adjust,
        List<String> fragments,
        String goal,
        boolean dtcSkip,
        boolean perBoardOutput,
        boolean quick,
        boolean inTree,
        boolean fullPath,
        String hostCompiler,
        Optional<BuildPlace> place) {

    /** No change. */
    public static final BuildChanges NONE =
            new BuildChanges(List.of(), List.of(), "", false, false, false, false, false, "", Optional.empty());

    /** What a fragment or a make goal may be called: it becomes an argument of make. */
    private static final Pattern GOAL = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.,+/@%-]{0,199}");

    private static final Pattern PROGRAM = Pattern.compile("[A-Za-z0-9_/~][A-Za-z0-9_.+/-]{0,499}");

    /** Copies the lists and checks what reaches command lines. */
    public BuildChanges {
        adjust = List.copyOf(adjust);
        adjust.forEach(KconfigChange::parse);
        fragments = List.copyOf(fragments);
        for (String fragment : fragments) {
            if (!GOAL.matcher(fragment).matches() || fragment.contains("..")) {
                throw new IllegalArgumentException("not a configuration fragment: '" + fragment + "'");
            }
        }
        if (!goal.isEmpty() && !GOAL.matcher(goal).matches()) {
            throw new IllegalArgumentException("not something to make: '" + goal + "'");
        }
        if (!hostCompiler.isEmpty() && !PROGRAM.matcher(hostCompiler).matches()) {
            throw new IllegalArgumentException("not a compiler: '" + hostCompiler + "'");
        }
        requireNonNull(place, "place");
    }

    /**
     * A directory of the user's to build in.
     *
     * @param source the source tree; empty: a worktree, as always
     * @param output the output directory; the same as the source for a build in the tree
     */
    public record BuildPlace(Optional<String> source, String output) {
        /** Checks the parts. */
        public BuildPlace {
            requireNonNull(source, "source");
            if (output.isEmpty()) {
                throw new IllegalArgumentException("no directory to build in");
            }
        }
    }

    /** Whether nothing is changed. */
    public boolean isNone() {
        return equals(NONE);
    }

    /** The options that give other results, by their names: a worker that can't be told of them must not build. */
    public List<String> decisive() {
        List<String> names = new ArrayList<>();
        add(names, !adjust.isEmpty(), "-a");
        add(names, !fragments.isEmpty(), "--fragments");
        add(names, !goal.isEmpty(), "--target");
        add(names, dtcSkip, "--dtc-skip");
        add(names, inTree, "-i");
        add(names, !hostCompiler.isEmpty(), "-O");
        return names;
    }

    /** The options that change the way only, not the verdict. */
    public List<String> harmless() {
        List<String> names = new ArrayList<>();
        add(names, perBoardOutput, "-P");
        add(names, quick, "-Q");
        add(names, fullPath, "--full-path");
        return names;
    }

    private static void add(List<String> names, boolean given, String name) {
        if (given) {
            names.add(name);
        }
    }

    /** The same in another place. */
    public BuildChanges withPlace(Optional<BuildPlace> newPlace) {
        return new BuildChanges(
                adjust, fragments, goal, dtcSkip, perBoardOutput, quick, inTree, fullPath, hostCompiler, newPlace);
    }
}
