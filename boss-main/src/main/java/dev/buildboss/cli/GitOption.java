package dev.buildboss.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which repository, for commands that take no other option of a source. */
final class GitOption {

    @Option(
            names = {"-g", "--git"},
            paramLabel = "DIR",
            description = "The git repository (default: the one of the current directory).")
    @Nullable
    private Path git;

    /** The source that the user means. */
    SourceOptions source() {
        SourceOptions source = new SourceOptions();
        source.git = git;
        return source;
    }
}
