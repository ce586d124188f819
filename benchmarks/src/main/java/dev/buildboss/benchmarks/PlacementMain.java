package dev.buildboss.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.simulate.PlacementFigure;
import dev.buildboss.simulate.PlacementSweep;
import dev.buildboss.simulate.SimFleet;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What placement is worth in virtual time: the sweeps of the simulator, each with a table; {@code benchmarks/placement} starts it. */
@Command(
        name = "benchmarks/placement",
        sortOptions = false,
        header = "Play some thousand generated matrices in virtual time, and tell what placement is worth.",
        description = {
            "",
            "Makespans by predicted finish, with splitting and hedging, over the bounds that no schedule beats and over the"
                    + " existing tool's policy: matrices of all sizes on three fleets, the same with estimates off by a factor of 2,"
                    + " and fleets whose machines take fewer boards at once than they have cores (docs/scheduling.md). The same"
                    + " options give the same figures on any computer, however busy. Uses all cores.",
            "",
            "The exit status is 1 if a figure misses what is wanted.",
            ""
        })
public final class PlacementMain implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    CommandSpec spec;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Seeds of each matrix on each fleet (default: 21, and 10 for machines of few slots).")
    @Nullable
    Integer seeds;

    @Option(
            names = "--first-seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "The first of them (default: ${DEFAULT-VALUE}).")
    int firstSeed;

    @Option(
            names = "--boards",
            paramLabel = "N",
            description =
                    "Leave out matrices of more boards. What is wanted is wanted of all sizes: it is not held then.")
    int boards = Integer.MAX_VALUE;

    @Option(names = "--progress", description = "Count runs on the standard error (usual if that is a terminal).")
    boolean progress;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and end.")
    boolean help;

    private PlacementMain() {}

    /** Arguments: as {@code --help} tells. */
    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8), args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new PlacementMain()).setOut(out).setErr(err).execute(args);
    }

    @Override
    public Integer call() {
        if (seeds != null && seeds < 1) {
            throw new ParameterException(spec.commandLine(), "--seeds must be at least 1");
        }
        boolean good = true;
        for (PlacementSweep sweep : List.of(
                PlacementSweep.ofAllSizes(), PlacementSweep.withEstimatesOffByTwo(), PlacementSweep.onFewSlots())) {
            good &= play(sweep);
        }
        return good ? 0 : 1;
    }

    private boolean play(PlacementSweep whole) {
        PlacementSweep sweep = chosen(whole);
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%s: %,d runs: %s%n", sweep.title(), sweep.size(), words(sweep));
        List<PlacementFigure> figures = sweep.figures(sweep.play(counter(sweep.size())));
        boolean good = print(out, figures, sweep.boards().equals(whole.boards()));
        out.println();
        return good;
    }

    private PlacementSweep chosen(PlacementSweep whole) {
        try {
            return whole.upTo(boards).withSeeds(firstSeed, seeds == null ? whole.seeds() : seeds);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--boards " + boards + " leaves no matrix", e);
        }
    }

    private static String words(PlacementSweep sweep) {
        return String.format(
                "seeds %d to %d; %s boards x %s commits; fleets %s",
                sweep.firstSeed(),
                sweep.firstSeed() + sweep.seeds() - 1,
                list(sweep.boards()),
                list(PlacementSweep.COMMITS),
                sweep.fleets().stream().map(SimFleet::name).collect(Collectors.joining(" | ")));
    }

    private static String list(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** A table of the figures; whether all of them hold, if they are held. */
    static boolean print(PrintWriter out, List<PlacementFigure> figures, boolean held) {
        out.printf("  %-60s %8s  %s%n", "makespan", "measured", held ? "wanted" : "")
                .flush();
        boolean good = true;
        for (PlacementFigure figure : figures) {
            boolean judged = held && figure.atMost().isPresent();
            good &= !judged || figure.holds();
            String wanted = judged
                    ? String.format(
                            Locale.ROOT, "%6.2f %s", figure.atMost().getAsDouble(), figure.holds() ? "holds" : "MISSED")
                    : "";
            out.println(String.format(Locale.ROOT, "  %-60s %8.4f  %s", figure.name(), figure.measured(), wanted)
                    .stripTrailing());
        }
        return good;
    }

    /** Rewrites one line of the standard error, and wipes it after the last run. */
    private Runnable counter(int runs) {
        if (!progress) {
            return () -> {};
        }
        PrintWriter err = spec.commandLine().getErr();
        AtomicInteger done = new AtomicInteger();
        return () -> {
            synchronized (done) { // the last to count is the last to write
                int now = done.incrementAndGet();
                String line = String.format(Locale.ROOT, "%,d of %,d runs", now, runs);
                err.print("\r" + (now < runs ? line : " ".repeat(line.length()) + "\r"));
                err.flush();
            }
        };
    }
}
