package dev.buildboss.history;

import dev.buildboss.history.ChangedFiles.Reach;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Learns a {@link CostModel} from builds (pure): from the wide to the narrow, each group's median drawn to that of the wider one
 * ({@link Priors}), in logarithms. First how fast machines are, then what boards cost from the beginning, then what part of that a
 * commit costs.
 */
final class CostLearner {

    /** A build that shared its machine with more than a few moments of others: they had what it left in its serial part. */
    private static final double ALONE = 1.1;

    /** With fewer cores, whatever else runs on the machine weighs more than what in a build is serial. */
    private static final double LEAST_CORES = 3;

    /** A build has one core at least all the time; one that used less of it waited for something that is no core. */
    private static final double LEAST_BUSY = 0.7;

    /** More CPU time than all threads have is none. */
    private static final double CLOCKS_APART = 1.05;

    /** A cost of nothing has no logarithm; no real build is faster. */
    private static final double LEAST_S = 0.01;

    private record Seen(Build build, double logCost) {}

    private final Map<String, ChangedFiles> changes;
    private final Speeds speeds = new Speeds();
    private final Map<String, Integer> threads = new HashMap<>();
    private final Map<String, List<Double>> firstSerial = new TreeMap<>();
    private final Map<String, List<Double>> nextSerial = new TreeMap<>();
    private final Map<String, List<Double>> configure = new TreeMap<>();
    private final Map<String, String> archs = new TreeMap<>();
    private final Map<String, List<Seen>> first = new TreeMap<>();
    private final Map<String, List<Seen>> next = new TreeMap<>();

    CostLearner(Map<String, ChangedFiles> changes) {
        this.changes = changes;
    }

    CostModel learn(List<Build> builds) {
        builds.forEach(this::serial);
        CostModel.Parts serialFirst = parts(Priors.SERIAL_FIRST, firstSerial);
        CostModel.Parts serialNext = parts(Priors.SERIAL_NEXT, nextSerial);
        List<Seen> all = builds.stream()
                .map(build -> new Seen(
                        build, Math.log(cost(build, (build.first() ? serialFirst : serialNext).of(build.board())))))
                .toList();
        for (Seen seen : all) {
            speeds.add(seen.build, seen.logCost);
            if (seen.build.first() && seen.build.configureS() > 0) {
                configure
                        .computeIfAbsent(seen.build.board(), name -> new ArrayList<>())
                        .add(Math.min(0.9, seen.build.configureS() / Math.exp(seen.logCost)));
            }
        }
        speeds.settle();
        for (Seen seen : all) {
            Build build = seen.build;
            Seen fair = new Seen(build, seen.logCost + speeds.log(build.machine()));
            (build.first() ? first : next)
                    .computeIfAbsent(build.board(), name -> new ArrayList<>())
                    .add(fair);
            archs.put(build.board(), build.arch());
        }
        CostModel.Firsts firsts = firsts();
        CostModel.Nexts nexts = nexts(firsts);
        CostModel.Serial serial = new CostModel.Serial(serialFirst, serialNext, parts(Priors.CONFIGURE, configure));
        return new CostModel(firsts, nexts, serial, speeds.all(), threads, builds.size());
    }

    /** What builds tell of themselves: machines' threads, and where CPU seconds are known, which part of them was serial. */
    private void serial(Build build) {
        if (build.threads() > 0) {
            threads.put(build.machine(), build.threads());
        }
        if (cpuTells(build)) {
            double shared = shared(build);
            double part = (build.seconds() / build.cpuS() - shared) / (1 - shared);
            // Configuring, all of it serial, is counted by itself.
            double rest = (part * build.cpuS() - build.configureS()) / (build.cpuS() - build.configureS());
            (build.first() ? firstSerial : nextSerial)
                    .computeIfAbsent(build.board(), name -> new ArrayList<>())
                    .add(Math.max(0, Math.min(0.95, rest)));
        }
    }

