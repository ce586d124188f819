package dev.buildboss.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One build target of a source tree, as a line of U-Boot's {@code boards.cfg} describes it.
 *
 * <p>Columns that a list leaves open are empty strings. Only {@code target} is always there.
 *
 * @param target the name that the build is asked for ({@code <target>_defconfig})
 * @param arch the architecture whose toolchain builds it; {@code sandbox} builds with the host's own
 * @param cpu the CPU column
 * @param soc the system-on-chip column
 * @param vendor the vendor column
 * @param boardName the board column
 * @param config the options column (the name of the board's configuration header)
 * @param maintainers the maintainers column, as it stands
 * @param active whether the status column says Active; other boards are never built
 * @param base what a board is made of that has no configuration of its own; empty for all others
 */
public record Board(
        String target,
        String arch,
        String cpu,
        String soc,
        String vendor,
        String boardName,
        String config,
        String maintainers,
        boolean active,
        Optional<Base> base) {

    /** What a target name may be: it becomes a file name, a directory name and a make argument. */
    public static final Pattern TARGET_PATTERN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+,@-]{0,199}");

    /** What an architecture may be called. */
    public static final Pattern ARCH_PATTERN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}|");

    /** Stands for an architecture where a board is built on the boss's computer and nowhere else, by whatever is there. */
    public static final String HERE = "here";

    /** Checks the names that reach file systems and command lines. */
    public Board {
        if (!TARGET_PATTERN.matcher(target).matches()) {
            throw new IllegalArgumentException("not a board name: '" + target + "'");
        }
        if (!ARCH_PATTERN.matcher(arch).matches()) {
            throw new IllegalArgumentException("board " + target + ": not an architecture: '" + arch + "'");
        }
        requireNonNull(cpu, "cpu");
        requireNonNull(soc, "soc");
        requireNonNull(vendor, "vendor");
        requireNonNull(boardName, "boardName");
        requireNonNull(config, "config");
        requireNonNull(maintainers, "maintainers");
        requireNonNull(base, "base");
    }

    /** A board with a configuration of its own. */
    public Board(
            String target,
            String arch,
            String cpu,
            String soc,
            String vendor,
            String boardName,
            String config,
            String maintainers,
            boolean active) {
        this(target, arch, cpu, soc, vendor, boardName, config, maintainers, active, Optional.empty());
    }

    /**
     * What an extended board is made of.
     *
     * @param target the board whose configuration it begins with
     * @param fragments files of {@code configs/} that are added to that, in order, such as {@code acpi.config}
     */
    public record Base(String target, List<String> fragments) {
        /** Copies the list. */
        public Base {
            requireNonNull(target, "target");
            fragments = List.copyOf(fragments);
        }
    }

    /** This board under another name, with fragments added to its configuration. */
    public Board extended(String newTarget, List<String> fragments) {
        return new Board(
                newTarget,
                arch,
                cpu,
                soc,
                vendor,
                boardName,
                config,
                maintainers,
                active,
                Optional.of(new Base(target, fragments)));
    }

    /** An active board of which only the target and the architecture are known. */
    public static Board of(String target, String arch) {
        return new Board(target, arch, "", "", "", "", "", "", true);
    }
}
