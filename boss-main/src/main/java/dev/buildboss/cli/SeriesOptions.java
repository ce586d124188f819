package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.report.SeriesRequest;
import dev.buildboss.report.SourceRepository;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that has to do with commits and their results. */
final class SeriesOptions {

    @Option(
            names = {"-b", "--branch"},
            paramLabel = "BRANCH",
            description = "The branch to build since its upstream, or a range A..B (default: the source as it stands).")
    @Nullable
    String branch;

    @Option(
            names = {"-c", "--count"},
            paramLabel = "N",
            description = "Build the top N commits.")
    @Nullable
    Integer count;

    @Option(names = "--step", paramLabel = "N", description = "Build every Nth commit; 0: the first and the last only.")
    int step = 1;

    @Option(
            names = {"-o", "--output-dir"},
            paramLabel = "DIR",
            description = "Where results go: DIR/<branch>, or DIR/current (default: beside the source tree).")
    @Nullable
    Path output;

    @Option(
            names = {"-N", "--no-subdirs"},
            description = "Results go to the directory of -o itself, without a level for the branch.")
    boolean noSubdirs;

    /** Whether it is the source as it stands. */
    boolean isCurrent() {
        if (branch == null && (count != null || step != 1)) {
            throw new BuildbossException("-c and --step need a branch: name it with -b");
        }
        return branch == null;
    }

    /** What was given with -o. */
    Optional<Path> outputGiven(Surroundings around) {
        return Optional.ofNullable(output).map(around::resolve);
    }

    /** The commits of the branch that was given. */
    SeriesRequest request() {
        if (count != null && count < 1) {
            throw new BuildbossException("-c " + count + ": must be 1 or more");
        }
        if (step < 0) {
            throw new BuildbossException("--step " + step + ": must be 0 or more");
        }
        return new SeriesRequest(
                String.valueOf(branch), count == null ? OptionalInt.empty() : OptionalInt.of(count), step);
    }

    /** The revision whose files tell the boards where there is no work tree. */
    String tipName() {
        if (branch == null) {
            return "HEAD";
        }
        String end = branch.substring(branch.lastIndexOf("..") < 0 ? 0 : branch.lastIndexOf("..") + 2);
        return end.isEmpty() ? "HEAD" : end;
    }

    /** Where the results of these commits are. */
    Path directory(Surroundings around, SourceRepository repository) {
        Path top = repository
                .workTree()
                .orElse(repository.gitDir())
                .toAbsolutePath()
                .normalize();
        if (noSubdirs && output == null) {
            throw new BuildbossException("-N puts results straight into the directory of -o: name it with -o DIR");
        }
        Path parent = top.getParent();
        Path base = output != null ? around.resolve(output) : parent != null ? parent : top;
        String level = branch == null ? "current" : branch.replace('/', '_');
        Path directory = noSubdirs ? base : base.resolve(level);
        if (directory.toAbsolutePath().normalize().startsWith(top)) {
            throw new BuildbossException(
                    "output directory " + directory + " is inside the source tree " + top + "; choose another with -o");
        }
        return directory;
    }
}
