package dev.buildboss.boss;

import dev.buildboss.settings.Settings;

/** What came of a machine in one run, over all its connections. Belongs to {@link Boss}. */
final class MachineTotals {
    int attempts;
    int ended;
    int busy;
    int cells;
    long sentBytes;
    long receivedBytes;
    String lastWords = "not used";

    void add(Boss.MachineEnded message) {
        ended++;
        busy += message.how() == Boss.End.BUSY ? 1 : 0;
        sentBytes += message.sentBytes();
        receivedBytes += message.receivedBytes();
        lastWords = message.reason();
    }

    /** Connections that count: not those that found the machine in use. */
    int tries() {
        return attempts - busy;
    }

    /** Whether there is patience left; counted in questions, so that a clock that jumps changes nothing. */
    boolean waitsFor(Settings.Busy rule) {
        return rule.waits() && rule.interval().multipliedBy(busy).compareTo(rule.patience()) <= 0;
    }
}
