package dev.buildboss.plan;

import dev.buildboss.model.Board;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** What a worker with a free slot gets: the plan's own rules, and the {@link Placement}'s answer within them. */
final class Dealer {

    /** How long an answer of the placement that is "nothing now" holds, as long as no board comes back. */
    private static final long HOLD_MS = 500;

    /** When nothing waits, it holds the longer with more machines, so that all together are not asked about more often than this many would be. */
    private static final int HELD_FOR = 100;

    private final Books books;
    private final Placement placement;
    private final Answers answers;

    /**
     * A dealer.
     *
     * @param answers takes back what is granted to another worker
     */
    Dealer(Books books, Placement placement, Answers answers) {
        this.books = books;
        this.placement = placement;
        this.answers = answers;
    }

    /** After how long workers that wait are worth asking about again though nothing happened; empty: never. */
    Optional<Duration> askAgain() {
        return placement.splits() ? Optional.of(Duration.ofMillis(HOLD_MS)) : Optional.empty();
    }

    /** A worker has a free slot. */
    Demand demand(WorkerState state) {
        if (!state.isThere()) {
            return new Demand.Nothing();
        }
        state.idle = false;
        if (state.health.takes(state.out.keySet())) {
            Optional<Grant> grant = place(state);
            if (grant.isPresent()) {
                return new Demand.Granted(grant.get());
            }
        }
        state.idle = books.waiting.choose(state, false, work -> true).mayCome()
                || books.granted().values().stream()
                        .anyMatch(out -> (out.worker != state || placement.splits() || books.rechecks.mayBegin())
                                && state.canBuild(out.work))
                || books.rechecks.mayComeTo(state);
        state.isDismissed = !state.idle;
        return state.idle ? new Demand.Wait() : new Demand.Nothing();
    }

    private Optional<Grant> place(WorkerState state) {
        if (state.heldAt == books.changes && books.nowMs < state.heldUntilMs && !isLastToAsk(state)) {
            return Optional.empty();
        }
        Scene scene = new Scene(state, books.nowMs, books.estimates, books.workers(), books.waiting, this::isFree);
        Choice choice = onlyHere(scene).map(Choice::whole).orElseGet(() -> placement.choose(scene));
        if (choice instanceof Choice.Hold && isLastToAsk(state)) {
            choice = scene.first().map(Choice::whole).orElse(choice);
        }
        if (choice instanceof Choice.Give give) {
            return Optional.of(grant(give.work(), give.commits(), state));
        }
        state.heldAt = books.changes;
        boolean tail = books.waiting.size() == 0;
        state.heldUntilMs =
                books.nowMs + HOLD_MS * (tail ? Math.max(1, books.workers().size() / HELD_FOR) : 1);
        return Optional.empty();
    }

    /** What this computer alone can build is the first that it gets: its slots may be few, and others can build the rest. */
    private Optional<BoardWork> onlyHere(Scene scene) {
        return books.waiting
                .of(Board.HERE)
                .filter(work -> scene.mayHave(scene.me, work))
                .findFirst();
    }

    private Grant grant(BoardWork work, BitSet commits, WorkerState state) {
        for (Out other : List.copyOf(work.outs)) {
            BitSet taken = (BitSet) commits.clone();
            taken.and(other.asked);
            taken.clear(other.asked.nextSetBit(0)); // it is at that one: whoever is first
            if (!taken.isEmpty()) {
                answers.recall(other, taken, false);
            }
        }
        Out out = books.grant(work, commits, state);
        return new Grant(
                out.id,
                state.name,
                work.board,
                commits.stream().boxed().toList(),
                work.recheck().map(again -> again.known));
    }

    /** Whether nothing is under way and nobody else is about to ask: what is held back for others then would wait for ever. */
    private boolean isLastToAsk(WorkerState asking) {
        return books.granted().isEmpty()
                && books.workers().stream()
                        .noneMatch(other -> other != asking
                                && (other.isFairlyExpected(books.nowMs)
                                        || (other.isThere() && !other.idle && !other.isDismissed)));
    }

    /** Whether nothing speaks against that worker's having that board just now. */
    private boolean isFree(BoardWork work, WorkerState state) {
        if (work.isSuspect(books.limits) && state.hasSuspect(books.limits)) {
            return false;
        }
        return !work.lostWith.contains(state.name)
                || books.workers().stream().noneMatch(other -> other.idle && isBetter(other, work));
    }

    private boolean isBetter(WorkerState other, BoardWork work) {
        return other.canBuild(work)
                && !work.lostWith.contains(other.name)
                && other.health.takes(other.out.keySet())
                && isFree(work, other);
    }
}
