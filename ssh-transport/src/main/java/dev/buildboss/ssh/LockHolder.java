package dev.buildboss.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.MachineException;
import dev.buildboss.model.Machine;
import dev.buildboss.model.Owner;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the work directory of an existing worker, which takes no lock itself: a shell there that keeps the lock until its input
 * ends. So the lock goes when this boss is killed or its connection breaks, like that of a worker of ours.
 */
final class LockHolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LockHolder.class);

    private final Machine machine;
    private final RemoteProcess process;
    private final String holder;
    private final ScheduledExecutorService renewal;

    private LockHolder(Machine machine, RemoteProcess process, String holder, Duration renewEach) {
        this.machine = machine;
        this.process = process;
        this.holder = holder;
        this.renewal = Executors.newSingleThreadScheduledExecutor(LinkTools.threads(machine.name() + "-lock"));
        var unused = renewal.scheduleWithFixedDelay(
                this::renew, renewEach.toMillis(), renewEach.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Takes the lock and makes the repository ready for a push; blocks. */
    static LockHolder take(RemoteShell shell, Machine machine, LinkTools tools, Optional<Owner> boss) {
        String nonce = tools.nonce();
        RemoteProcess process;
        try {
            process = shell.exec(Scripts.command(Scripts.prepare(nonce, machine, Optional.empty(), tools.lock(boss))));
        } catch (IOException e) {
            throw new MachineException(machine.name(), "the work directory can't be prepared: " + e.getMessage(), e);
        }
        try {
            return new LockHolder(
                    machine,
                    process,
                    holder(process, nonce, machine, tools),
                    tools.settings().worker().lockInterval());
        } catch (RuntimeException e) {
            process.kill();
            throw e;
        }
    }

    private static String holder(RemoteProcess process, String nonce, Machine machine, LinkTools tools) {
        String what = "preparing the work directory";
        Duration limit = tools.settings().boss().readyTimeout();
        try (RemoteRunner.Limit alarm = tools.runner(machine).limit(process, limit)) {
            try {
                Answer answer = AnswerReader.read(process.stdout(), nonce);
                if (answer.is("busy")) {
                    throw MachineException.busy(machine.name(), answer.rest());
                }
                if (!answer.is("ok")) {
                    throw alarm.blame(what, new MachineException(machine.name(), answer.reason(), null));
                }
                return answer.words().get(0);
            } catch (IOException e) {
                throw alarm.blame(what, e);
            }
        }
    }

    /** Who holds the lock, as the scripts say it. */
    String holder() {
        return holder;
    }

    private void renew() {
        try {
            process.stdin().write("renew\n".getBytes(UTF_8));
            process.stdin().flush();
        } catch (IOException e) {
            LOG.debug("{}: the lock's holder is gone", machine.name(), e); // the worker's own connection tells more
            renewal.shutdown();
        }
    }

    /** Gives the lock up. */
    @Override
    public void close() {
        renewal.shutdownNow();
        process.kill();
    }
}
