package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.Machine;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a run has come to so far, by its events. No clock of its own; not safe for threads. */
final class Tally {

    private int total;
    private int previous;
    private int ok;
    private int warned;
    private int failed;
    private int notBuilt;
    private Optional<String> lastTarget = Optional.empty();
    private Optional<String> lastMachine = Optional.empty();
    private String first = Machine.LOCAL_NAME;
    private Optional<BuildEvent.Eta> said = Optional.empty();
    private final Map<String, BuildEvent.SetupProgress> setups = new LinkedHashMap<>();

    void add(BuildEvent event) {
        if (event instanceof BuildEvent.RunStarted started) {
            total = started.total();
            previous = started.previous();
            if (started.localSlots() == 0 && !started.machines().isEmpty()) {
                first = started.machines().get(0) + (started.machines().size() > 1 ? ", …" : "");
            }
        } else if (event instanceof BuildEvent.SetupProgress progress) {
            setups.put(progress.machine(), progress);
        } else if (event instanceof BuildEvent.Eta eta) {
            said = Optional.of(eta);
        } else if (event instanceof BuildEvent.CellDone done) {
            count(done.outcome());
            lastTarget = Optional.of(done.cell().board());
            lastMachine = done.machine();
        }
    }

    private void count(CellOutcome outcome) {
        if (outcome instanceof Built built) {
            switch (built.kind()) {
                case OK -> ok++;
                case WARNING -> warned++;
                case FAILED -> failed++;
            }
        } else {
            notBuilt++;
        }
    }

    int total() {
        return total;
    }

    int ok() {
        return ok;
    }

    int warned() {
        return warned;
    }

    int failed() {
        return failed;
    }

    /** Cells with a verdict of this run. */
    int built() {
        return ok + warned + failed;
    }

    /** Cells that this run still owes an outcome. */
    int remaining() {
        return Math.max(0, total - previous - built() - notBuilt);
    }

    /** How long the rest will take at the pace so far; empty before anything is built. */
    Optional<Duration> eta(Duration elapsed) {
        return built() == 0 || remaining() == 0
                ? Optional.empty()
                : Optional.of(elapsed.multipliedBy(remaining()).dividedBy(built()));
    }

    /** When it will end as far as costs are known, with the range; empty if nobody said. */
    Optional<BuildEvent.Eta> said() {
        return remaining() == 0 ? Optional.empty() : said;
    }

    String target() {
        return lastTarget.orElse("(starting)");
    }

    /** The machine of the last result, else how far machines are set up, else where the first will come from. */
    String where() {
        if (lastMachine.isPresent()) {
            return lastMachine.get();
        } else if (lastTarget.isEmpty() && !setups.isEmpty()) {
            return setups.values().stream()
                    .map(s -> s.machine() + " " + s.done() + "/" + s.of())
                    .collect(Collectors.joining(", "));
        }
        return first;
    }

    /** A duration as {@code H:MM:SS}. */
    static String clock(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        return String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
