package dev.buildboss.simulate;

import dev.buildboss.plan.Estimates.Work;
import java.util.Comparator;
import java.util.List;

/**
 * Times below which no schedule of a workload ends ({@code docs/decisions/0005-bounds-for-placement.md} derives them).
 *
 * <p>{@link #simple} takes work as water and looks at the longest cell. {@link #tight} adds that a board's commits on one machine are
 * a chain, that a chain is cut only at the price of a build from the beginning, that a machine has at most one piece of a board at
 * a time, and that nothing is parallel before the first serial part is over.
 */
final class Bounds {

    private final Workload workload;
    private final List<SimMachine> fastest;
    private final double capacity;
    private final double speed;

    Bounds(Workload workload, SimFleet fleet) {
        this.workload = workload;
        this.capacity = fleet.capacity();
        this.speed =
                fleet.machines().stream().mapToDouble(SimMachine::speed).max().orElse(1);
        // By the time that a unit of work takes there, done alone.
        this.fastest = fleet.machines().stream()
                .sorted(Comparator.comparingDouble(this::slowness))
                .toList();
    }

    private double slowness(SimMachine machine) {
        Work unit = workload.first(0, 0);
        return seconds(unit, machine) / unit.total();
    }

    private static double seconds(Work work, SimMachine machine) {
        return work.serial() / machine.speed() + (work.total() - work.serial()) / machine.capacity();
    }

    double simple() {
        double longest = 0;
        for (int board = 0; board < workload.boardCount(); board++) {
            longest = Math.max(longest, seconds(workload.first(board, 0), fastest.get(0)));
        }
        return Math.max(workload.total() / capacity, longest);
    }

    double tight() {
        double low = simple();
        if (isPossible(low)) {
            return low;
        }
        double high = low * 2;
        while (!isPossible(high)) {
            high *= 2;
        }
        for (int i = 0; i < 40; i++) {
            double middle = (low + high) / 2;
            if (isPossible(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** Whether this reasoning can't exclude a schedule that ends by then. */
    private boolean isPossible(double end) {
        double work = 0;
        double firstSerial = Double.MAX_VALUE;
        for (int board = 0; board < workload.boardCount(); board++) {
            double total = total(board);
            double cut = leastCut(board);
            int pieces = 1;
            double done = end / slowness(fastest.get(0));
            while (done < total + (pieces - 1) * cut) {
                if (pieces == fastest.size() || pieces == workload.commits()) {
                    return false;
                }
                done += end / slowness(fastest.get(pieces));
                pieces++;
            }
            work += total + (pieces - 1) * cut;
            firstSerial = Math.min(firstSerial, workload.first(board, 0).serial() / speed);
        }
        // Until then each board that is being built has one core, and a board is built at as many places as there are
        // machines.
        double places = (double) workload.boardCount() * Math.min(fastest.size(), workload.commits());
        double idle = Math.max(0, capacity - places * speed) * firstSerial;
        return work + idle <= end * capacity;
    }

    private double total(int board) {
        double sum = workload.first(board, 0).total();
        for (int commit = 1; commit < workload.commits(); commit++) {
            sum += workload.next(board, commit).total();
        }
        return sum;
    }

    /** What one more piece of a board costs at least. */
    private double leastCut(int board) {
        double least = Double.MAX_VALUE;
        for (int commit = 1; commit < workload.commits(); commit++) {
            least = Math.min(
                    least,
                    workload.first(board, commit).total()
                            - workload.next(board, commit).total());
        }
        return workload.commits() == 1 ? 0 : least;
    }
}
