package dev.buildboss.plan;

import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** What becomes of grants: answers about their cells, commits that are taken back, and the worker's loss. */
final class Answers {

    private final Books books;
    private final List<WorkPlan.Stopped> stopped = new ArrayList<>();
    private final List<WorkPlan.Recall> recalls = new ArrayList<>();

    Answers(Books books) {
        this.books = books;
    }

    /** A worker's answer about one cell of a grant. */
    WorkPlan.Answer settle(long grantId, int commit, CellOutcome outcome, boolean doubtful) {
        Out out = books.granted().get(grantId);
        if (out == null) {
            Optional<Out> closing = books.closing(grantId).filter(over -> over.recalled.get(commit));
            return closing.map(over -> settleRecalled(over, commit, outcome, doubtful))
                    .orElse(WorkPlan.Answer.STALE);
        }
        if (!out.asked.get(commit)) {
            return out.answered.get(commit) ? WorkPlan.Answer.STALE : settleRecalled(out, commit, outcome, doubtful);
        }
        out.asked.clear(commit);
        out.answered.set(commit);
        out.refresh(books.nowMs);
        out.worker.leases.extend(grantId);
        judge(out, commit, outcome, doubtful);
        if (out.asked.isEmpty()) {
            finish(out);
        }
        return WorkPlan.Answer.ACCEPTED;
    }

    /** It was taken back, but the worker had begun it: the first result wins, and a failure of the machine's is of no account. */
    private WorkPlan.Answer settleRecalled(Out out, int commit, CellOutcome outcome, boolean doubtful) {
        if (!out.recalled.get(commit)) {
            return WorkPlan.Answer.NOT_LEASED;
        }
        out.recalled.clear(commit);
        out.answered.set(commit);
        if (!out.work.open.get(commit) || (outcome instanceof NotBuilt failed && isRetried(failed.reason()))) {
            return WorkPlan.Answer.STALE;
        }
        out.worker.leases.extend(out.id);
        judge(out, commit, outcome, doubtful);
        return WorkPlan.Answer.ACCEPTED;
    }

    private void judge(Out out, int commit, CellOutcome outcome, boolean doubtful) {
        BoardWork work = out.work;
        if (outcome instanceof NotBuilt notBuilt && isRetried(notBuilt.reason())) {
            work.lastFailure = Optional.of(notBuilt);
            out.failed = true;
            if (notBuilt.reason() == Reason.NO_TOOLCHAIN) {
                out.worker.lacks.add(work.board.arch());
            } else {
                out.machineFailed = true;
            }
            return;
        }
        if (outcome instanceof Built) {
            work.progressed();
            out.worker.health.worked();
        }
        if (doubtful && work.recheck().isEmpty() && outcome instanceof Built failure && failure.kind() == Kind.FAILED) {
            books.rechecks.answeredFirst(work, commit, failure, out.worker.name);
        } else {
            books.close(work, commit, outcome, out.worker.name);
        }
        for (Out other : List.copyOf(work.outs)) {
            if (other != out && other.asked.get(commit)) {
                BitSet one = new BitSet();
                one.set(commit);
                recall(other, one, true);
            }
        }
        if (work.isQueued) {
            books.enqueue(work);
        }
    }

    /** The last of a grant's cells is answered; what the machine failed is for others. */
    private void finish(Out out) {
        if (out.machineFailed) {
            stopIfItGoesOn(out);
        }
        if (!out.recalled.isEmpty()) {
            out.worker.closing.put(out.id, out); // its connection waits to hear what becomes of those
        }
        books.withdraw(out);
        if (out.failed) {
            out.work.failedOn.add(out.worker.name);
        }
        if (books.enqueue(out.work)) {
            books.endHopeless();
        }
    }

    private void stopIfItGoesOn(Out out) {
        WorkerState state = out.worker;
        String last = out.work.lastFailure.map(NotBuilt::detail).orElse("");
        state.health.failed(out.id, books.lastGrant()).ifPresent(pause -> {
            boolean over = state.health.isGivenUp();
            int failures = state.health.failures();
            Optional<Duration> until = over ? Optional.empty() : Optional.of(pause);
            stopped.add(new WorkPlan.Stopped(state.name, failures, until, last));
            if (over) {
                state.goneReason = "failed " + failures + " boards in a row, last: " + last;
            }
        });
    }

    /** A worker is not to build these; what it says of them meanwhile still counts. */
    void recall(Out out, BitSet commits, boolean begun) {
        out.asked.andNot(commits);
        out.recalled.or(commits);
        if (out.worker.power.givesBack()) { // of another, what it says is passed over
            recalls.add(new WorkPlan.Recall(
                    out.id,
                    out.worker.name,
                    out.work.target(),
                    commits.stream().boxed().toList(),
                    begun));
        }
        out.refresh(begun, books.nowMs);
        if (out.asked.isEmpty()) {
            finish(out);
        }
    }

    /** A grant's worker is lost. What others have of the board too is not touched: they may yet build it. */
    Optional<WorkPlan.Requeued> lose(Out out, String reason) {
        BoardWork work = out.work;
        work.lost(out.worker.name, reason);
        books.withdraw(out);
        if (work.isPoisoned(books.limits.poisonAfter(), books.workers())) {
            String names = String.join(", ", work.lostWith);
            books.end(work, new NotBuilt(Reason.POISONED, "lost with " + names + "; " + work.lastLoss));
        } else if (work.losses >= books.limits.maxAttempts()) {
            books.end(work, new NotBuilt(Reason.MACHINE_LOST, work.lastLoss));
        } else if (books.enqueue(work)) {
            return Optional.of(
                    new WorkPlan.Requeued(work.target(), work.unasked().cardinality()));
        }
        return Optional.empty();
    }

    private static boolean isRetried(Reason reason) {
        return switch (reason) {
            case NO_TOOLCHAIN, DISK_FULL, INFRASTRUCTURE, MACHINE_LOST, NO_MACHINE -> true;
            case POISONED, RESULT_REFUSED, CANCELLED -> false;
        };
    }

    /** Machines that were stopped since the last call. */
    List<WorkPlan.Stopped> takeStopped() {
        List<WorkPlan.Stopped> result = List.copyOf(stopped);
        stopped.clear();
        return result;
    }

    /** What workers are to leave, since the last call. */
    List<WorkPlan.Recall> takeRecalls() {
        List<WorkPlan.Recall> result = List.copyOf(recalls);
        recalls.clear();
        return result;
    }
}
