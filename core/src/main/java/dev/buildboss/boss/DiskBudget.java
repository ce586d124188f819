package dev.buildboss.boss;

import dev.buildboss.clean.CleanChoice;
import dev.buildboss.clean.Left;
import dev.buildboss.clean.MachineCleaner;
import dev.buildboss.lock.ThisProcess;
import dev.buildboss.model.Machine;
import dev.buildboss.spi.MachineLink;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Keeps what is ours on a machine within {@code machines.<name>.disk-budget}, before a worker starts there. */
final class DiskBudget {

    private static final double MIB = 1024.0 * 1024.0;

    private DiskBudget() {}

    /**
     * Removes the oldest that nobody uses until the rest fits, and says so. It never fails: a machine over its budget builds all the
     * same.
     */
    static CompletionStage<Void> keep(RunContext run, Machine machine, MachineLink link) {
        long budget = machine.diskBudget();
        if (budget == 0 || machine.isLocal()) {
            return CompletableFuture.completedFuture(null);
        }
        MachineCleaner cleaner = new MachineCleaner(
                machine,
                link,
                MachineCleaner.REMOTE_CACHE,
                machine.workDir(),
                run.settings().clean().timeout());
        return cleaner.look()
                .thenCompose(there -> fit(run, machine, cleaner, there))
                .handle((done, failure) -> {
                    if (failure != null) {
                        say(run, machine, "its disk budget could not be looked after: " + Failures.reason(failure));
                    }
                    return null;
                });
    }

    private static CompletionStage<Void> fit(
            RunContext run, Machine machine, MachineCleaner cleaner, List<Left> there) {
        long total = CleanChoice.total(there);
        if (total <= machine.diskBudget()) {
            return CompletableFuture.completedFuture(null);
        }
        List<Left> chosen = CleanChoice.toFit(there, machine.diskBudget());
        return cleaner.remove(chosen, false, ThisProcess.owner(run.clock().instant()))
                .thenAccept(removal -> {
                    long freed = CleanChoice.total(removal.removed());
                    StringBuilder words = new StringBuilder("over its disk budget (" + mib(total) + " of "
                            + mib(machine.diskBudget()) + "): removed "
                            + removal.removed().size()
                            + " things of ours, " + mib(freed));
                    if (total - freed > machine.diskBudget()) {
                        words.append("; the ").append(mib(total - freed)).append(" that are left are in use or needed");
                    }
                    if (!removal.busy().isEmpty()) {
                        words.append("; ").append(Words.plain(removal.busy()));
                    }
                    say(run, machine, words.toString());
                });
    }

    private static void say(RunContext run, Machine machine, String words) {
        Talk.notice(run, machine.name(), words);
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.0f MiB", bytes / MIB);
    }
}
