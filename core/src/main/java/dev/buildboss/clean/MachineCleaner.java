package dev.buildboss.clean;

import static java.util.Objects.requireNonNull;

import dev.buildboss.MachineException;
import dev.buildboss.files.Carried;
import dev.buildboss.model.Machine;
import dev.buildboss.model.Owner;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.ShellTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Looks at what of ours is on one machine, and removes what it is told to, if it is still ours and unused then. A work directory is
 * touched only under its lock.
 */
public final class MachineCleaner {

    private static final String SCRIPT = Carried.text(MachineCleaner.class, "clean.sh");
    private static final String MARKER = "BUILDBOSS-CLEAN ";

    private final Machine machine;
    private final MachineLink link;
    private final String cache;
    private final String workDir;
    private final Duration limit;

    /**
     * A cleaner.
     *
     * @param cache the directory of worker bundles and runtimes there
     * @param workDir the work directory there; empty: none
     * @param limit the longest look, and the longest removal
     */
    public MachineCleaner(Machine machine, MachineLink link, String cache, String workDir, Duration limit) {
        this.machine = requireNonNull(machine, "machine");
        this.link = requireNonNull(link, "link");
        this.cache = requireNonNull(cache, "cache");
        this.workDir = requireNonNull(workDir, "workDir");
        this.limit = requireNonNull(limit, "limit");
    }

    /** The cache on machines that are reached by ssh. */
    public static final String REMOTE_CACHE = "~/.cache/buildboss";

    /**
     * What came of a removal.
     *
     * @param removed what is gone, with the bytes that were freed
     * @param kept paths that are not: somebody uses them now, or they can't be removed
     * @param busy who has the work directory, of which nothing was touched then; empty: nobody
     */
    public record Removal(List<Left> removed, List<String> kept, String busy) {
        /** Copies the lists. */
        public Removal {
            removed = List.copyOf(removed);
            kept = List.copyOf(kept);
            requireNonNull(busy, "busy");
        }

        private Removal and(Removal other) {
            List<Left> all = new ArrayList<>(removed);
            all.addAll(other.removed);
            List<String> left = new ArrayList<>(kept);
            left.addAll(other.kept);
            return new Removal(all, left, busy.isEmpty() ? other.busy : busy);
        }
    }

    /** Looks; changes nothing. */
    public CompletionStage<List<Left>> look() {
        return run("looking for what is left", List.of("look", cache, workDir)).thenApply(lines -> {
            List<Left> result = new ArrayList<>();
            for (String line : lines) {
                String[] words = line.split(" ", 6);
                if (words[0].equals("item") && words.length == 6) {
                    Duration unused = Duration.ofSeconds(Math.max(0, number(words[3])));
                    result.add(new Left(words[1], number(words[2]), unused, words[4].equals("used"), words[5]));
                }
            }
            return result;
        });
    }

    /**
     * Removes.
     *
     * @param all whether a work directory that is empty then goes too
     * @param boss who does it, for the lock
     */
    public CompletionStage<Removal> remove(List<Left> things, boolean all, Owner boss) {
        List<String> inCache = new ArrayList<>(List.of("cache", cache));
        List<String> inWork = new ArrayList<>(
                List.of("work", workDir, machine.isLocal() ? "free" : "hold", all ? "all" : "some", boss.text()));
        things.forEach(left -> (left.inWorkDir() ? inWork : inCache).add(left.path()));
        CompletionStage<Removal> first = inCache.size() == 2
                ? CompletableFuture.completedFuture(new Removal(List.of(), List.of(), ""))
                : run("cleaning", inCache).thenApply(MachineCleaner::removal);
        return inWork.size() == 5
                ? first
                : first.thenCompose(done -> run("cleaning", inWork).thenApply(lines -> done.and(removal(lines))));
    }

    private static Removal removal(List<String> lines) {
        List<Left> removed = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        String busy = "";
        for (String line : lines) {
            String[] words = line.split(" ", 4);
            if (words[0].equals("removed") && words.length == 4) {
                removed.add(new Left(words[1], number(words[2]), Duration.ZERO, false, words[3]));
            } else if (words[0].equals("kept") && words.length == 4) {
                kept.add(words[3]);
            } else if (words[0].equals("busy")) {
                busy = line.substring("busy".length()).strip();
            }
        }
        return new Removal(removed, kept, busy);
    }

    private static long number(String word) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private CompletionStage<List<String>> run(String what, List<String> arguments) {
        return link.run(new ShellTask(what, SCRIPT, arguments, limit)).thenApply(out -> {
            List<String> lines = out.lines()
                    .filter(line -> line.startsWith(MARKER))
                    .map(line -> line.substring(MARKER.length()))
                    .toList();
            if (lines.isEmpty() || !lines.get(lines.size() - 1).equals("end")) {
                throw new MachineException(machine.name(), what + " was cut short", null);
            }
            return lines;
        });
    }
}
