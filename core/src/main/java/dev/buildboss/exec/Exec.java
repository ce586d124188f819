package dev.buildboss.exec;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program to run.
 *
 * @param argv the program (a path, or a name that is looked up in this JVM's own PATH) and its arguments
 * @param directory where it runs
 * @param environment its whole environment
 * @param limit the longest it may take; zero: no limit
 * @param maxOutput bytes kept of stdout and of stderr; the middle of longer output is cut
 * @param copy a file that the whole output is added to, both streams as they come; empty: none
 * @param watch looks at the output as it comes and may end the program; empty: nobody does
 * @param jobs the job pool that it is a client of; empty: none
 * @param ending ends it from outside; empty: nobody does
 * @param usage a file to measure its CPU time with, which is gone afterwards; empty: it is not measured
 */
public record Exec(
        List<String> argv,
        Path directory,
        Map<String, String> environment,
        Duration limit,
        long maxOutput,
        Optional<Path> copy,
        Optional<OutputWatch> watch,
        Optional<JobAccess> jobs,
        Optional<EndSignal> ending,
        Optional<Path> usage) {
    /** Copies the collections. */
    public Exec {
        argv = List.copyOf(argv);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("no program to run");
        }
        requireNonNull(directory, "directory");
        environment = Map.copyOf(environment);
        requireNonNull(limit, "limit");
        requireNonNull(copy, "copy");
        requireNonNull(watch, "watch");
        requireNonNull(jobs, "jobs");
        requireNonNull(ending, "ending");
        requireNonNull(usage, "usage");
    }

    /** A command that is no client of a job pool. */
    public Exec(
            List<String> argv,
            Path directory,
            Map<String, String> environment,
            Duration limit,
            long maxOutput,
            Optional<Path> copy,
            Optional<OutputWatch> watch) {
        this(
                argv,
                directory,
                environment,
                limit,
                maxOutput,
                copy,
                watch,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same command as a client of a job pool, for which the caller holds a slot. */
    public Exec withJobs(JobAccess access) {
        return new Exec(
                argv, directory, environment, limit, maxOutput, copy, watch, Optional.of(access), ending, usage);
    }

    /** The same command, which that signal ends. */
    public Exec endedBy(EndSignal signal) {
        return new Exec(argv, directory, environment, limit, maxOutput, copy, watch, jobs, Optional.of(signal), usage);
    }

    /** The same command, of which {@link Execution#cpu} is to tell; nobody else may use that file meanwhile. */
    public Exec measuredBy(Path file) {
        return new Exec(argv, directory, environment, limit, maxOutput, copy, watch, jobs, ending, Optional.of(file));
    }

    /** A command whose whole output nobody wants. */
    public Exec(
            List<String> argv,
            Path directory,
            Map<String, String> environment,
            Duration limit,
            long maxOutput,
            Optional<OutputWatch> watch) {
        this(argv, directory, environment, limit, maxOutput, Optional.empty(), watch);
    }

    /** The command as a person would type it, for messages. */
    public String words() {
        return String.join(" ", argv);
    }
}
