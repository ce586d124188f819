package dev.buildboss.ssh;

import dev.buildboss.MachineException;
import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Commands over the ssh program: a connection for each, by the user's own configuration, whatever it says. */
final class SshProgramShell implements RemoteShell {

    private final String machine;
    private final String target;
    private final Settings.Ssh settings;
    private final Optional<Path> configFile;
    private final Duration limit;
    private final TrafficCounter traffic;
    private final Semaphore connecting;
    private final Set<ProgramProcess> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    SshProgramShell(
            String machine,
            String target,
            Settings.Ssh settings,
            Optional<Path> configFile,
            Duration limit,
            TrafficCounter traffic,
            Semaphore connecting) {
        this.machine = machine;
        this.target = target;
        this.settings = settings;
        this.configFile = configFile;
        this.limit = limit;
        this.traffic = traffic;
        this.connecting = connecting;
    }

    @Override
    public RemoteProcess exec(String command) throws IOException {
        if (closed) {
            throw new MachineException(machine, "the link is closed", null);
        }
        acquire();
        AtomicBoolean held = new AtomicBoolean(true);
        Runnable connected = () -> {
            if (held.compareAndSet(true, false)) {
                connecting.release();
            }
        };
        try {
            Process process = new ProcessBuilder(argv(command)).start();
            ProgramProcess result = new ProgramProcess(process, target, traffic, connected);
            running.add(result);
            result.exited().thenRun(() -> running.remove(result));
            if (closed) {
                result.kill();
            }
            return result;
        } catch (IOException e) {
            connected.run();
            throw new MachineException(machine, "can't run the ssh program '" + settings.program() + "'", e);
        }
    }

    private void acquire() {
        try {
            if (!connecting.tryAcquire(limit.toMillis() * 10, TimeUnit.MILLISECONDS)) {
                throw new MachineException(
                        machine, "no turn to connect came: too many connections in the making", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineException(machine, "interrupted while waiting to connect", e);
        }
    }

    /** What the settings say is given where the user's configuration may leave it open, and wins: as with JSch. */
    private List<String> argv(String command) {
        SshHost.requireWord("host", target);
        List<String> argv = new ArrayList<>(List.of(settings.program()));
        configFile.ifPresent(f -> argv.addAll(List.of("-F", f.toString())));
        long seconds = Math.max(
                1, Math.min(limit.toSeconds(), settings.connectTimeout().toSeconds()));
        argv.addAll(List.of(
                "-T",
                "-x",
                "-o",
                "BatchMode=yes",
                // Else it writes to the worker's stderr that it recorded a key.
                "-o",
                "LogLevel=ERROR",
                "-o",
                "StrictHostKeyChecking=" + (settings.strictHostKeys() ? "yes" : "accept-new"),
                "-o",
                "ConnectTimeout=" + seconds,
                "-o",
                "ServerAliveInterval="
                        + Math.max(1, settings.keepaliveInterval().toSeconds()),
                "-o",
                "ServerAliveCountMax=" + settings.keepaliveCount(),
                "-o",
                "ClearAllForwardings=yes",
                // A shared connection would end our sessions with somebody else's, and stall them with it.
                "-o",
                "ControlPath=none"));
        argv.addAll(List.of("--", target, command));
        return argv;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(ProgramProcess::kill);
    }
}
