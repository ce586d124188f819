package dev.buildboss.cli;

import dev.buildboss.BuildRequest;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.results.ResultStore;
import dev.buildboss.text.Printable;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code -n}: says what a build would do, and does nothing. */
final class DryRun {

    private static final int SHORT_HASH = 12;

    private final PrintStream out;
    private final boolean allBoards;

    DryRun(PrintStream out, boolean allBoards) {
        this.out = out;
        this.allBoards = allBoards;
    }

    void print(BuildRequest request, List<Machine> machines, List<String> notes) {
        notes.forEach(note -> out.println(Printable.line(note)));
        out.println("Would build "
                + (request.current() ? "the current source" : request.commits().size() + " commits") + " for "
                + request.boards().size() + " boards:");
        int number = 0;
        for (Commit commit : request.commits()) {
            number++;
            out.println(String.format(
                    Locale.ROOT,
                    "  %02d %s %s",
                    number,
                    commit.hash().substring(0, SHORT_HASH),
                    Printable.line(commit.subject())));
        }
        Map<String, List<String>> byArch = new TreeMap<>();
        for (Board board : request.boards()) {
            byArch.computeIfAbsent(board.arch(), arch -> new java.util.ArrayList<>())
                    .add(board.target());
        }
        byArch.forEach((arch, targets) -> out.println("  " + arch + ": " + targets.size()
                + (targets.size() == 1 ? " board" : " boards")
                + (allBoards ? ": " + String.join(" ", targets) : "")));
        out.println("Machines: " + machines.stream().map(Machine::name).collect(Collectors.joining(", ")));
        out.println("Results: " + request.outputDir() + " ("
                + ResultStore.peek(request).size() + " of " + request.cells() + " are there and would be kept)");
        if (!request.obsolete().isEmpty()) {
            out.println("Results of " + request.obsolete().size() + " commits that left the branch would be removed");
        }
    }
}
