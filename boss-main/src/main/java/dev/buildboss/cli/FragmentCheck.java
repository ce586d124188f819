package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.boards.SourceTree;
import dev.buildboss.text.Nearest;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Whether the fragments of {@code --fragments} are there, before each board's make says that they are not. */
final class FragmentCheck {

    private static final String SUFFIX = ".config";

    private FragmentCheck() {}

    /**
     * Looks for them in the tree.
     *
     * @param current whether this tree is what is built; else a commit may have what the tree has not
     * @return what to tell, if another tree is built
     * @throws BuildbossException naming the nearest one, if this tree is built
     */
    static Optional<String> missing(List<String> fragments, SourceTree tree, boolean current) {
        if (fragments.isEmpty()) {
            return Optional.empty();
        }
        Set<String> known = new TreeSet<>();
        try {
            for (String directory : List.of("configs", "kernel/configs", "arch")) {
                tree.read(directory, path -> isFragment(path, known), (path, text) -> {});
            }
        } catch (IOException e) {
            return Optional.empty(); // make will say what it thinks of the tree
        }
        for (String fragment : fragments) {
            String file = fragment.endsWith(SUFFIX) ? fragment : fragment + SUFFIX;
            if (!known.contains(file)) {
                String words = "--fragments: there is no " + Printable.line(file) + " in " + tree.name()
                        + Nearest.hint(file, known);
                if (current) {
                    throw new BuildbossException(words);
                }
                return Optional.of(words);
            }
        }
        return Optional.empty();
    }

    /** Takes note of the name and reads nothing. */
    private static boolean isFragment(String path, Set<String> known) {
        boolean inConfigs = path.startsWith("configs/") || path.contains("/configs/");
        if (inConfigs && path.endsWith(SUFFIX)) {
            known.add(path.substring(path.lastIndexOf('/') + 1));
        }
        return false;
    }
}
