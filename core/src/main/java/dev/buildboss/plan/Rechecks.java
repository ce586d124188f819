package dev.buildboss.plan;

import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.Confirmation;
import dev.buildboss.model.Confirmation.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Failures that are built again before they count. The cell leaves its board's row and becomes a row of its own, which goes
 * to another machine, or to the same one where no other can build it. Failing there too it is the source's fault. Built
 * elsewhere it goes once more to where it failed: if it fails there again it is that machine's fault, else a flake.
 *
 * <p>Only a board's first failure is, and not those of the commits after it: they wait for the verdict, and count if it is
 * the source. If it isn't, the first of them is the board's first failure, and so on.
 */
final class Rechecks {

    private final Books books;
    private final List<WorkPlan.Doubted> doubted = new ArrayList<>();
    private final List<WorkPlan.Unsettled> unsettled = new ArrayList<>();
    /** Rows that are built again now. */
    private final List<BoardWork> rows = new ArrayList<>();

    private boolean isOn;
    private boolean isOver;

    Rechecks(Books books) {
        this.books = books;
    }

    /** Failures may be doubted from now on: who has a free slot waits for them as long as anything is out. */
    void begin() {
        isOn = true;
    }

    boolean mayBegin() {
        return isOn && !isOver;
    }

    /** A cell of a board's own row was built, and failed: it ends, or is to be confirmed. */
    void answeredFirst(BoardWork work, int commit, Built failure, String worker) {
        failed(work, commit, failure, worker);
        if (work.doubted.get(commit)) {
            unsettled.add(new WorkPlan.Unsettled(new Cell(work.target(), commit), worker, failure));
        }
    }

    private void failed(BoardWork work, int commit, Built failure, String worker) {
        work.open.clear(commit);
        int before = work.knownBefore(commit);
        Optional<BoardWork> pending = pendingAt(work, before);
        if (pending.isPresent() && pending.get().recheck().isPresent()) {
            work.doubted.set(commit);
            pending.get().recheck().get().held.put(commit, new Recheck.Held(failure, worker));
        } else if (isOver || (before >= 0 && work.failed.get(before))) {
            work.failed.set(commit);
            books.ended(new WorkPlan.Settled(
                    new Cell(work.target(), commit), failure, Optional.empty(), Optional.of(worker)));
        } else {
            work.doubted.set(commit);
            Confirmation known = Confirmation.open(worker, failure.returnCode());
            doubted.add(new WorkPlan.Doubted(new Cell(work.target(), commit), known));
            begin(new Recheck(work, commit, failure, known, Optional.empty()));
        }
    }

    /** The row that decides about a commit which is in doubt. */
    private Optional<BoardWork> pendingAt(BoardWork work, int commit) {
        if (commit < 0 || !work.doubted.get(commit)) {
            return Optional.empty();
        }
        return rows.stream()
                .filter(row -> row.recheck()
                        .filter(r -> r.origin == work && (r.commit == commit || r.held.containsKey(commit)))
                        .isPresent())
                .findFirst();
    }

    private void begin(Recheck recheck) {
        BoardWork row = books.again(recheck);
        row.failedOn.addAll(recheck.origin.failedOn);
        rows.add(row);
        books.enqueue(row);
        books.endHopeless();
    }

    /** A row of a cell that is built again came to an end. */
    void answered(BoardWork row, Recheck recheck, CellOutcome outcome, String worker) {
        rows.remove(row);
        row.open.clear();
        Confirmation known = recheck.known;
        if (outcome instanceof Built again) {
            unsettled.add(new WorkPlan.Unsettled(new Cell(row.target(), recheck.commit), worker, again));
        }
        if (!(outcome instanceof Built built)) {
            conclude(recheck, recheck.elsewhere.orElse(recheck.failure), notTold(recheck));
        } else if (recheck.elsewhere.isPresent()) {
            Verdict verdict = built.kind() == Kind.FAILED ? Verdict.MACHINE : Verdict.FLAKE;
            conclude(recheck, recheck.elsewhere.get(), known.with(verdict, known.again()));
        } else if (built.kind() == Kind.FAILED) {
            conclude(recheck, recheck.failure, known.with(Verdict.CODE, worker));
        } else if (worker.equals(known.first())) {
            conclude(recheck, built, known.with(Verdict.FLAKE, worker));
        } else {
            Recheck there = new Recheck(
                    recheck.origin,
                    recheck.commit,
                    recheck.failure,
                    known.with(Verdict.OPEN, worker),
                    Optional.of(built));
            there.held.putAll(recheck.held);
            begin(there);
        }
    }

    private static Confirmation notTold(Recheck recheck) {
        return recheck.elsewhere.isPresent()
                ? recheck.known.with(Verdict.FLAKE_OR_MACHINE, recheck.known.again())
                : recheck.known;
    }

    private void conclude(Recheck recheck, Built outcome, Confirmation confirmation) {
        BoardWork work = recheck.origin;
        work.doubted.clear(recheck.commit);
        work.built(recheck.commit, outcome);
        String worker = outcome.kind() == Kind.FAILED ? confirmation.first() : confirmation.again();
        books.ended(new WorkPlan.Settled(
                new Cell(work.target(), recheck.commit), outcome, Optional.of(confirmation), Optional.of(worker)));
        SortedMap<Integer, Recheck.Held> held = new TreeMap<>(recheck.held);
        held.keySet().forEach(work.doubted::clear);
        for (Map.Entry<Integer, Recheck.Held> one : held.entrySet()) {
            failed(work, one.getKey(), one.getValue().failure(), one.getValue().worker());
        }
    }

    /** Nobody else can build it: true if the machine where it failed can, and may now. */
    boolean fallsBack(BoardWork row) {
        Optional<Recheck> recheck = row.recheck().filter(r -> r.elsewhere.isEmpty() && !r.anywhere);
        if (recheck.isEmpty()) {
            return false;
        }
        Recheck known = recheck.get();
        known.anywhere = true;
        boolean can = books.known(known.known.first())
                .filter(worker -> worker.canBuild(row))
                .isPresent();
        known.anywhere = can;
        if (can) {
            books.changes++;
        }
        return can;
    }

    /** Whether one of these rows, or one that follows from it, may yet come to a worker: then it waits for it. */
    boolean mayComeTo(WorkerState worker) {
        return rows.stream()
                .anyMatch(row -> worker.hasCompiler(row.board.arch())
                        && row.recheck().filter(r -> mayComeTo(worker, row, r)).isPresent());
    }

    private static boolean mayComeTo(WorkerState worker, BoardWork row, Recheck recheck) {
        boolean follows = !recheck.held.isEmpty() && !recheck.origin.failedOn.contains(worker.name);
        boolean failedThere = worker.name.equals(recheck.known.first());
        return follows || (!row.failedOn.contains(worker.name) && (recheck.elsewhere.isEmpty() || failedThere));
    }

    /** The run ends: nothing is built again any more. */
    void stop() {
        isOver = true;
    }

    /** Answers that settled nothing, since the last call. */
    List<WorkPlan.Unsettled> takeUnsettled() {
        List<WorkPlan.Unsettled> result = List.copyOf(unsettled);
        unsettled.clear();
        return result;
    }

    /** Failures that are built again, since the last call. */
    List<WorkPlan.Doubted> takeDoubted() {
        List<WorkPlan.Doubted> result = List.copyOf(doubted);
        doubted.clear();
        return result;
    }
}
