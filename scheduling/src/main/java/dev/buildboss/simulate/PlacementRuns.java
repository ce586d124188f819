package dev.buildboss.simulate;

import java.util.List;

/**
 * What the runs of a {@link PlacementSweep} took, and what is told of them.
 *
 * @param runs all of them, in the sweep's order
 */
public record PlacementRuns(List<Run> runs) {

    /**
     * A matrix on a fleet; in seconds.
     *
     * @param boards how many boards the matrix has
     * @param oursS its makespan by {@link Policy#OURS}
     * @param existingS by {@link Policy#EXISTING}
     * @param boundS no schedule ends sooner
     * @param tightBoundS nor sooner than this, which counts what splitting and serial chains cost at least
     */
    public record Run(int boards, double oursS, double existingS, double boundS, double tightBoundS) {}

    /**
     * One ratio of each run; none is NaN.
     *
     * @param values the ratios, at least one
     */
    public record Ratios(List<Double> values) {
        /** Sorts a copy of the list. */
        public Ratios {
            values = values.stream().sorted().toList();
            if (values.isEmpty()) {
                throw new IllegalArgumentException("no runs to tell of");
            }
        }

        /** The arithmetic mean. */
        public double mean() {
            return values.stream().mapToDouble(value -> value).average().orElseThrow();
        }

        /** The ratio that that part of all, 0 to 1, are below. */
        public double percentile(double part) {
            return values.get(Math.min(values.size() - 1, (int) (values.size() * part)));
        }

        /** The largest. */
        public double worst() {
            return values.get(values.size() - 1);
        }
    }

    /** Copies the list. */
    public PlacementRuns {
        runs = List.copyOf(runs);
    }

    /** Those of matrices with no more boards. */
    public PlacementRuns upTo(int boards) {
        return new PlacementRuns(
                runs.stream().filter(run -> run.boards() <= boards).toList());
    }

    /** Our makespan over the plain bound. */
    public Ratios overBound() {
        return new Ratios(runs.stream().map(run -> run.oursS() / run.boundS()).toList());
    }

    /** Our makespan over the tight bound. */
    public Ratios overTightBound() {
        return new Ratios(
                runs.stream().map(run -> run.oursS() / run.tightBoundS()).toList());
    }

    /** Our makespan over that of the existing policy. */
    public Ratios overExisting() {
        return new Ratios(
                runs.stream().map(run -> run.oursS() / run.existingS()).toList());
    }
}
