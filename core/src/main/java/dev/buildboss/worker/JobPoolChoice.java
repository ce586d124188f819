package dev.buildboss.worker;

import dev.buildboss.exec.Exec;
import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.files.FileTrees;
import dev.buildboss.jobserver.JobPools;
import dev.buildboss.jobserver.JobServer;
import dev.buildboss.jobserver.MakeClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which job pool a worker uses: that of the make which started it, else the host's if one is set, else one of its own; none where
 * none of them works, which is said once.
 *
 * @param directory where a pool of its own goes; this worker's alone
 * @param hostPool the directory of the pool that the host's workers share; empty: none
 * @param threads jobs at once
 * @param runner asks make for its version
 */
record JobPoolChoice(Path directory, Optional<Path> hostPool, int threads, ProcessRunner runner) {
    private static final Logger LOG = LoggerFactory.getLogger(JobPoolChoice.class);
    private static final Duration VERSION_LIMIT = Duration.ofSeconds(10);
    private static final int VERSION_OUTPUT = 4096;

    /** Chooses, in a process with that environment. */
    JobSlots choose(Map<String, String> environment) {
        try {
            Optional<JobServer> parent = JobPools.joinParent(environment, threads, LOG::warn);
            JobServer pool = parent.isPresent() ? parent.get() : hostOrOwn();
            return JobSlots.of(pool, MakeClient.forVersion(makeVersion(environment), pool.fifo()));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("no job pool here ({}): each make has a fixed number of jobs", e.getMessage());
            return JobSlots.NONE;
        }
    }

    private JobServer hostOrOwn() throws IOException {
        if (hostPool.isPresent()) {
            return JobPools.shared(hostPool.get(), threads, LOG::warn);
        }
        FileTrees.delete(directory); // of a worker that was killed: the work directory is ours
        Files.createDirectories(directory);
        return JobPools.create(directory, threads);
    }

    private String makeVersion(Map<String, String> environment) {
        Map<String, String> clean = BuildEnvironment.sameEverywhere(environment);
        List<String> ask = List.of("make", "--version");
        return runner.run(new Exec(ask, Path.of("/"), clean, VERSION_LIMIT, VERSION_OUTPUT, Optional.empty()))
                .out();
    }
}
