package dev.buildboss.report.summary;

import dev.buildboss.model.Confirmation;
import dev.buildboss.model.Confirmation.Verdict;
import dev.buildboss.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The boards of one commit whose failure was built again, by what that told.
 *
 * @param label whose fault it was, harmless to print
 * @param boards those boards
 * @param words how each of them went, harmless; empty where the label says it all
 */
public record ConfirmedBoards(String label, List<String> boards, List<String> words) {
    /** Copies the lists. */
    public ConfirmedBoards {
        boards = List.copyOf(boards);
        words = List.copyOf(words);
    }

    /** The groups of a commit: what is not the source's first. */
    static List<ConfirmedBoards> of(Map<String, Confirmation> confirmations) {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (Verdict verdict :
                List.of(Verdict.FLAKE, Verdict.MACHINE, Verdict.FLAKE_OR_MACHINE, Verdict.OPEN, Verdict.CODE)) {
            confirmations.forEach((board, known) -> {
                if (known.verdict() == verdict) {
                    groups.computeIfAbsent(label(known), l -> new ArrayList<>()).add(board);
                }
            });
        }
        List<ConfirmedBoards> result = new ArrayList<>();
        groups.forEach((label, boards) -> result.add(new ConfirmedBoards(
                label,
                boards,
                boards.stream()
                        .map(confirmations::get)
                        .filter(known -> known.verdict() != Verdict.CODE)
                        .map(known -> Printable.line(known.words()))
                        .toList())));
        return result;
    }

    private static String label(Confirmation known) {
        return switch (known.verdict()) {
            case FLAKE -> "flakes";
            case MACHINE -> "the fault of " + Printable.line(known.first());
            case FLAKE_OR_MACHINE -> "flakes or a machine's fault";
            case OPEN -> "failures not confirmed";
            case CODE ->
                known.isOnOneMachine()
                        ? "confirmed by a second build on the same machine"
                        : "confirmed on another machine";
        };
    }

    /** The boards, each with its words if it has some. */
    public List<String> told() {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < boards.size(); i++) {
            told.add(words.isEmpty() ? boards.get(i) : boards.get(i) + " (" + words.get(i) + ")");
        }
        return told;
    }
}
