package dev.buildboss.boards;

import java.io.IOException;
import java.util.function.Predicate;

/** The files of a source tree, on disk or in a commit. */
public interface SourceTree {

    /** How messages call the tree: a directory, or a repository and commit. */
    String name();

    /**
     * Reads files below a directory, at any depth.
     *
     * @param directory relative to the top, with {@code /}; one that is not there has no files
     * @param wanted which paths (relative to the top) to read; others are not opened
     * @param visitor gets each file's path and text
     */
    void read(String directory, Predicate<String> wanted, Visitor visitor) throws IOException;

    /** Gets files. */
    @FunctionalInterface
    interface Visitor {
        /** One file; undecodable bytes become replacement characters. */
        void file(String path, String text);
    }
}
