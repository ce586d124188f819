package dev.buildboss.cli;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jline.utils.Signals;

/** Ctrl-C and its relatives: the first time a run is asked to stop, the second time the program leaves at once. */
final class Interrupts {

    /** SIGHUP stays ignored under nohup: the JVM does not take a signal that was ignored at its start. */
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private final AtomicInteger count = new AtomicInteger();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final Set<String> working = ConcurrentHashMap.newKeySet();
    private final Consumer<Set<String>> leaveNow;

    /**
     * Counts.
     *
     * @param leaveNow ends the process; it gets the names of the machines that were not waited for
     */
    Interrupts(Consumer<Set<String>> leaveNow) {
        this.leaveNow = leaveNow;
    }

    /** Takes the signals of this process; without that only {@link #signal} counts. */
    Interrupts listen() {
        SIGNALS.forEach(name -> Signals.register(name, this::signal));
        return this;
    }

    /** What a signal does. */
    void signal() {
        asked.countDown();
        if (count.incrementAndGet() >= 2) {
            leaveNow.accept(new TreeSet<>(working));
        }
    }

    /** Waits until it is asked to stop, or for so long; whether it was asked. */
    boolean await(Duration time) {
        try {
            return asked.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Machines that have work of ours now. */
    Set<String> working() {
        return working;
    }

    /** How often it was asked to stop. */
    int count() {
        return count.get();
    }
}
