package dev.buildboss.ssh;

import dev.buildboss.MachineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs short commands on one machine to their end, within a limit each. Blocking; may be used by several threads. */
final class RemoteRunner {

    static final int MAX_OUTPUT_BYTES = 256 * 1024;
    private static final int KEPT_LINES = 3;

    private final String machine;
    private final ScheduledExecutorService watchdog;
    private final ThreadFactory threads;

    RemoteRunner(String machine, ScheduledExecutorService watchdog, ThreadFactory threads) {
        this.machine = machine;
        this.watchdog = watchdog;
        this.threads = threads;
    }

    /**
     * How a command ended.
     *
     * @param status its exit status
     * @param out its output, cut at a limit
     * @param err its errors, cut at a limit
     */
    record Result(int status, String out, String err) {
        /** The last of what it said, for messages. */
        String lastWords() {
            List<String> lines =
                    (out + "\n" + err).lines().filter(l -> !l.isBlank()).toList();
            // The ssh program's line with the file of a changed key stands before a page of others.
            Stream<String> offending = lines.stream().filter(l -> l.startsWith("Offending"));
            Stream<String> last = lines.stream().skip(Math.max(0, lines.size() - KEPT_LINES));
            return AnswerReader.plain(Stream.concat(offending, last).distinct().collect(Collectors.joining("; ")));
        }
    }

    /** Writes a command's input and closes it. */
    interface Feed {
        void write(OutputStream stdin) throws IOException;
    }

    /** A limit that ends a process when it is over; closed in time, it does nothing. */
    final class Limit implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final ScheduledFuture<?> alarm;
        private final Duration length;

        Limit(RemoteProcess process, Duration length) {
            this.length = length;
            this.alarm = watchdog.schedule(
                    () -> {
                        over.set(true);
                        process.kill();
                    },
                    length.toMillis(),
                    TimeUnit.MILLISECONDS);
        }

        /** Puts the blame where it is due. */
        MachineException blame(String what, Throwable failure) {
            return over.get()
                    ? new MachineException(machine, what + " took longer than " + length.toSeconds() + " s", failure)
                    : failure instanceof MachineException known
                            ? known
                            : new MachineException(machine, what + " failed: " + failure.getMessage(), failure);
        }

        boolean isOver() {
            return over.get();
        }

        @Override
        public void close() {
            alarm.cancel(false);
        }
    }

    /** Ends a process of this computer when its time is up; to be cancelled when it has ended. */
    Future<?> limit(Process process, Duration length) {
        return watchdog.schedule(() -> process.destroyForcibly(), length.toMillis(), TimeUnit.MILLISECONDS);
    }

    Limit limit(RemoteProcess process, Duration length) {
        return new Limit(process, length);
    }

    /** Runs a command to its end; {@code what} names it in messages. */
    Result run(RemoteShell shell, String what, String command, Feed feed, Duration length) {
        RemoteProcess process;
        try {
            process = shell.exec(command);
        } catch (IOException e) {
            throw new MachineException(machine, what + " failed: " + e.getMessage(), e);
        }
        try (Limit limit = limit(process, length)) {
            CompletableFuture<String> err = collect(process.stderr());
            CompletableFuture<String> out = collect(process.stdout());
            IOException broken = feed(process, feed);
            try {
                String output = out.get();
                String errors = err.get();
                int status = process.exited().toCompletableFuture().get(5, TimeUnit.SECONDS);
                if (limit.isOver()) {
                    throw limit.blame(what, new IOException("killed"));
                }
                if (broken != null && status == 0) {
                    throw limit.blame(what, broken);
                }
                return new Result(status, output, errors);
            } catch (ExecutionException e) {
                throw limit.blame(what, new IOException(whyBroken(err, e), e));
            } catch (TimeoutException e) {
                throw limit.blame(what, e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineException(machine, what + " was interrupted", e);
        } finally {
            process.kill();
        }
    }

    /** The ssh program says on its stderr why a connection failed; JSch says it in the exception. */
    private static String whyBroken(CompletableFuture<String> err, ExecutionException failure)
            throws InterruptedException {
        String reason = String.valueOf(
                failure.getCause() == null
                        ? failure.getMessage()
                        : failure.getCause().getMessage());
        try {
            return Knocker.why(new Result(-1, "", err.get(1, TimeUnit.SECONDS)).lastWords(), reason);
        } catch (ExecutionException | TimeoutException e) {
            return reason;
        }
    }

    /** A command that doesn't want its input ends before it is written: its status tells more than the broken pipe. */
    private static @Nullable IOException feed(RemoteProcess process, Feed feed) {
        try (OutputStream stdin = process.stdin()) {
            feed.write(stdin);
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    /** Reads to the end on a thread of its own; what is over the limit is read and dropped. */
    CompletableFuture<String> collect(InputStream in) {
        CompletableFuture<String> result = new CompletableFuture<>();
        threads.newThread(() -> {
                    ByteArrayOutputStream kept = new ByteArrayOutputStream();
                    byte[] buffer = new byte[8192];
                    try (in) {
                        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                            kept.write(buffer, 0, Math.min(n, MAX_OUTPUT_BYTES - kept.size()));
                        }
                        result.complete(kept.toString(StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        result.completeExceptionally(e);
                    }
                })
                .start();
        return result;
    }
}
