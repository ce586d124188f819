package dev.buildboss.ssh;

import dev.buildboss.MachineException;
import dev.buildboss.lock.ThisProcess;
import dev.buildboss.model.Machine;
import dev.buildboss.model.Owner;
import dev.buildboss.process.ProcessTransport;
import dev.buildboss.runtime.RuntimeShop;
import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the links of one transport share: the way to connect, settings, threads and the clock that ends what takes too long. */
final class LinkTools implements AutoCloseable {

    private static final int NONCE_BYTES = 8;
    private static final long GIT_CHECK_SECONDS = 10;

    private final Settings settings;
    private final Opener opener;
    private final SecureRandom random = new SecureRandom();
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(threads("watchdog"));
    private final Clock clock = Clock.systemUTC();
    private final RuntimeShop runtimes;
    private @Nullable Boolean gitIsHere;

    /** Opens a connection; blocks. */
    interface Opener {
        /**
         * Opens one.
         *
         * @throws MachineException in words, if that fails
         */
        RemoteShell open(Machine machine, Duration limit, TrafficCounter traffic);
    }

    LinkTools(Settings settings, Opener opener) {
        this.settings = settings;
        this.opener = opener;
        this.runtimes = new RuntimeShop(
                settings.runtimes(),
                Path.of(System.getProperty("java.home")),
                Path.of(System.getProperty("user.home")),
                ProcessTransport.userCache(),
                clock);
    }

    /** Java for machines that have none. */
    RuntimeShop runtimes() {
        return runtimes;
    }

    Settings settings() {
        return settings;
    }

    RemoteShell open(Machine machine, Duration limit, TrafficCounter traffic) {
        return opener.open(machine, limit, traffic);
    }

    /** How often a server that turns connections away is asked. */
    Knocker knocker() {
        return new Knocker(settings.ssh().connectAttempts());
    }

    Instant now() {
        return clock.instant();
    }

    RemoteRunner runner(Machine machine) {
        return new RemoteRunner(machine.name(), watchdog, threads(machine.name() + "-command"));
    }

    /** The pusher that {@code buildboss.ssh.push-with} asks for. */
    SourcePusher pusher(Machine machine) {
        Duration limit = settings.ssh().pushTimeout();
        String with = settings.ssh().pushWith();
        boolean git = with.equals("git") || (with.equals("auto") && gitIsHere());
        return git
                ? new GitPusher(machine.name(), runner(machine), threads(machine.name() + "-push"), limit)
                : new JGitPusher(machine.name(), runner(machine), limit);
    }

    /** How locks are taken; without a boss that says who it is, by this process. */
    Scripts.Lock lock(Optional<Owner> boss) {
        Settings.Ssh ssh = settings.ssh();
        return new Scripts.Lock(
                boss.orElseGet(() -> ThisProcess.owner(clock.instant())), ssh.lockGrace(), ssh.lockAge());
    }

    String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Daemon threads: a transport that nobody closed must not keep a program from ending. */
    static ThreadFactory threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "buildboss-ssh-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private synchronized boolean gitIsHere() {
        if (gitIsHere == null) {
            gitIsHere = checkGit();
        }
        return gitIsHere;
    }

    private static boolean checkGit() {
        try {
            Process git = new ProcessBuilder("git", "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return git.waitFor(GIT_CHECK_SECONDS, TimeUnit.SECONDS) && git.exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        watchdog.shutdownNow();
    }
}
