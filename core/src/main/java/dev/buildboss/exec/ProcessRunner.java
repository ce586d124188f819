package dev.buildboss.exec;

import dev.buildboss.files.Carried;
import dev.buildboss.jobserver.JobPools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs, each in a process group of its own that ends with this JVM, even if the JVM is killed with SIGKILL.
 *
 * <p>How: {@code contain.sh} (see there), started by {@code setsid}. Only a child that makes a session of its own escapes.
 * Linux only. Safe to use from many threads; {@link #run} blocks the caller.
 */
public final class ProcessRunner implements AutoCloseable {

    /** The name that the shell puts before its own messages, which tells them from the program's. */
    private static final String SCRIPT_NAME = "buildboss-exec";

    /** How long a program's leftovers may hold its output open after its end. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Duration killGrace;
    private final String script;
    private final Optional<String> setsid;
    private final ExecutorService pumps = Executors.newCachedThreadPool(daemons("exec-pump"));
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(daemons("exec-timer"));
    private final Set<Running> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * A runner without processes.
     *
     * @param killGrace how long a program that ran into its limit has between SIGTERM and SIGKILL
     */
    public ProcessRunner(Duration killGrace) {
        this.killGrace = killGrace;
        this.script = Carried.text(ProcessRunner.class, "contain.sh");
        this.setsid = Programs.find("setsid", Programs.searchPath()).map(Object::toString);
    }

    /** Runs a program to its end, with /dev/null as its standard input; an interrupt ends it. */
    public Execution run(Exec exec) {
        Optional<String> program =
                Programs.find(exec.argv().get(0), Programs.searchPath()).map(Object::toString);
        if (program.isEmpty()) {
            return notStarted(exec, "command not found");
        }
        if (setsid.isEmpty()) {
            return notStarted(exec, "there is no setsid program (util-linux or busybox) to contain it");
        }
        if (exec.ending().filter(EndSignal::isGiven).isPresent()) {
            return new Execution(Execution.End.CANCELLED, -1, "", "", exec.words() + ": cancelled before it began");
        }
        if (closed) {
            return new Execution(Execution.End.CLOSED, -1, "", "", exec.words() + ": ended before it began");
        }
        String pipe = exec.jobs().map(JobAccess::descriptorPath).orElse("");
        String usage = exec.usage().map(Path::toString).orElse("");
        List<String> argv = new ArrayList<>(
                List.of(setsid.get(), "/bin/sh", "-c", script, SCRIPT_NAME, pipe, usage, program.get()));
        argv.addAll(exec.argv().subList(1, exec.argv().size()));
        ProcessBuilder builder =
                new ProcessBuilder(argv).directory(exec.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(exec.environment());
        exec.jobs().ifPresent(jobs -> builder.environment().put(JobPools.VARIABLE, jobs.flags()));
        Process process;
        try {
            process = builder.start();
        } catch (IOException | IllegalArgumentException e) {
            return notStarted(exec, String.valueOf(e.getMessage()));
        }
        Running run = new Running(exec, process, timer, killGrace, LINGER);
        running.add(run);
        exec.ending().ifPresent(signal -> signal.attach(() -> run.end(Execution.End.CANCELLED, "cancelled")));
        try {
            if (closed) {
                run.end(Execution.End.CLOSED, "ended");
            }
            Execution done = explainStart(exec, run.await(pumps));
            Optional<Duration> cpu = exec.usage().flatMap(CpuTimes::take);
            return done.end() == Execution.End.EXITED ? done.withCpu(cpu) : done;
        } finally {
            exec.ending().ifPresent(EndSignal::detach);
            running.remove(run);
        }
    }

    /** The shell's own words, when it could not run the program at all. */
    private static Execution explainStart(Exec exec, Execution done) {
        boolean shellSays =
                (done.code() == 126 || done.code() == 127) && done.err().startsWith(SCRIPT_NAME + ":");
        return shellSays ? notStarted(exec, done.err().strip()) : done;
    }

    private static Execution notStarted(Exec exec, String reason) {
        return new Execution(Execution.End.NOT_STARTED, -1, "", "", exec.argv().get(0) + " failed to start: " + reason);
    }

    /** Kills all that runs, at once, and refuses to start more; waits two seconds at most. */
    @Override
    public void close() {
        closed = true;
        running.forEach(run -> run.end(Execution.End.CLOSED, "ended"));
        for (Running run : running) {
            run.awaitExit(Duration.ofSeconds(2));
        }
        timer.shutdownNow();
        pumps.shutdown();
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    static long millis(Duration duration) {
        return TimeUnit.NANOSECONDS.toMillis(duration.toNanos());
    }
}