    /** Whether CPU seconds say what a build cost, and with the time that it took, how many cores it kept busy. */
    private static boolean cpuTells(Build build) {
        return build.sharing() <= ALONE
                && build.threads() >= LEAST_CORES * build.sharing()
                && build.cpuS() >= LEAST_BUSY * build.seconds()
                && build.cpuS() <= CLOCKS_APART * build.seconds() * build.threads()
                && build.cpuS() > build.configureS();
    }

    /** Boards' serial parts of one kind, each drawn to the middle of all. */
    private static CostModel.Parts parts(double prior, Map<String, List<Double>> seen) {
        List<Double> all = new ArrayList<>();
        seen.values().forEach(all::addAll);
        double middle = Robust.towards(prior, Priors.OF_SERIAL, all);
        Map<String, Double> boards = new HashMap<>();
        seen.forEach((board, own) -> boards.put(board, Robust.towards(middle, Priors.OF_SERIAL_OF_BOARD, own)));
        return new CostModel.Parts(boards, middle);
    }

    /** The reciprocal of the cores that a build had for itself. */
    private static double shared(Build build) {
        int threads = build.threads() > 0 ? build.threads() : Priors.THREADS;
        return build.sharing() / threads;
    }

    /**
     * Seconds of one core there. Cores that a build leaves in its serial part are lost if it is alone; other boards' makes take them
     * unless these are all in theirs. What a machine does besides makes a build longer and its CPU time not: that is the machine's
     * speed, so the time counts wherever it says as much.
     */
    private static double cost(Build build, double serial) {
        if (cpuTells(build)) {
            return Math.max(LEAST_S, build.cpuS());
        }
        double shared = shared(build);
        double inSerial = serial * Math.max(1, shared);
        double alone = inSerial + (1 - serial) * shared;
        double lost = Math.pow(inSerial / alone, build.sharing() - 1);
        return Math.max(LEAST_S, build.seconds() / (lost * alone + (1 - lost) * shared));
    }

    private static List<Double> logs(List<Seen> seen) {
        return seen.stream().map(Seen::logCost).toList();
    }

    private CostModel.Firsts firsts() {
        Map<String, List<Double>> byArch = new TreeMap<>();
        List<Double> each = new ArrayList<>();
        first.forEach((board, seen) -> {
            double middle = Robust.median(logs(seen));
            each.add(middle);
            byArch.computeIfAbsent(archs.getOrDefault(board, ""), arch -> new ArrayList<>())
                    .add(middle);
        });
        double all = Robust.towards(Math.log(Priors.FIRST_S), Priors.OF_ALL, each);
        Map<String, Double> archLogs = new HashMap<>();
        List<Double> around = new ArrayList<>();
        byArch.forEach((arch, values) -> {
            double middle = Robust.towards(all, Priors.OF_ARCH, values);
            archLogs.put(arch, middle);
            values.forEach(value -> around.add(value - middle));
        });
        Map<String, Double> boards = new HashMap<>();
        List<Double> again = new ArrayList<>();
        first.forEach((board, seen) -> {
            double wider = archLogs.getOrDefault(archs.getOrDefault(board, ""), all);
            double middle = Robust.towards(wider, Priors.OF_BOARD, logs(seen));
            boards.put(board, middle);
            if (seen.size() > 1) {
                seen.forEach(one -> again.add(one.logCost - middle));
            }
        });
        return new CostModel.Firsts(
                boards,
                archLogs,
                all,
                Robust.spread(Priors.SPREAD_OF_BOARD, Priors.OF_SPREAD, again),
                first.isEmpty()
                        ? Priors.SPREAD_OF_NOTHING
                        : Robust.spread(Priors.SPREAD_OF_ARCH, Priors.OF_SPREAD, around));
    }

