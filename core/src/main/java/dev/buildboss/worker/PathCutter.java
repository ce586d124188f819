package dev.buildboss.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** Cuts the paths of a build's own directories from its texts, so that they compare equal between threads and machines. */
final class PathCutter {
    private final Set<String> prefixes = new LinkedHashSet<>();

    /** Cuts these directories, longest first, as they are written and as they are after links. */
    PathCutter(Path outputDir, Path sourceDir) {
        for (Path path : new Path[] {outputDir, sourceDir}) {
            prefixes.add(path + "/");
            try {
                prefixes.add(path.toRealPath() + "/");
            } catch (IOException e) {
                // Not there yet: then nothing was written about it either.
            }
        }
    }

    String cut(String text) {
        String result = text;
        for (String prefix : prefixes) {
            result = result.replace(prefix, "");
        }
        return result;
    }
}
