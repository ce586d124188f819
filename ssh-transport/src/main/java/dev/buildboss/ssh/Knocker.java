package dev.buildboss.ssh;

import dev.buildboss.MachineException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Comes again to an ssh server that turned a connection away before it said who it is: an sshd does so at random when too many
 * connections are in the making there ({@code MaxStartups}), whoever they belong to. Nothing ran there then, so all may be done again;
 * where that is a guess ({@link #UNHEARD}), what is done again is what a boss does again anyway after a broken connection.
 */
final class Knocker {

    /** In our own words for it; the ssh program's are {@link #PROGRAM}, and since OpenSSH 10 none at all (at its log level ERROR). */
    static final String TURNED_AWAY = "turned the connection away";

    /** How a message ends that says of a connection that it broke soon, before anything was heard. */
    static final String UNHEARD = " before a word came";

    private static final String PROGRAM = "kex_exchange_identification";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final int attempts;

    /** Knocks that many times at most, with pauses that double from 0.1 to 2 s, give or take a half. */
    Knocker(int attempts) {
        this.attempts = attempts;
    }

    /**
     * Does that, again if it was turned away; blocks.
     *
     * @throws MachineException the last failure, if it was turned away each time; any other at once
     */
    <T> T untilLetIn(Supplier<T> work) {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (MachineException e) {
                if (!isTurnedAway(e) || attempt == attempts) {
                    throw e;
                }
                // At random: those that were turned away together must not come again together.
                LockSupport.parkNanos(
                        (long) (pause.toNanos() * ThreadLocalRandom.current().nextDouble(0.5, 1.5)));
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    /**
     * Why a command's connection broke.
     *
     * @param words what the ssh program said of it, on one line; empty: nothing
     * @param broken what was seen of it
     */
    static String why(String words, String broken) {
        if (!words.isBlank()) {
            return words + " (" + broken + ")";
        }
        return broken.endsWith(UNHEARD) ? broken + ": it seems that the server " + TURNED_AWAY : broken;
    }

    private static boolean isTurnedAway(MachineException failure) {
        return failure.reason().contains(TURNED_AWAY) || failure.reason().contains(PROGRAM);
    }
}
