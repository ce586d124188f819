package dev.buildboss.report.summary;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.report.results.CellFiles;
import dev.buildboss.report.results.CellReport;
import dev.buildboss.report.results.Limits;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.summary.ImageGrowth.FunctionGrowth;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * The details of what a commit changed that are too big to be kept: function sizes, configuration, environment. They are read
 * from the results when asked for, and from no more than two cells at once. Safe for threads; blocks.
 */
public final class Details {

    private static final String ENVIRONMENT = "uboot.env";

    private final Matrix matrix;
    private final Limits limits;

    /** The details of a matrix. */
    public Details(Matrix matrix, Limits limits) {
        this.matrix = requireNonNull(matrix, "matrix");
        this.limits = requireNonNull(limits, "limits");
    }

    /** How a board's functions changed at a commit, by image; images without a change are left out. */
    public List<ImageGrowth> growth(int commit, String board) {
        return pair(commit, board)
                .filter(p -> !p.before().isSame(p.now(), p.now().names(".sizes")))
                .map(p -> growth(p.before().functions(), p.now().functions()))
                .orElse(List.of());
    }

    /** How the configuration changed at a commit; boards with the same changes together. */
    public List<BoardValues> config(int commit) {
        return grouped(commit, (before, now) -> {
            if (before.configFiles().equals(now.configFiles()) && before.isSame(now, now.configFiles())) {
                return new TreeMap<>();
            }
            SortedMap<String, ValueChanges> files = new TreeMap<>();
            SortedMap<String, SortedMap<String, String>> old = before.config();
            now.config().forEach((name, values) -> {
                SortedMap<String, String> was = old.get(name);
                if (was != null) {
                    ValueChanges changes = ValueChanges.between(was, values);
                    if (!changes.isEmpty()) {
                        files.put(name, changes);
                    }
                }
            });
            return files;
        });
    }

    /** How the default environment changed at a commit; boards with the same changes together. */
    public List<BoardValues> environment(int commit) {
        return grouped(commit, (before, now) -> {
            ValueChanges changes = ValueChanges.between(before.environment(), now.environment());
            return changes.isEmpty() ? new TreeMap<>() : new TreeMap<>(Map.of(ENVIRONMENT, changes));
        });
    }

    private List<BoardValues> grouped(
            int commit, BiFunction<CellFiles, CellFiles, SortedMap<String, ValueChanges>> compare) {
        record Group(String arch, SortedMap<String, ValueChanges> files) {}
        Map<Group, List<String>> groups = new LinkedHashMap<>();
        for (Board board : matrix.boards()) {
            pair(commit, board.target()).ifPresent(p -> {
                SortedMap<String, ValueChanges> files = compare.apply(p.before(), p.now());
                if (!files.isEmpty()) {
                    groups.computeIfAbsent(new Group(board.arch(), files), g -> new ArrayList<>())
                            .add(board.target());
                }
            });
        }
        return groups.entrySet().stream()
                .map(e -> new BoardValues(
                        e.getKey().arch(), e.getValue(), e.getKey().files()))
                .sorted(Comparator.comparing(BoardValues::arch)
                        .thenComparing(v -> v.boards().get(0)))
                .toList();
    }

    private record Pair(CellFiles before, CellFiles now) {}

    /** A board's files here and where it was built last before; failed builds have no files that mean anything. */
    private Optional<Pair> pair(int commit, String board) {
        if (!isGood(matrix.cell(commit, board))) {
            return Optional.empty();
        }
        for (int i = commit - 1; i >= 0; i--) {
            if (isGood(matrix.cell(i, board))) {
                Optional<Path> before = matrix.cellDir(i, board);
                Optional<Path> now = matrix.cellDir(commit, board);
                return before.isPresent() && now.isPresent()
                        ? Optional.of(new Pair(new CellFiles(before.get(), limits), new CellFiles(now.get(), limits)))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isGood(CellReport cell) {
        return cell.outcome().map(Built::kind).orElse(Kind.FAILED) != Kind.FAILED;
    }

    private static List<ImageGrowth> growth(
            SortedMap<String, SortedMap<String, Long>> before, SortedMap<String, SortedMap<String, Long>> now) {
        List<ImageGrowth> images = new ArrayList<>();
        now.forEach((image, sizes) -> {
            SortedMap<String, Long> old = before.get(image);
            if (old != null && !old.equals(sizes)) {
                List<FunctionGrowth> functions = new ArrayList<>();
                TreeSet<String> names = new TreeSet<>(sizes.keySet());
                names.addAll(old.keySet());
                for (String name : names) {
                    FunctionGrowth growth =
                            new FunctionGrowth(name, old.getOrDefault(name, 0L), sizes.getOrDefault(name, 0L));
                    if (growth.delta() != 0) {
                        functions.add(growth);
                    }
                }
                functions.sort(Comparator.comparingLong(FunctionGrowth::delta)
                        .reversed()
                        .thenComparing(FunctionGrowth::name));
                images.add(new ImageGrowth(image, functions));
            }
        });
        return images;
    }
}
