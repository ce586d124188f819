package dev.buildboss.worker;

import dev.buildboss.exec.Exec;
import dev.buildboss.exec.Execution;
import dev.buildboss.exec.JobAccess;
import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.jobserver.JobServer;
import dev.buildboss.jobserver.MakeClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the makes of a worker run on: one job pool for all its boards, or none, and then each make has its fixed {@code -j}.
 *
 * <p>A command takes a token before it starts (the implicit slot of its make) and gives it back when it has ended, however it
 * ended. Whenever no command is left, the pool is counted, and what killed makes took along is put back. Safe for threads.
 */
final class JobSlots implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobSlots.class);

    /** No pool. */
    static final JobSlots NONE = new JobSlots(Optional.empty(), MakeClient.DESCRIPTORS);

    private static final Pattern OWN_JOBS = Pattern.compile("-j\\d*|--jobs(=\\d+)?");

    private final Optional<JobServer> pool;
    private final MakeClient way;

    private JobSlots(Optional<JobServer> pool, MakeClient way) {
        this.pool = pool;
        this.way = way;
    }

    /** The slots of a pool, whose clients are makes that get at it that way. */
    static JobSlots of(JobServer pool, MakeClient way) {
        return new JobSlots(Optional.of(pool), way);
    }

    boolean areShared() {
        return pool.isPresent();
    }

    /**
     * Runs a command on a slot.
     *
     * @param watchers who follows what it does: then it does not wait behind others, and may go on without a token
     */
    Execution run(ProcessRunner runner, Exec exec, JobServer.Watchers watchers) {
        if (pool.isEmpty()) {
            return runner.run(exec);
        }
        JobServer jobs = pool.get();
        try {
            JobServer.Token slot = jobs.acquireOrCheat(watchers);
            try {
                return runner.run(
                        namesOwnJobs(exec.argv())
                                ? exec
                                : exec.withJobs(new JobAccess(jobs.fifo(), way, !jobs.isOwn())));
            } finally {
                slot.close();
            }
        } catch (CancellationException e) {
            return ended(exec);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ended(exec);
        } catch (UncheckedIOException e) {
            LOG.warn("{}; {} runs without it", e.getMessage(), exec.argv().get(0), e);
            return runner.run(exec);
        } finally {
            count(jobs);
        }
    }

    private static boolean namesOwnJobs(List<String> argv) {
        return argv.stream().anyMatch(word -> OWN_JOBS.matcher(word).matches());
    }

    private static Execution ended(Exec exec) {
        return new Execution(Execution.End.CLOSED, -1, "", "", exec.words() + ": ended before it began");
    }

    private static void count(JobServer jobs) {
        try {
            int missing = jobs.restore();
            if (missing != 0) {
                LOG.info("the job pool was {} tokens short of its {}: restored", missing, jobs.size());
            }
        } catch (IOException e) {
            LOG.debug("the job pool can't be counted", e); // closed: the worker is ending
        }
    }

    @Override
    public void close() {
        pool.ifPresent(jobs -> {
            try {
                jobs.close();
            } catch (IOException e) {
                LOG.debug("the job pool can't be closed", e);
            }
        });
    }
}
