package dev.buildboss.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.buildboss.BuildEvent;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.Flow;

/** Counts results, and reads this process's own CPU time after the warm-up and at the end of the measured part. */
final class CostMeter implements Flow.Subscriber<BuildEvent> {

    private final int warmUp;
    private final int measured;
    private final OperatingSystemMXBean os = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private int results;
    private long cpuNs;
    private long wallNs;
    private String report = "the run was too short for a measurement";

    CostMeter(int warmUp, int measured) {
        this.warmUp = warmUp;
        this.measured = measured;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(BuildEvent event) {
        if (event instanceof BuildEvent.CellDone) {
            count(1);
        } else if (event instanceof BuildEvent.Missed missed) {
            throw new IllegalStateException("the meter was too slow: " + missed);
        }
    }

    private void count(int more) {
        results += more;
        if (results == warmUp) {
            cpuNs = os.getProcessCpuTime();
            wallNs = System.nanoTime();
        } else if (results == warmUp + measured) {
            double cpuMs = (os.getProcessCpuTime() - cpuNs) / 1e6;
            double seconds = (System.nanoTime() - wallNs) / 1e9;
            report = String.format(
                    Locale.ROOT,
                    "%d results after a warm-up of %d: %.1f results/s, %.3f ms of boss CPU a result",
                    measured,
                    warmUp,
                    measured / seconds,
                    cpuMs / measured);
        }
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}

    synchronized String report() {
        return report;
    }
}
