package dev.buildboss.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.MachineException;
import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.SourcePush;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes with the git program, over a connection that is open already: git speaks through two inherited descriptors
 * ({@code fd::3,4}) to a {@code git receive-pack} that runs there.
 *
 * <p>So the one connection, with its host key, login and jump host, serves git too; there is nothing that a second ssh could
 * understand otherwise. See docs/decisions/0002-git-push.md.
 */
final class GitPusher implements SourcePusher {

    private static final Logger LOG = LoggerFactory.getLogger(GitPusher.class);
    private static final int PUMP_BYTES = 64 * 1024;

    private final String machine;
    private final RemoteRunner runner;
    private final ThreadFactory threads;
    private final Duration limit;

    GitPusher(String machine, RemoteRunner runner, ThreadFactory threads, Duration limit) {
        this.machine = machine;
        this.runner = runner;
        this.threads = threads;
        this.limit = limit;
    }

    @Override
    public Pushed push(RemoteShell shell, String command, SourcePush push, String lastRef) {
        long start = System.nanoTime();
        List<String> refspecs = new ArrayList<>();
        List<String> extras = new ArrayList<>();
        String last = push.commits().get(push.commits().size() - 1);
        refspecs.add("+" + last + ":" + lastRef);
        for (String hash : unreached(push, last)) {
            extras.add(EXTRA_REFS + hash);
            refspecs.add("+" + hash + ":" + EXTRA_REFS + hash);
        }
        exchange(shell, command, push, refspecs);
        return new Pushed(new PushReport(refspecs.size(), (System.nanoTime() - start) / 1_000_000L), extras);
    }

    /** The commits that the last one doesn't reach. */
    private List<String> unreached(SourcePush push, String last) {
        if (push.commits().size() == 1) {
            return List.of();
        }
        Process process = start(List.of("git", "--git-dir=" + push.gitDir(), "rev-list", "--stdin"), List.of());
        CompletableFuture<String> errors = runner.collect(process.getErrorStream());
        Future<?> alarm = runner.limit(process, limit);
        Set<String> wanted = new HashSet<>(push.commits());
        List<String> result = new ArrayList<>();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write((String.join("\n", push.commits()) + "\n^" + last + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            process.destroyForcibly();
            throw new MachineException(machine, "git rev-list failed: " + join(errors), e);
        }
        process.inputReader(UTF_8).lines().filter(wanted::contains).forEach(result::add);
        boolean done = ended(process) && process.exitValue() == 0;
        alarm.cancel(false);
        if (!done) {
            throw new MachineException(
                    machine, "a commit isn't in " + push.gitDir() + ": " + AnswerReader.plain(join(errors)), null);
        }
        return result;
    }

    private void exchange(RemoteShell shell, String command, SourcePush push, List<String> refspecs) {
        RemoteProcess there;
        try {
            there = shell.exec(Scripts.command(command));
        } catch (IOException e) {
            throw new MachineException(machine, "git push failed: " + e.getMessage(), e);
        }
        List<String> argv = new ArrayList<>(List.of(
                "git",
                "--git-dir=" + push.gitDir(),
                // The user's own hooks and signing are for the user's own pushes.
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "push.gpgSign=false",
                "-c",
                "protocol.version=0",
                "push",
                "--quiet",
                "--no-verify",
                "--no-recurse-submodules",
                "fd::3,4"));
        argv.addAll(refspecs);
        Process here = start(List.of("sh", "-c", "exec \"$@\" 3<&0 4>&1 </dev/null 1>&2", "sh"), argv);
        try (RemoteRunner.Limit alarm = runner.limit(there, limit)) {
            CompletableFuture<String> said = runner.collect(here.getErrorStream());
            CompletableFuture<String> answered = runner.collect(there.stderr());
            pump(here.getInputStream(), there.stdin());
            pump(there.stdout(), here.getOutputStream());
            boolean done = here.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!done || alarm.isOver()) {
                throw alarm.blame("git push", new IOException("no end"));
            }
            if (here.exitValue() != 0) {
                throw new MachineException(
                        machine, "git push failed: " + AnswerReader.plain(join(said) + " " + join(answered)), null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineException(machine, "git push was interrupted", e);
        } finally {
            here.descendants().forEach(ProcessHandle::destroyForcibly);
            here.destroyForcibly();
            there.kill();
        }
    }

    private Process start(List<String> wrapper, List<String> argv) {
        List<String> all = new ArrayList<>(wrapper);
        all.addAll(argv);
        ProcessBuilder builder = new ProcessBuilder(all);
        // Variables that git sets for its hooks would point it to another repository.
        builder.environment().keySet().removeIf(key -> key.startsWith("GIT_"));
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        builder.environment().put("GIT_ALLOW_PROTOCOL", "fd");
        builder.environment().put("LC_ALL", "C");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new MachineException(machine, "can't run the git program here: " + e.getMessage(), e);
        }
    }

    /** Copies until the end and closes; a side that is gone ends it, and git's status and words tell why. */
    private void pump(InputStream from, OutputStream to) {
        threads.newThread(() -> {
                    byte[] buffer = new byte[PUMP_BYTES];
                    try (from;
                            to) {
                        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                            to.write(buffer, 0, n);
                            to.flush();
                        }
                    } catch (IOException e) {
                        LOG.debug("{}: the push's stream ended", machine, e);
                    }
                })
                .start();
    }

    private boolean ended(Process process) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String join(CompletableFuture<String> text) {
        try {
            return text.get(2, TimeUnit.SECONDS).strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        } catch (ExecutionException | TimeoutException e) {
            return "";
        }
    }
}
