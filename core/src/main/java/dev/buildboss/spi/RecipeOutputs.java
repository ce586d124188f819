package dev.buildboss.spi;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.ArtefactNames;
import java.util.List;

/**
 * What a build makes; all paths are relative to the output directory.
 *
 * @param images programs: removed before a build, so that an old one is never taken for a new one; measured afterwards
 *     ({@code sizes}, {@code <image>.sizes}, {@code <image>.objdump})
 * @param files what describes the configuration: removed before configuring, sent with each result; of several for one name
 *     the first that is there
 * @param kept globs of what is sent too when the user keeps outputs, under the file's own name, if {@link ArtefactNames} allows that
 */
public record RecipeOutputs(List<String> images, List<NamedFile> files, List<String> kept) {

    /** Nothing but the texts of the commands. */
    public static final RecipeOutputs NONE = new RecipeOutputs(List.of(), List.of(), List.of());

    /** Copies the lists. */
    public RecipeOutputs {
        images = List.copyOf(images);
        files = List.copyOf(files);
        kept = List.copyOf(kept);
    }

    /**
     * A file and what it is called in the result directory.
     *
     * @param name the name there
     * @param path where the build leaves it
     */
    public record NamedFile(String name, String path) {
        /**
         * Checks the parts.
         *
         * @throws IllegalArgumentException if no file of a result may have that name
         */
        public NamedFile {
            name = ArtefactNames.checkFree(requireNonNull(name, "name"));
            requireNonNull(path, "path");
        }
    }
}
