package dev.buildboss.history;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.plan.Estimates.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What is believed of boards, machines and commits, and what that rests on: a {@link CostModel} as tables (pure). */
public final class Beliefs {

    /** Stands for a commit of which nothing is known. */
    private static final Commit ANY = new Commit("0".repeat(40), "");

    private final List<Build> builds;
    private final Map<String, ChangedFiles> changes;
    private final CostModel model;

    private Beliefs(List<Build> builds, Map<String, ChangedFiles> changes) {
        this.builds = List.copyOf(builds);
        this.changes = Map.copyOf(changes);
        this.model = CostModel.learn(builds, changes);
    }

    /**
     * What one board costs, in core-seconds of the usual machine.
     *
     * @param first a build from the beginning; one core's part has configuring in it
     * @param configure configuring it
     * @param next a build after a commit of which nothing is known
     * @param offBy by what part {@code first} is off: two of three builds are nearer
     * @param firsts from how many builds from the beginning
     * @param nexts from how many others
     */
    public record BoardCost(
            String board, String arch, Work first, double configure, Work next, double offBy, int firsts, int nexts) {}

    /**
     * How fast one machine is.
     *
     * @param threads that its builds share; 0: it never said
     * @param speed core-seconds of the usual machine that one of its threads does in a second
     * @param builds how many of its builds are known
     * @param compared how many of them others built too: what {@code speed} rests on
     * @param last when it built last, in seconds since 1970
     */
    public record MachineSpeed(String machine, int threads, double speed, int builds, int compared, long last) {}

    /**
     * What builds after one commit cost.
     *
     * @param part of a build from the beginning
     * @param offBy by what part that is off on average over boards
     * @param files what it changes; empty: not known
     * @param boards on how many it was built
     * @param last when that was last, in seconds since 1970
     */
    public record CommitCost(
            String commit, double part, double offBy, Optional<ChangedFiles> files, int boards, long last) {
        /** Checks the parts. */
        public CommitCost {
            requireNonNull(commit, "commit");
            requireNonNull(files, "files");
        }
    }

    /** What is believed after these builds, oldest first, and with that knowledge of what commits change. */
    public static Beliefs of(List<Build> builds, Map<String, ChangedFiles> changes) {
        return new Beliefs(builds, changes);
    }

    /** From how many builds. */
    public int builds() {
        return model.builds();
    }

    /** Boards, by name. */
    public List<BoardCost> boards() {
        Map<String, Board> known = new TreeMap<>();
        Map<String, Integer> firsts = new HashMap<>();
        Map<String, Integer> nexts = new HashMap<>();
        for (Build build : builds) {
            known.put(build.board(), Board.of(build.board(), build.arch()));
            (build.first() ? firsts : nexts).merge(build.board(), 1, Integer::sum);
        }
        LearntEstimates costs = model.estimates(List.copyOf(known.values()), List.of(ANY), Map.of(), Map.of());
        List<BoardCost> result = new ArrayList<>();
        known.values().forEach(board -> {
            Work first = costs.first(board, 0);
            result.add(new BoardCost(
                    board.target(),
                    board.arch(),
                    first,
                    first.total() * model.configuring(board.target()),
                    costs.next(board, 0),
                    part(model.spread(board)),
                    firsts.getOrDefault(board.target(), 0),
                    nexts.getOrDefault(board.target(), 0)));
        });
        return result;
    }

    /** Machines, by name. */
    public List<MachineSpeed> machines() {
        Map<String, Set<String>> builders = new HashMap<>();
        Map<String, Integer> all = new TreeMap<>();
        Map<String, Long> last = new HashMap<>();
        for (Build build : builds) {
            builders.computeIfAbsent(Speeds.group(build), group -> new HashSet<>())
                    .add(build.machine());
            all.merge(build.machine(), 1, Integer::sum);
            last.merge(build.machine(), build.at(), Math::max);
        }
        Map<String, Integer> compared = new HashMap<>();
        for (Build build : builds) {
            if (builders.getOrDefault(Speeds.group(build), Set.of()).size() > 1) {
                compared.merge(build.machine(), 1, Integer::sum);
            }
        }
        List<MachineSpeed> result = new ArrayList<>();
        all.forEach((machine, count) -> result.add(new MachineSpeed(
                machine,
                model.threads(machine),
                model.speed(machine),
                count,
                compared.getOrDefault(machine, 0),
                last.getOrDefault(machine, 0L))));
        return result;
    }

    /** Commits that boards were built after, the latest first. */
    public List<CommitCost> commits() {
        Map<String, Set<String>> boards = new HashMap<>();
        Map<String, Long> last = new TreeMap<>();
        for (Build build : builds) {
            if (!build.first()) {
                boards.computeIfAbsent(build.commit(), commit -> new HashSet<>())
                        .add(build.board());
                last.merge(build.commit(), build.at(), Math::max);
            }
        }
        List<CommitCost> result = new ArrayList<>();
        last.forEach((commit, at) -> result.add(new CommitCost(
                commit,
                model.partAfter(commit),
                part(model.spreadOf(commit)),
                Optional.ofNullable(changes.get(commit)),
                boards.getOrDefault(commit, Set.of()).size(),
                at)));
        result.sort(Comparator.comparingLong(CommitCost::last).reversed());
        return result;
    }

    private static double part(double spread) {
        return Math.exp(spread) - 1;
    }
}
