package dev.buildboss.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The deadlines of one worker's grants, told in the time for which it was listened to (pure).
 *
 * <p>A grant has its deadline until its board is closed on the worker's connection, which can be later than its last answer that
 * anybody wants: nothing that is waited for is without one.
 */
final class Leases {

    private final Map<Long, Lease> open = new TreeMap<>();
    private long patienceNs;
    private long nowNs;

    /** The silence that ends a grant, for those that begin from now on and those that are extended. */
    void patience(Duration value) {
        patienceNs = value.toNanos();
    }

    void begin(long grant, String board) {
        open.put(grant, new Lease(board, nowNs + patienceNs));
    }

    /** A sign of life; of a grant that is over it is none. */
    void extend(long grant) {
        Lease lease = open.get(grant);
        if (lease != null) {
            open.put(grant, new Lease(lease.board, nowNs + patienceNs));
        }
    }

    /** Time went by, and these were heard of meanwhile; what is overdue then, each time until it is closed. */
    List<WorkPlan.Overdue> pass(Duration time, Collection<Long> heardOf) {
        nowNs += time.toNanos();
        heardOf.forEach(this::extend);
        List<WorkPlan.Overdue> overdue = new ArrayList<>();
        open.forEach((grant, lease) -> {
            if (nowNs >= lease.deadlineNs) {
                overdue.add(new WorkPlan.Overdue(grant, lease.board));
            }
        });
        return overdue;
    }

    void close(long grant) {
        open.remove(grant);
    }

    void closeAll() {
        open.clear();
    }

    private record Lease(String board, long deadlineNs) {}
}
