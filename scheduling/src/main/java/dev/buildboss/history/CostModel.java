package dev.buildboss.history;

import dev.buildboss.history.ChangedFiles.Reach;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What builds cost, as learnt from those that were done (pure, immutable; {@code docs/scheduling.md} says how). A board that was
 * never built costs what its architecture's do, more or less by the length of its defconfig; a commit that was never built costs
 * what others do that change as many files of that kind.
 */
public final class CostModel {

    /** What an estimate of a board rests on. */
    public enum Basis {
        /** The board was built before. */
        BOARD,
        /** Others of its architecture were. */
        ARCH,
        /** Others were. */
        OTHERS,
        /** Nothing was: the figures are what builds of U-Boot usually cost. */
        PRIOR
    }

    /** Builds from the beginning: logarithms of core-seconds. */
    record Firsts(
            Map<String, Double> boards,
            Map<String, Double> archs,
            double all,
            double spreadOfBoard,
            double spreadOfArch) {

        double log(String board, String arch) {
            Double own = boards.get(board);
            return own != null ? own : archs.getOrDefault(arch, all);
        }
    }

    /** Builds after a commit: logarithms of their ratio to one from the beginning, and for cells that were built, of the cost. */
    record Nexts(
            Map<Reach, List<Double>> reaches,
            Map<String, Double> commits,
            Map<String, Double> boards,
            Map<String, Map<String, Double>> cells,
            double spreadOfCommit,
            double spreadOfReach) {

        static double reach(Map<Reach, List<Double>> reaches, @Nullable ChangedFiles files) {
            Reach reach = files == null ? Reach.UNKNOWN : files.reach();
            return reaches.getOrDefault(reach, List.of()).get(files == null ? 0 : files.size());
        }

        double log(String commit, @Nullable ChangedFiles files) {
            Double own = commits.get(commit);
            return own != null ? own : reach(reaches, files);
        }
    }

    /** Which part of boards' builds only one core works at. */
    record Parts(Map<String, Double> boards, double others) {

        double of(String board) {
            return boards.getOrDefault(board, others);
        }
    }

    /** The same from the beginning and after commits; {@code configure} is a part of a build from the beginning, and in neither. */
    record Serial(Parts first, Parts next, Parts configure) {}

    private final Firsts firsts;
    private final Nexts nexts;
    private final Serial serial;
    private final Map<String, Double> speeds;
    private final Map<String, Integer> threads;
    private final int builds;

    CostModel(
            Firsts firsts,
            Nexts nexts,
            Serial serial,
            Map<String, Double> speeds,
            Map<String, Integer> threads,
            int builds) {
        this.firsts = firsts;
        this.nexts = nexts;
        this.serial = serial;
        this.speeds = Map.copyOf(speeds);
        this.threads = Map.copyOf(threads);
        this.builds = builds;
    }

    /**
     * Learns from builds.
     *
     * @param changes what commits change, by hash, as far as is known
     */
    public static CostModel learn(List<Build> builds, Map<String, ChangedFiles> changes) {
        List<Build> inOrder = new ArrayList<>(builds);
        inOrder.sort(Comparator.comparingLong(Build::at));
        return new CostLearner(changes).learn(inOrder);
    }

    /** What is expected before anything was built. */
    public static CostModel prior() {
        return learn(List.of(), Map.of());
    }

    /** From how many builds this was learnt. */
    public int builds() {
        return builds;
    }

    /** The speed of a machine's cores; 1 for one that never built what another did. */
    public double speed(String machine) {
        return speeds.getOrDefault(machine, 1.0);
    }

    /** CPU threads of a machine when it was last heard of; 0: it never said. */
    public int threads(String machine) {
        return threads.getOrDefault(machine, 0);
    }

    /** Machines whose threads are known. */
    public Set<String> machines() {
        return threads.keySet();
    }

    /** What the estimate of a board rests on. */
    public Basis basis(Board board) {
        if (firsts.boards.containsKey(board.target())) {
            return Basis.BOARD;
        } else if (firsts.archs.containsKey(board.arch())) {
            return Basis.ARCH;
        }
        return firsts.archs.isEmpty() ? Basis.PRIOR : Basis.OTHERS;
    }

