package dev.buildboss.cli;

import dev.buildboss.MachineException;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.WorkerTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What one command's connections to machines are made by; its end is theirs. For one thread. */
final class MachineLinks implements AutoCloseable {

    private final List<WorkerTransport> transports;
    private final List<MachineLink> links = new ArrayList<>();

    MachineLinks(BossCommand boss, Settings settings) {
        this.transports = boss.builds.transports(settings);
    }

    /**
     * A new link to that machine.
     *
     * @throws MachineException if no transport serves it
     */
    MachineLink to(Machine machine) {
        MachineLink link = transports.stream()
                .filter(transport -> transport.serves(machine))
                .findFirst()
                .orElseThrow(() -> new MachineException(machine.name(), "no transport serves it", null))
                .link(machine);
        links.add(link);
        return link;
    }

    /** A machine's answer, which fails if it is not there in time. */
    static <T> CompletableFuture<T> bounded(CompletionStage<T> answer, Duration limit) {
        return answer.toCompletableFuture().copy().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Why an answer failed, in words. */
    static String reason(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof TimeoutException) {
            return "no answer in time";
        }
        return cause instanceof MachineException known ? known.reason() : String.valueOf(cause.getMessage());
    }

    /** What a stage failed of, without what stages wrap it in. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    @Override
    public void close() {
        links.forEach(MachineLink::close);
        transports.forEach(WorkerTransport::close);
    }
}
