package dev.buildboss.sweep;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Owner;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Whether a worker is left behind (pure): a worker of a boss that lives is not, and one ends by itself when its boss is gone. So
 * what is stale can't see that: it is stopped, or stuck, or its connection hangs.
 */
public final class Staleness {

    private static final Duration CLOCK_TOLERANCE = Duration.ofHours(25);

    private final String host;
    private final Predicate<Owner> lives;
    private final Duration silence;

    /**
     * A judge.
     *
     * @param host this computer's name
     * @param lives whether a boss on this computer is there still; those on others can't be asked
     * @param silence how long a worker may go without renewing its lock
     */
    public Staleness(String host, Predicate<Owner> lives, Duration silence) {
        this.host = requireNonNull(host, "host");
        this.lives = requireNonNull(lives, "lives");
        this.silence = requireNonNull(silence, "silence");
    }

    /** Why nobody can be using that worker; empty: somebody is. */
    public Optional<String> of(FoundWorker worker) {
        if (worker.state().equalsIgnoreCase("T")) {
            return Optional.of("it is stopped");
        }
        Optional<Owner> boss = worker.boss().flatMap(Owner::parse);
        if (boss.filter(owner -> owner.host().equals(host))
                .filter(lives.negate())
                .isPresent()) {
            return Optional.of("its boss is gone");
        }
        OptionalLong startedBy = worker.startedBy();
        if (startedBy.isPresent() && startedBy.getAsLong() > 0 && startedBy.getAsLong() != worker.parent()) {
            return Optional.of("its connection is gone");
        }
        OptionalLong renewed = worker.renewedSeconds();
        if (renewed.isPresent() && renewed.getAsLong() > silence.toSeconds()) {
            return Optional.of("no sign of life for " + renewed.getAsLong() + " s");
        }
        return Optional.empty();
    }

    /**
     * Whether a process of this computer is the one that an owner names: of that id, and not much younger than it says. Not much, as
     * the clock may have been set meanwhile: better to take a stranger for the boss than the boss for gone.
     */
    public static boolean livesHere(Owner owner) {
        return ProcessHandle.of(owner.process())
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(start -> !start.isAfter(owner.since().plus(CLOCK_TOLERANCE)))
                        .orElse(true))
                .isPresent();
    }
}
