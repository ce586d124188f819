package dev.buildboss.boss;

import dev.buildboss.BuildEvent;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Confirmation;
import dev.buildboss.plan.WorkPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How the cells of a run ended, told as they end: to the log, to who follows the run, and beside results that were doubted. */
final class Outcomes {

    private static final int MAX_NAMES = 10;
    private static final int MOST_ERROR_BYTES = 16 * 1024;
    /** Reasons that hold for boards rather than for one cell of a machine's, and are said at once. */
    private static final Set<Reason> UNBUILDABLE = EnumSet.of(Reason.NO_TOOLCHAIN, Reason.NO_MACHINE, Reason.POISONED);

    private final RunContext run;
    private final BossLog log;
    private final Map<Cell, CellOutcome> all;

    Outcomes(RunContext run, BossLog log, Map<Cell, Built> previous) {
        this.run = run;
        this.log = log;
        this.all = new HashMap<>(previous);
    }

    /** The outcome of each cell that has one, those of earlier runs included. */
    Map<Cell, CellOutcome> all() {
        return all;
    }

    /** Cells without an outcome have this one. */
    void fill(CellOutcome outcome) {
        run.request().boards().forEach(board -> {
            for (int commit = 0; commit < run.request().commits().size(); commit++) {
                all.putIfAbsent(new Cell(board.target(), commit), outcome);
            }
        });
    }

    /** Cells were built or ended; the machine of each that ended as built. */
    List<String> answered(Boss.Answered answered) {
        answered.unsettled().forEach(this::unsettled);
        answered.doubted().forEach(this::doubted);
        return settled(answered);
    }

    private List<String> settled(Boss.Answered answered) {
        List<String> builders = new ArrayList<>();
        Map<NotBuilt, Set<String>> nobody = new LinkedHashMap<>();
        for (WorkPlan.Settled settled : answered.settled()) {
            Cell cell = settled.cell();
            all.put(cell, settled.outcome());
            if (settled.outcome() instanceof Built built) {
                Optional<String> worker = settled.worker().or(answered::worker);
                worker.ifPresent(builders::add);
                built(settled, built, worker, answered.errorText());
            } else if (settled.outcome() instanceof NotBuilt notBuilt) {
                publish(cell, Optional.empty(), notBuilt, "");
                if (UNBUILDABLE.contains(notBuilt.reason())) {
                    nobody.computeIfAbsent(notBuilt, key -> new LinkedHashSet<>())
                            .add(cell.board());
                }
                if (notBuilt.reason() != Reason.CANCELLED) {
                    log.line(where(cell) + " is not built: " + notBuilt.reason().words() + ": " + notBuilt.detail());
                }
            }
        }
        nobody.forEach(this::noticeUnbuildable);
        return builders;
    }

    private void built(WorkPlan.Settled settled, Built built, Optional<String> worker, String errorText) {
        Cell cell = settled.cell();
        String text = errorText;
        if (settled.confirmation().isPresent()) {
            Confirmation known = settled.confirmation().get();
            say(cell, known);
            log.line(where(cell) + " " + known.words());
            run.hub().publish(new BuildEvent.FailureConfirmed(cell, hash(cell), known));
        }
        if (settled.worker().isPresent()) {
            text = Words.beginning(run.store().confirmations().errorText(cell, MOST_ERROR_BYTES));
        }
        if (built.kind() == Kind.FAILED) {
            log.line(where(cell) + " failed with " + built.returnCode()
                    + worker.map(name -> " on " + name).orElse(""));
        }
        publish(cell, worker, built, text);
    }

    private void publish(Cell cell, Optional<String> worker, CellOutcome outcome, String errorText) {
        run.hub().publish(new BuildEvent.CellDone(cell, hash(cell), worker, outcome, errorText));
    }

    /** A cell failed, and is built again. */
    private void doubted(WorkPlan.Doubted doubted) {
        Cell cell = doubted.cell();
        Confirmation known = doubted.known();
        say(cell, known);
        log.line(where(cell) + " failed with " + known.returnCode() + " on " + known.first() + ", is built again");
        run.hub().publish(new BuildEvent.FailureDoubted(cell, hash(cell), known.first(), known.returnCode()));
    }

    /** A cell was built, and is not settled by that. */
    private void unsettled(WorkPlan.Unsettled answer) {
        run.hub()
                .publish(new BuildEvent.CellBuilt(
                        answer.cell(), hash(answer.cell()), answer.worker(), answer.outcome()));
    }

    private void say(Cell cell, Confirmation known) {
        try {
            run.store().confirmations().say(cell, known);
        } catch (IOException e) {
            log.line(where(cell) + ": what is known of its failure can't be stored: " + Failures.reason(e));
        }
    }

    private String hash(Cell cell) {
        return run.request().commits().get(cell.commit()).hash();
    }

    private static String where(Cell cell) {
        return cell.board() + " at commit " + (cell.commit() + 1);
    }

    /** Boards that nobody can build are named as soon as that is known, not at the end. */
    private void noticeUnbuildable(NotBuilt why, Set<String> boards) {
        String names = boards.stream().sorted().limit(MAX_NAMES).collect(Collectors.joining(", "));
        String more = boards.size() > MAX_NAMES ? " and " + (boards.size() - MAX_NAMES) + " more" : "";
        run.hub().publish(new BuildEvent.Notice("", why.detail() + ": not built: " + names + more));
    }
}