    /** How far a board's costs are off, as the standard deviation of their logarithms. */
    public double spread(Board board) {
        return basis(board) == Basis.BOARD ? firsts.spreadOfBoard : firsts.spreadOfArch;
    }

    /** How far the costs of a commit are off on average over boards. */
    public double spreadOf(Commit commit) {
        return spreadOf(commit.hash());
    }

    double spreadOf(String commit) {
        return nexts.commits.containsKey(commit) ? nexts.spreadOfCommit / 2 : nexts.spreadOfReach;
    }

    /** What builds after a commit that was built cost, as a part of those from the beginning. */
    double partAfter(String commit) {
        return Math.min(1, Math.exp(nexts.log(commit, null)));
    }

    /** Configuring a board, as a part of its build from the beginning. */
    double configuring(String board) {
        return serial.configure.of(board);
    }

    /** How far the cost of one board after one commit is off, when the board's and the commit's average are right. */
    public double spreadOfCell() {
        return nexts.spreadOfCommit;
    }

    /**
     * The costs of a matrix.
     *
     * @param boards what is to be built
     * @param commits the series
     * @param changes what they change, by hash, as far as is known
     * @param sizes lines of boards' defconfigs, by board, as far as is known
     */
    public LearntEstimates estimates(
            List<Board> boards, List<Commit> commits, Map<String, ChangedFiles> changes, Map<String, Integer> sizes) {
        double[] ratios = commits.stream()
                .mapToDouble(commit -> nexts.log(commit.hash(), changes.get(commit.hash())))
                .toArray();
        Map<String, Integer> index = new HashMap<>();
        for (int i = 0; i < commits.size(); i++) {
            index.put(commits.get(i).hash(), i);
        }
        Sizes lengths = new Sizes(this, boards, sizes);
        Map<String, LearntEstimates.Cost> costs = new HashMap<>();
        for (Board board : boards) {
            double first = Math.exp(firsts.log(board.target(), board.arch()) + lengths.correction(board));
            Map<Integer, Double> known = new HashMap<>(0);
            nexts.cells.getOrDefault(board.target(), Map.of()).forEach((commit, log) -> {
                Integer place = index.get(commit);
                if (place != null) {
                    known.put(place, Math.exp(log));
                }
            });
            double after = Math.exp(nexts.boards.getOrDefault(board.target(), 0.0));
            costs.put(board.target(), new LearntEstimates.Cost(first, after, known));
        }
        double[] factors = Arrays.stream(ratios).map(Math::exp).toArray();
        return new LearntEstimates(this, List.copyOf(boards), List.copyOf(commits), costs, factors, serial, speeds);
    }

    /** How the length of a board's defconfig changes what its architecture says of it. */
    private static final class Sizes {
        private final CostModel model;
        private final Map<String, Integer> lines;
        private final Map<String, Double> means = new HashMap<>();

        Sizes(CostModel model, List<Board> boards, Map<String, Integer> lines) {
            this.model = model;
            this.lines = lines;
            Map<String, double[]> sums = new HashMap<>();
            for (Board board : boards) {
                // Those that were built are what the architecture's mean is made of; without any, all are alike.
                boolean counts = model.basis(board) == Basis.BOARD || !model.firsts.archs.containsKey(board.arch());
                Integer length = lines.get(board.target());
                if (length != null && length > 0 && counts) {
                    double[] sum = sums.computeIfAbsent(board.arch(), arch -> new double[2]);
                    sum[0] += Math.log(length);
                    sum[1]++;
                }
            }
            sums.forEach((arch, sum) -> means.put(arch, sum[0] / sum[1]));
        }

        double correction(Board board) {
            Integer length = lines.get(board.target());
            Double mean = means.get(board.arch());
            return length == null || length <= 0 || mean == null || model.basis(board) == Basis.BOARD
                    ? 0
                    : Priors.SIZE_EXPONENT * (Math.log(length) - mean);
        }
    }
}
