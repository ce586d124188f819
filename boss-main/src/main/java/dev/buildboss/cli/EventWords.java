package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Events and reports in the words of a build's log. Pure; all text is safe to print. */
final class EventWords {

    private EventWords() {}

    /** The first line of a run. */
    static String first(BuildEvent.RunStarted run) {
        String what = run.current() ? "current source" : run.commits() + (run.commits() == 1 ? " commit" : " commits");
        String threads = run.localSlots() == 0 ? "" : " (" + threads(run.localSlots(), run.localJobs()) + ")";
        return "Building " + what + " for " + run.boards() + (run.boards() == 1 ? " board" : " boards") + threads;
    }

    /** What the bracket of the first line says. */
    static String threads(int slots, int jobs) {
        return String.format(
                Locale.ROOT,
                "%d %s, %d %s per thread",
                slots,
                slots == 1 ? "thread" : "threads",
                jobs,
                jobs == 1 ? "job" : "jobs");
    }

    /** What a comparison of machines found, a line each. */
    static List<String> verified(BuildEvent.MachinesVerified check) {
        List<String> lines = new ArrayList<>();
        String what = Printable.line(check.arch() + " (" + check.board() + ")");
        String alike = Printable.line(String.join(", ", check.alike()));
        if (check.alike().size() > 1) {
            lines.add("Verified " + what + ": the same images on " + alike);
        } else if (check.odd().isEmpty()) {
            lines.add(
                    check.alike().isEmpty()
                            ? "Not verified: " + what + " was built nowhere"
                            : "Not verified: " + what + " was built on " + alike + " alone");
        }
        String end =
                check.setAside() ? "set aside for " + Printable.line(check.arch()) : "nothing tells which is right";
        new TreeMap<>(check.odd())
                .forEach((machine, file) -> lines.add(Printable.line(machine) + ": " + what + ": "
                        + Printable.line(file) + (check.setAside() ? " from " + alike : "") + "; " + end));
        return lines;
    }

    /** A finished cell with its heading {@code [machine] board, NN subject: outcome}. */
    static String cell(BuildEvent.CellDone done, BuildRequest request) {
        return done.machine().map(m -> "[" + Printable.line(m) + "] ").orElse("") + cell(done.cell(), request) + ": "
                + outcome(done.outcome());
    }

    private static String cell(Cell cell, BuildRequest request) {
        String commit = request.current()
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", %02d %s",
                        cell.commit() + 1,
                        request.commit(cell.commit())
                                .map(c -> Printable.line(c.subject()))
                                .orElse(""));
        return Printable.line(cell.board()) + commit;
    }

    /** A failure that is built again. */
    static String doubted(BuildEvent.FailureDoubted doubted, BuildRequest request) {
        return "[" + Printable.line(doubted.machine()) + "] " + cell(doubted.cell(), request) + ": failed ("
                + doubted.returnCode() + "), is built again";
    }

    /** What that told. */
    static String confirmed(BuildEvent.FailureConfirmed confirmed, BuildRequest request) {
        return cell(confirmed.cell(), request) + ": "
                + Printable.line(confirmed.confirmation().words());
    }

    static String outcome(CellOutcome outcome) {
        if (outcome instanceof Built built) {
            return switch (built.kind()) {
                case OK -> "ok";
                case WARNING -> "warning";
                case FAILED -> "failed (" + built.returnCode() + ")";
            };
        }
        NotBuilt not = (NotBuilt) outcome;
        String detail = Printable.line(not.detail());
        return "not built, " + not.reason().words() + (detail.isEmpty() ? "" : ": " + detail);
    }

    /** Whether a cell is one that a person wants to see at once; what they stopped themselves is not. */
    static boolean isTrouble(CellOutcome outcome) {
        return outcome instanceof Built built
                ? built.kind() == Kind.FAILED
                : !(outcome instanceof NotBuilt not) || not.reason() != CellOutcome.Reason.CANCELLED;
    }

    /** What machines did: bytes by machine, and how they ended if not in order. */
    static List<String> machines(BuildReport report) {
        List<String> lines = new ArrayList<>();
        for (BuildReport.MachineReport machine : report.machines()) {
            if (!machine.machine().equals(dev.buildboss.model.Machine.LOCAL_NAME)) {
                String ended = machine.ended().equals("finished") ? "" : "; " + Printable.line(machine.ended());
                lines.add(String.format(
                        Locale.ROOT,
                        "%s: %d %s, sent %s, received %s%s",
                        Printable.line(machine.machine()),
                        machine.cells(),
                        machine.cells() == 1 ? "cell" : "cells",
                        bytes(machine.sentBytes()),
                        bytes(machine.receivedBytes()),
                        ended));
            } else if (!machine.ended().equals("finished")) {
                lines.add(machine.machine() + ": " + Printable.line(machine.ended()));
            }
        }
        return lines;
    }

    static String bytes(long count) {
        if (count < 1024) {
            return count + " B";
        }
        double kib = count / 1024.0;
        return kib < 1024
                ? String.format(Locale.ROOT, "%.1f KiB", kib)
                : kib < 1024 * 1024
                        ? String.format(Locale.ROOT, "%.1f MiB", kib / 1024)
                        : String.format(Locale.ROOT, "%.1f GiB", kib / 1024 / 1024);
    }

    /** The last line of a run. */
    static String completed(BuildReport report) {
        int total = (int) report.outcomes().values().stream()
                .filter(o -> o instanceof Built)
                .count();
        int newly = Math.max(0, total - report.previous());
        Duration duration = report.duration();
        double seconds = duration.toMillis() / 1000.0;
        return String.format(
                Locale.ROOT,
                "Completed: %d total built (%d previously, %d newly), duration %s, rate %.2f",
                total,
                report.previous(),
                newly,
                Tally.clock(duration.plusMillis(500)),
                seconds > 0 ? newly / seconds : 0.0);
    }
}
