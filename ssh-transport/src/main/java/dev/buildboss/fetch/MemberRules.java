package dev.buildboss.fetch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an archive's members may be (pure): files, directories and links that stay in the archive's own tree, whatever is
 * unpacked first.
 *
 * <p>A link's target may go up only at its begin ({@code ../../lib/x}): then its way is the same whether or not one of the
 * directories on it is itself a link.
 */
final class MemberRules {

    private static final int MAX_NAME = 4096;

    private MemberRules() {}

    /** A name's parts; empty: it is the top itself. What is wrong with a name is thrown. */
    static List<String> parts(String name) throws RefusedMember {
        if (name.length() > MAX_NAME || name.indexOf('\0') >= 0) {
            throw new RefusedMember(name.substring(0, Math.min(name.length(), 80)), "its name is no path");
        }
        if (name.startsWith("/")) {
            throw new RefusedMember(name, "an absolute path");
        }
        List<String> parts = new ArrayList<>();
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                throw new RefusedMember(name, "a path with ..");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }

    /** Where a symbolic link leads, as a path from the top; what leads out of it is thrown. */
    static Path linkTarget(String name, String target) throws RefusedMember {
        List<String> here = new ArrayList<>(parts(name));
        if (here.isEmpty() || target.isEmpty() || target.startsWith("/")) {
            throw new RefusedMember(name, "a link to " + (target.isEmpty() ? "nothing" : target));
        }
        here.remove(here.size() - 1);
        boolean down = false;
        for (String part : target.split("/", -1)) {
            if (part.equals("..")) {
                if (down || here.isEmpty()) {
                    throw new RefusedMember(name, "a link that leads out: " + target);
                }
                here.remove(here.size() - 1);
            } else if (!part.isEmpty() && !part.equals(".")) {
                down = true;
                here.add(part);
            }
        }
        return Path.of(String.join("/", here));
    }

    /** A member that must not be unpacked. */
    static final class RefusedMember extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedMember(String name, String why) {
            super("member '" + name + "' is refused: " + why);
        }
    }

    /** The compiler's own directory: where {@code bin/*-gcc} is; empty: there is none. */
    static Optional<Path> root(Iterable<Path> programs) {
        Optional<Path> best = Optional.empty();
        for (Path program : programs) {
            Path bin = program.getParent();
            if (bin == null || !bin.endsWith("bin") || !program.toString().endsWith("-gcc")) {
                continue;
            }
            if (best.isEmpty() || bin.getNameCount() < best.get().getNameCount()) {
                best = Optional.of(bin);
            }
        }
        return best.map(bin -> Optional.ofNullable(bin.getParent()).orElse(Path.of("")));
    }
}
