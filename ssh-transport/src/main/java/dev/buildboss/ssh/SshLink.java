package dev.buildboss.ssh;

import dev.buildboss.MachineException;
import dev.buildboss.model.Machine;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.ShellInput;
import dev.buildboss.spi.ShellTask;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One machine over ssh, whichever way the connections are made: one for the worker alone, and one for all else (probe,
 * installation, pushes), opened when it is first needed.
 *
 * <p>A session's channels share one reader thread (JSch's), so a worker that is not read would stall a push; that is why they
 * are apart. Work runs on two threads of the link's own.
 */
final class SshLink implements MachineLink {

    private static final int THREADS = 2;
    private static final Duration TIDY_LIMIT = Duration.ofSeconds(5);

    private final Machine machine;
    private final LinkTools tools;
    private final Consumer<SshLink> atClose;
    private final ThreadPoolExecutor pool;
    private final TrafficCounter traffic = new TrafficCounter();
    private final Object lock = new Object();

    // Guarded by lock.
    private @Nullable RemoteShell other;
    private @Nullable WorkerChannel channel;
    private Optional<String> workDir = Optional.empty();
    private String lockHolder = "";
    private @Nullable LockHolder holder;
    private final List<String> extraRefs = new ArrayList<>();
    private boolean closed;

    SshLink(Machine machine, LinkTools tools, Consumer<SshLink> atClose) {
        this.atClose = atClose;
        this.machine = machine;
        this.tools = tools;
        this.pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                LinkTools.threads(machine.name() + "-link"));
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletionStage<MachineFacts> probe() {
        return submit(() -> {
            RemoteShell shell = other(tools.settings().probe().connectTimeout());
            Instant asked = tools.now();
            RemoteRunner.Result result = tools.runner(machine)
                    .run(
                            shell,
                            "the probe",
                            Scripts.command(Scripts.probe(
                                    machine, tools.settings().runtimes().places())),
                            stdin -> {},
                            tools.settings().probe().timeout());
            Instant answered = tools.now();
            ProbeReport report = ProbeReport.parse(result.out())
                    .orElseThrow(() -> new MachineException(
                            machine.name(), "the probe was cut short: " + result.lastWords(), null));
            if (!report.system().equals("Linux")) {
                throw new MachineException(
                        machine.name(), "workers run on Linux, and this is '" + report.system() + "'", null);
            }
            return report.facts(asked, answered);
        });
    }

    @Override
    public CompletionStage<String> run(ShellTask task) {
        return run(task, stdin -> {});
    }

    @Override
    public CompletionStage<String> run(ShellTask task, ShellInput input) {
        return submit(() -> tools.runner(machine)
                .run(other(connectTimeout()), task.what(), Scripts.command(task), input::write, task.limit())
                .out());
    }

    @Override
    public CompletionStage<WorkerChannel> start(WorkerLaunch launch) {
        return submit(() -> {
            synchronized (lock) {
                workDir = launch.workDir();
            }
            WorkerStarter starter = new WorkerStarter(
                    machine,
                    tools,
                    traffic,
                    () -> tools.open(machine, connectTimeout(), traffic),
                    () -> other(connectTimeout()),
                    heldBy());
            WorkerStarter.Started started = starter.start(launch);
            synchronized (lock) {
                lockHolder = holder == null ? started.lockHolder() : holder.holder();
                channel = started.channel();
                if (closed) {
                    started.channel().kill();
                    throw new MachineException(machine.name(), "the link was closed while the worker started", null);
                }
            }
            return started.channel();
        });
    }

    @Override
    public CompletionStage<PushReport> push(SourcePush push) {
        return submit(() -> {
            boolean existing = !machine.workerCommand().isEmpty();
            RemoteShell shell = other(connectTimeout());
            if (existing && lockHolder().isEmpty()) {
                prepare(shell);
            }
            Optional<String> directory;
            synchronized (lock) {
                directory = workDir;
            }
            SourcePusher.Pushed pushed = tools.pusher(machine)
                    .push(
                            shell,
                            Scripts.receivePack(machine, directory),
                            push,
                            existing ? SourcePusher.WORK_BRANCH : SourcePusher.LAST_REF);
            synchronized (lock) {
                extraRefs.addAll(pushed.extraRefs());
            }
            return pushed.report();
        });
    }

    /** An existing worker is pushed to before it is started, and takes no lock. */
    private void prepare(RemoteShell shell) {
        LockHolder taken = LockHolder.take(shell, machine, tools, Optional.empty());
        synchronized (lock) {
            holder = taken;
            lockHolder = taken.holder();
            if (closed) {
                taken.close();
                throw new MachineException(machine.name(), "the link is closed", null);
            }
        }
    }

    @Override
    public CompletionStage<Void> tidy() {
        String heldBy = lockHolder();
        if (heldBy.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletionStage<String> done = submit(() -> {
            List<String> refs;
            Optional<String> directory;
            synchronized (lock) {
                refs = List.copyOf(extraRefs);
                extraRefs.clear();
                lockHolder = "";
                directory = workDir;
            }
            String script = Scripts.tidy(machine, directory, heldBy, refs);
            return tools.runner(machine)
                    .run(other(TIDY_LIMIT), "tidying up", Scripts.command(script), stdin -> {}, TIDY_LIMIT)
                    .lastWords();
        });
        // Out of reach: left as it is; the lock tells by its process that nobody holds it.
        return done.handle((words, failure) -> null);
    }

    @Override
    public void close() {
        RemoteShell open;
        WorkerChannel running;
        LockHolder held;
        synchronized (lock) {
            closed = true;
            open = other;
            held = holder;
            running = channel;
        }
        if (running != null) {
            running.kill();
        }
        if (held != null) {
            held.close();
        }
        if (open != null) {
            open.close();
        }
        pool.shutdownNow();
        atClose.accept(this);
    }

    private Duration connectTimeout() {
        return tools.settings().ssh().connectTimeout();
    }

    private String lockHolder() {
        synchronized (lock) {
            return lockHolder;
        }
    }

    private Optional<String> heldBy() {
        synchronized (lock) {
            return Optional.ofNullable(holder).map(LockHolder::holder);
        }
    }

    /** The connection for all but the worker; another one, if it broke. */
    private RemoteShell other(Duration limit) {
        synchronized (lock) {
            if (other != null && other.isOpen()) {
                return other;
            }
        }
        // Outside of the lock: it takes time, and close() must not wait for it.
        RemoteShell opened = tools.open(machine, limit, traffic);
        synchronized (lock) {
            if (closed || (other != null && other.isOpen())) {
                opened.close();
            } else {
                other = opened;
            }
            if (closed || other == null) {
                throw new MachineException(machine.name(), "the link is closed", null);
            }
            return other;
        }
    }

    private <T> CompletionStage<T> submit(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            pool.execute(() -> {
                try {
                    result.complete(tools.knocker().untilLetIn(work));
                } catch (MachineException e) {
                    result.completeExceptionally(e);
                } catch (RuntimeException e) {
                    result.completeExceptionally(
                            new MachineException(machine.name(), String.valueOf(e.getMessage()), e));
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new MachineException(machine.name(), "the link is closed", e));
        }
        return result;
    }
}
