package dev.buildboss.forecast;

import dev.buildboss.model.Board;
import dev.buildboss.plan.Estimates;
import dev.buildboss.plan.Estimates.Work;
import java.util.ArrayList;
import java.util.List;

/** A board on a machine, as far as its events tell: which of its cells is being built, and how much work went into it. */
final class Job {

    final Board board;
    /** Commits that it still owes, in order; the first is being built. */
    final List<Integer> commits;

    private final Estimates estimates;
    private boolean fresh = true;
    private Work present;
    /** Work of a machine's cores that went into the present cell; serial work comes first. */
    private double done;

    Job(Board board, List<Integer> commits, Estimates estimates) {
        this.board = board;
        this.commits = new ArrayList<>(commits);
        this.estimates = estimates;
        this.present = expected();
    }

    private Work expected() {
        if (commits.isEmpty()) {
            return Work.NOTHING;
        }
        int commit = commits.get(0);
        return fresh ? estimates.first(board, commit) : estimates.next(board, commit);
    }

    /** That cell is through, or somebody else's. */
    void through(int commit) {
        boolean begun = !commits.isEmpty() && commits.get(0) == commit;
        commits.remove((Integer) commit);
        if (begun) {
            fresh = false;
            done = 0;
            present = expected();
        }
    }

    /** Whether the present cell is built from the beginning. */
    boolean isAfresh() {
        return fresh;
    }

    boolean isSerial(double factor) {
        return done < present.serial() * factor;
    }

    /** Serial work that comes before the rest. */
    double serialLeft(double factor) {
        return Math.max(0, present.serial() * factor - done);
    }

    void work(double more) {
        done += more;
    }

    double done() {
        return done;
    }

    /** What the present cell was expected to take. */
    Work present() {
        return present;
    }

    /** What the present cell takes in all, as far as is known. */
    Lognormal whole(double logOfFactor, double spread) {
        return new Lognormal(Math.log(Math.max(1e-3, present.total())) + logOfFactor, spread);
    }

    /** What is left of the present cell if that is left in all, and it takes that much more than expected. */
    Work left(double total, double factor) {
        return new Work(total, Math.min(total, serialLeft(factor)));
    }
}
