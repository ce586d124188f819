package dev.buildboss.forecast;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A machine of a run: its cores, shared evenly among its boards, and the work that goes into them as time passes. */
final class Bench {

    private static final double TINY_S = 1e-6;

    final double cores;
    final double speed;
    final Map<String, Job> jobs = new LinkedHashMap<>();
    private double nowS;

    Bench(double cores, double speed, double nowS) {
        this.cores = cores;
        this.speed = speed;
        this.nowS = nowS;
    }

    double capacity() {
        return cores * speed;
    }

    /** Works until then; {@code factor} tells how much more than expected the present cell of a board takes. */
    void advance(double toS, ToDoubleFunction<Job> factor) {
        while (toS - nowS > TINY_S && !jobs.isEmpty()) {
            double core = Math.min(1, cores / jobs.size());
            double left = cores;
            int parallel = 0;
            double step = toS - nowS;
            for (Job job : jobs.values()) {
                if (job.isSerial(factor.applyAsDouble(job))) {
                    left -= core;
                    step = Math.min(step, job.serialLeft(factor.applyAsDouble(job)) / (core * speed) + TINY_S);
                } else {
                    parallel++;
                }
            }
            double share = parallel == 0 ? 0 : Math.max(0, left) / parallel;
            for (Job job : jobs.values()) {
                job.work((job.isSerial(factor.applyAsDouble(job)) ? core : share) * speed * step);
            }
            nowS += step;
        }
        nowS = Math.max(nowS, toS);
    }
}
