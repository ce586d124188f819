package dev.buildboss.worker;

import dev.buildboss.files.FileTrees;
import dev.buildboss.jobserver.JobPools;
import dev.buildboss.jobserver.JobServer;
import dev.buildboss.jobserver.MakeClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 */
record JobPoolChoice(Path directory, Optional<Path> hostPool, int threads) {
    private static final Logger LOG = LoggerFactory.getLogger(JobPoolChoice.class);

    /** Chooses, in a process with that environment. */
    JobSlots choose(Map<String, String> environment) {
        try {
            Optional<JobServer> parent = JobPools.joinParent(environment, threads, LOG::warn);
            JobServer pool = parent.isPresent() ? parent.get() : hostOrOwn();
            return JobSlots.of(pool, client(pool.fifo()));
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

    private static MakeClient client(Path fifo) {
        try {
            return MakeClient.installed(fifo);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return MakeClient.DESCRIPTORS; // works with every make
        }
    }
}
