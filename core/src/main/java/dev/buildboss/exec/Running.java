package dev.buildboss.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One program while it runs: its output, its limits and its end. */
final class Running {
    private static final long LOOK_AGAIN_MS = 20;

    private final Exec exec;
    private final Process process;
    private final ScheduledExecutorService timer;
    private final Duration killGrace;
    private final Duration linger;
    private final Object lock = new Object();
    private Execution.@Nullable End forced;
    private String detail = "";
    private final Leftovers leftovers;
    private volatile boolean finished;
    /** An output ended only after the program did: the JVM may have closed it while something held it open. */
    private volatile boolean cutOff;

    Running(Exec exec, Process process, ScheduledExecutorService timer, Duration killGrace, Duration linger) {
        this.exec = exec;
        this.process = process;
        this.timer = timer;
        this.killGrace = killGrace;
        this.linger = linger;
        this.leftovers = Leftovers.of(process.pid());
    }

    Execution await(ExecutorService pumps) {
        @Nullable
        Future<?> limit = exec.limit().isZero()
                ? null
                : later(exec.limit(), () -> end(Execution.End.TIMED_OUT, "took longer than " + words(exec.limit())));
        BoundedOutput out = new BoundedOutput(exec.maxOutput());
        BoundedOutput err = new BoundedOutput(exec.maxOutput());
        boolean interrupted = false;
        try (OutputCopy copy = new OutputCopy(exec.copy())) {
            Future<?> errors = pumps.submit(() -> pump(process.getErrorStream(), err, copy));
            Future<?> unused = process.onExit().thenAccept(gone -> lookForLeftovers());
            pump(process.getInputStream(), out, copy);
            errors.get();
            process.waitFor();
            if (cutOff) {
                awaitLeftovers();
            }
        } catch (InterruptedException | ExecutionException | RejectedExecutionException e) {
            interrupted = e instanceof InterruptedException;
            end(Execution.End.CLOSED, "ended");
            awaitExit(linger);
        } finally {
            if (limit != null) {
                limit.cancel(false);
            }
            finished = true;
            closeLifeline();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return result(out, err);
    }

    private Execution result(BoundedOutput out, BoundedOutput err) {
        synchronized (lock) {
            int code = process.isAlive() ? 137 : process.exitValue();
            Execution.End end = forced == null ? Execution.End.EXITED : forced;
            return new Execution(end, code, out.text(), err.text(), detail);
        }
    }

    /** Ends the program: in order where its time is up or others would miss the tokens that it holds, else at once. Only the first reason counts. */
    void end(Execution.End reason, String why) {
        synchronized (lock) {
            if (forced == null) {
                forced = reason;
                detail = exec.words() + ": " + why;
                lock.notifyAll();
            }
        }
        boolean inOrder = reason == Execution.End.TIMED_OUT
                || reason == Execution.End.CANCELLED
                || exec.jobs().filter(JobAccess::shared).isPresent();
        if (inOrder && askNicely()) {
            Future<?> unused = later(killGrace, this::closeLifeline);
        } else {
            closeLifeline();
        }
    }

    private boolean askNicely() {
        try {
            OutputStream lifeline = process.getOutputStream();
            lifeline.write('\n');
            lifeline.flush();
            return true;
        } catch (IOException e) {
            return false; // gone already
        }
    }

    /** End of file on the watchdog's pipe: it kills the group. */
    private void closeLifeline() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The process is gone: that is what was wanted.
        }
    }

    void awaitExit(Duration limit) {
        try {
            if (!process.waitFor(ProcessRunner.millis(limit), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(InputStream in, BoundedOutput to, OutputCopy copy) {
        byte[] buffer = new byte[8192];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                to.add(buffer, n);
                copy.add(buffer, n);
                watch(buffer, n);
            }
            if (!process.isAlive()) {
                cutOff = true;
            }
        } catch (IOException e) {
            // "Stream closed": killLeftovers gave up on it.
        }
    }

    private void watch(byte[] bytes, int length) {
        exec.watch().ifPresent(watch -> {
            synchronized (watch) {
                watch.see(new String(bytes, 0, length, UTF_8)).ifPresent(why -> end(Execution.End.STOPPED, why));
            }
        });
    }

    /** As if the outputs were open still: where nobody reads them at that moment, the JVM closes those of a program that ends. */
    private void awaitLeftovers() throws InterruptedException {
        long begunNs = System.nanoTime();
        synchronized (lock) {
            while (leftovers.holdOutput()) {
                if (forced != null || System.nanoTime() - begunNs >= linger.toNanos()) {
                    killLeftovers();
                    return;
                }
                lock.wait(LOOK_AGAIN_MS);
            }
        }
    }

    private void lookForLeftovers() {
        if (!finished) {
            Future<?> unused = later(linger, this::killLeftovers);
        }
    }

    /** A background child that kept the output open after the program's end: it has the program's group still. */
    private void killLeftovers() {
        if (finished) {
            return;
        }
        leftovers.kill();
        try {
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException e) {
            // Closed already.
        }
    }

    private @Nullable Future<?> later(Duration delay, Runnable task) {
        try {
            return timer.schedule(task, ProcessRunner.millis(delay), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return null; // the runner is closing, and kills all by itself
        }
    }

    private static String words(Duration duration) {
        long millis = ProcessRunner.millis(duration);
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
