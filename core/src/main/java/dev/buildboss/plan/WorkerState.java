package dev.buildboss.plan;

import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a plan knows of a worker; {@link WorkPlan} keeps it. */
final class WorkerState {

    /** Whether it is there. */
    enum Presence {
        EXPECTED,
        JOINED,
        GONE
    }

    /** How long from the beginning of a run a worker that was never there yet is reckoned with. */
    private static final long FAIR_START_MS = 3000;

    final String name;
    final Health health;
    final Leases leases = new Leases();
    /** Architectures that it turned out to have no compiler for. */
    final Set<String> lacks = new HashSet<>();
    /** What it has, by grant. */
    final Map<Long, Out> out = new TreeMap<>();
    /**
     * Grants that are over but not yet closed on its connection: it can't get their boards again before, and what was taken back of
     * them too late is yet to come.
     */
    final Map<Long, Out> closing = new HashMap<>(0);

    Presence presence = Presence.EXPECTED;
    /** What it said when it last joined; kept, so that the reason for a board nobody built can name it. */
    Optional<Capability> capability = Optional.empty();

    /** What it can do at once, as it said when it last joined, or as is known of it before. */
    Power power = Power.UNKNOWN;

    /** What it has, as placement reckoned it last; null since something of it changed. */
    Fleet.@Nullable Known known;
    /** Whether it ever joined. */
    boolean wasThere;
    /** It was told that there is nothing for it any more: it does not ask again before it joins again. */
    boolean isDismissed;
    /** Until when the placement said that there is nothing for it, unless something changes. */
    long heldUntilMs;

    long heldAt = -1;

    private final Share share = new Share();

    String goneReason = "";
    /** It has a free slot and nothing for it. */
    boolean idle;

    WorkerState(String name, PlanLimits limits) {
        this.name = name;
        this.health = new Health(limits);
    }

    /** A grant begins. */
    void addOut(Out one, long nowMs) {
        shareUntil(nowMs);
        out.put(one.id, one);
        known = null;
    }

    /** A grant is over. */
    void removeOut(Out one, long nowMs) {
        shareUntil(nowMs);
        out.remove(one.id);
        known = null;
    }

    /** How many seconds of all of it each of its boards had so far. */
    double shareUntil(long nowMs) {
        share.pass(nowMs / 1000.0, out.size());
        return share.seconds();
    }

    /** Whether it has what that architecture needs, as far as is known. */
    boolean hasCompiler(String arch) {
        return !lacks.contains(arch)
                && (capability.isEmpty() || capability.get().canBuild(arch));
    }

    /** Whether it is there and not given up. */
    boolean isThere() {
        return presence == Presence.JOINED && !health.isGivenUp();
    }

    /** Whether it is reckoned with although it was never there: it is known, and the run has only begun. */
    boolean isFairlyExpected(long nowMs) {
        return presence == Presence.EXPECTED && !wasThere && power.isKnown() && nowMs < FAIR_START_MS;
    }

    /** Whether that board could go to it if it came back. */
    boolean mayStillBuild(BoardWork work) {
        return presence != Presence.GONE
                && !health.isGivenUp()
                && hasCompiler(work.board.arch())
                && !work.refuses(name);
    }

    /** Whether it has a board that is poisoned with one machine more. */
    boolean hasSuspect(PlanLimits limits) {
        return out.values().stream().anyMatch(one -> one.work.isSuspect(limits));
    }

    /** Whether it has commits of that board, or its connection still waits for some: a board is out there once at most. */
    boolean holds(BoardWork work) {
        if (work.isOutAt(this) || closing.values().stream().anyMatch(one -> one.work == work)) {
            return true;
        }
        BoardWork own = work.own();
        return own.isBuiltAgain
                && (out.values().stream().anyMatch(one -> one.work.own() == own)
                        || closing.values().stream().anyMatch(one -> one.work.own() == own));
    }

    /** Whether its connection is through with that board but for what was taken back: then it may have it again. */
    boolean isClosing(BoardWork work) {
        return closing.values().stream().anyMatch(one -> one.work.own() == work.own());
    }

    /** Whether that board may go to it, now or later. */
    boolean canBuild(BoardWork work) {
        return isThere() && hasCompiler(work.board.arch()) && !work.refuses(name);
    }

    /** Why nobody builds boards of an architecture, if that is because of the workers. */
    static NotBuilt whyNobody(Collection<WorkerState> workers, String arch) {
        boolean onlyHere = arch.equals(Board.HERE);
        List<String> without = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        List<String> away = new ArrayList<>();
        for (WorkerState state : workers) {
            Optional<String> refusal = state.capability.map(has -> has.refused().get(arch));
            if (refusal.isPresent()) {
                refused.add(state.name + ": " + refusal.get());
            } else if (!state.hasCompiler(arch)) {
                if (!onlyHere) {
                    without.add(state.name);
                }
            } else if (!state.goneReason.isEmpty()) {
                away.add(state.name + ": " + state.goneReason);
            }
        }
        if (without.isEmpty() && refused.isEmpty()) {
            String nobody =
                    onlyHere ? "only this computer could build it, and it builds nothing" : "no machine is left";
            return new NotBuilt(Reason.NO_MACHINE, away.isEmpty() ? nobody : String.join("; ", away));
        }
        away.addAll(0, refused);
        away.add(
                0,
                without.isEmpty()
                        ? "no fit compiler for " + arch
                        : "no compiler for " + arch + " on " + String.join(", ", without));
        return new NotBuilt(Reason.NO_TOOLCHAIN, String.join("; ", away));
    }
}
