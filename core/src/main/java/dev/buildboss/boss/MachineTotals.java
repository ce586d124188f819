package dev.buildboss.boss;

import dev.buildboss.BuildReport;
import dev.buildboss.plan.Backoff;
import dev.buildboss.settings.Settings;
import java.time.Duration;
import java.util.Optional;

/** What a machine did in a run over all its connections, and whether it gets another when it is lost. Used by {@link Roster} alone. */
final class MachineTotals {

    private int connections;
    private int ended;
    private int busy;
    private int cells;
    private boolean builtLast;
    private int lossesInRow;
    private long sentBytes;
    private long receivedBytes;
    private String lastWords = "not used";

    /** A connection begins; its number, from 1. */
    int connect() {
        return ++connections;
    }

    /** It built a cell. */
    void built() {
        cells++;
    }

    /** A connection ended. */
    void end(Boss.MachineEnded message) {
        ended++;
        busy += message.how() == Boss.End.BUSY ? 1 : 0;
        sentBytes += message.sentBytes();
        receivedBytes += message.receivedBytes();
        lastWords = message.reason();
        builtLast = message.built();
    }

    /** Whether its present connection has said its last words, if it has one. */
    boolean hasEnded() {
        return ended >= connections;
    }

    /**
     * After how long it is connected to again, now that a connection ended; empty: not at all.
     *
     * <p>Connections in a row in which nothing was built make the wait longer, up to a limit, and there are only so many of them;
     * with a cell that was built it all begins anew. A machine that was never there is not waited for, but one that was and is
     * out of reach now may be on its way up again.
     */
    Optional<Duration> again(Boss.End how, Settings.Boss settings) {
        if (how == Boss.End.BUSY) {
            return waitsInLine(settings.busy()) ? Optional.of(settings.busy().interval()) : Optional.empty();
        }
        boolean lost = how == Boss.End.LOST || (how == Boss.End.UNAVAILABLE && connections - busy > 1);
        lossesInRow = builtLast ? 1 : lossesInRow + 1;
        return lost && lossesInRow <= settings.maxReconnects()
                ? Optional.of(Backoff.after(lossesInRow, settings.reconnectDelay(), settings.maxDelay()))
                : Optional.empty();
    }

    /** Whether there is patience left; counted in questions, so that a clock that jumps changes nothing. */
    private boolean waitsInLine(Settings.Busy rule) {
        return rule.waits() && rule.interval().multipliedBy(busy).compareTo(rule.patience()) <= 0;
    }

    /** Whether another boss was found there more than once: what was said of it need not be said again. */
    boolean isStillBusy() {
        return busy > 1;
    }

    /** For the run's log. */
    String words(boolean atWork) {
        return (atWork ? "at work" : lastWords) + ", " + cells + " cells built, connection " + connections;
    }

    BuildReport.MachineReport report(String name) {
        return new BuildReport.MachineReport(name, cells, sentBytes, receivedBytes, lastWords);
    }
}