    private CostModel.Nexts nexts(CostModel.Firsts firsts) {
        Map<String, List<Double>> ofCommits = new TreeMap<>();
        next.forEach((board, all) -> all.forEach(seen -> ofCommits
                .computeIfAbsent(seen.build.commit(), commit -> new ArrayList<>())
                .add(seen.logCost - firsts.log(board, archs.getOrDefault(board, "")))));
        Map<Reach, List<Double>> reaches = reaches(ofCommits);
        List<Double> aroundReach = new ArrayList<>();
        Map<String, Double> commits = new HashMap<>();
        ofCommits.forEach((commit, values) -> {
            double wider = CostModel.Nexts.reach(reaches, changes.get(commit));
            commits.put(commit, Robust.towards(wider, Priors.OF_COMMIT, values));
            aroundReach.add(Robust.median(values) - wider);
        });
        List<Double> aroundCommit = new ArrayList<>();
        Map<String, Double> boards = new HashMap<>();
        Map<String, Map<String, Double>> cells = new HashMap<>();
        next.forEach((board, all) -> {
            double base = firsts.log(board, archs.getOrDefault(board, ""));
            Map<String, List<Double>> direct = new TreeMap<>();
            List<Double> own = new ArrayList<>();
            for (Seen seen : all) {
                double expected = base + commits.getOrDefault(seen.build.commit(), 0.0);
                own.add(seen.logCost - expected);
                direct.computeIfAbsent(seen.build.commit(), commit -> new ArrayList<>())
                        .add(seen.logCost);
            }
            double factor = Robust.towards(0, Priors.OF_BOARD_AFTER_COMMITS, own);
            boards.put(board, factor);
            own.forEach(value -> aroundCommit.add(value - factor));
            Map<String, Double> known = new HashMap<>();
            direct.forEach((commit, values) -> known.put(
                    commit, Robust.towards(base + commits.getOrDefault(commit, 0.0) + factor, Priors.OF_CELL, values)));
            cells.put(board, known);
        });
        return new CostModel.Nexts(
                reaches,
                commits,
                boards,
                cells,
                Robust.spread(Priors.SPREAD_OF_COMMIT, Priors.OF_SPREAD, aroundCommit),
                Robust.spread(Priors.SPREAD_OF_REACH, Priors.OF_SPREAD, aroundReach));
    }

    /** By what commits change, and by how many files; a commit counts once, on however many boards it was built. */
    private Map<Reach, List<Double>> reaches(Map<String, List<Double>> ofCommits) {
        Map<Reach, Map<Integer, List<Double>>> seen = new EnumMap<>(Reach.class);
        ofCommits.forEach((commit, ratios) -> {
            ChangedFiles files = changes.get(commit);
            double middle = Robust.median(ratios);
            values(seen, Reach.UNKNOWN, 0).add(middle); // what nothing is known of is like any
            if (files != null) {
                values(seen, files.reach(), files.size()).add(middle);
            }
        });
        Map<Reach, List<Double>> result = new EnumMap<>(Reach.class);
        for (Reach reach : Reach.values()) {
            List<Double> all = new ArrayList<>();
            for (int size = 0; size < ChangedFiles.BINS; size++) {
                double less = Math.log(Priors.sizeFactor(reach, size));
                values(seen, reach, size).forEach(value -> all.add(value - less));
            }
            double middle = Robust.towards(Math.log(Priors.ratio(reach)), Priors.OF_REACH, all);
            List<Double> bySize = new ArrayList<>();
            for (int size = 0; size < ChangedFiles.BINS; size++) {
                double wider = middle + Math.log(Priors.sizeFactor(reach, size));
                bySize.add(Robust.towards(wider, Priors.OF_REACH, values(seen, reach, size)));
            }
            result.put(reach, bySize);
        }
        return result;
    }

    private static List<Double> values(Map<Reach, Map<Integer, List<Double>>> seen, Reach reach, int size) {
        return seen.computeIfAbsent(reach, kind -> new TreeMap<>()).computeIfAbsent(size, bin -> new ArrayList<>());
    }
}
