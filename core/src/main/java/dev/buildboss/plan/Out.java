package dev.buildboss.plan;

import dev.buildboss.plan.Estimates.Work;
import java.util.BitSet;

/** A grant that is out: commits of a board that a worker was given; {@link WorkPlan} keeps it. */
final class Out {

    /** What is left of a cell that takes longer than it was expected to: this part of what it took so far. */
    private static final double OVERRUN = 0.15;

    final long id;
    final BoardWork work;
    final WorkerState worker;
    /** Commits without an answer. */
    final BitSet asked;
    /** Commits that were answered. */
    final BitSet answered = new BitSet();
    /** Commits that were taken back without an answer. */
    final BitSet recalled = new BitSet();
    /** It failed cells that somebody else may build. */
    boolean failed;
    /** One of them for a reason that speaks against the machine. */
    boolean machineFailed;

    /** When its present cell began, as far as is known. */
    private long sinceMs;
    /** What {@link WorkerState#shareUntil} said then. */
    private double sinceShareS;
    /** Work of the cells that follow the present one. */
    private Work later = Work.NOTHING;

    private Work present = Work.NOTHING;
    private final Estimates estimates;

    Out(long id, BoardWork work, WorkerState worker, BitSet asked, Estimates estimates, long nowMs) {
        this.id = id;
        this.work = work;
        this.worker = worker;
        this.asked = asked;
        this.estimates = estimates;
        refresh(nowMs);
    }

    /** A cell was answered or taken back: the next one begins. */
    void refresh(long nowMs) {
        sinceMs = nowMs;
        sinceShareS = worker.shareUntil(nowMs);
        worker.known = null;
        int begun = asked.nextSetBit(0);
        if (begun < 0) {
            present = Work.NOTHING;
            later = Work.NOTHING;
            return;
        }
        present = answered.isEmpty() ? estimates.first(work.board, begun) : estimates.next(work.board, begun);
        sumLater();
    }

    /** Commits were taken back; {@code begun}: the present one may be among them. */
    void refresh(boolean begun, long nowMs) {
        if (begun) {
            refresh(nowMs);
        } else {
            worker.known = null;
            sumLater();
        }
    }

    private void sumLater() {
        double total = 0;
        double serial = 0;
        int begun = asked.nextSetBit(0);
        for (int commit = begun < 0 ? -1 : asked.nextSetBit(begun + 1);
                commit >= 0;
                commit = asked.nextSetBit(commit + 1)) {
            Work next = estimates.next(work.board, commit);
            total += next.total();
            serial += next.serial();
        }
        later = new Work(total, serial);
    }

    /** What is left of the present cell. */
    Work present(long nowMs) {
        Power power = worker.power;
        double seconds = Math.max(0, nowMs - sinceMs) / 1000.0;
        double had = worker.shareUntil(nowMs) - sinceShareS;
        double share = seconds > 0 ? power.capacity() * had / seconds : 0;
        double head = Math.min(seconds, present.serial() / power.speed());
        double done = head * power.speed() + (seconds - head) * Math.max(share, power.speed());
        double total = Math.max(present.total() - done, done * OVERRUN);
        double serial = Math.min(total, Math.max(0, present.serial() - head * power.speed()));
        return new Work(total, serial);
    }

    /** What follows the present cell. */
    Work later() {
        return later;
    }
}
