package dev.buildboss.cli.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.buildboss.files.Carried;
import dev.buildboss.model.Board;
import dev.buildboss.plan.Estimates.Work;
import dev.buildboss.simulate.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A source tree whose boards take what a generated workload says, and use nothing: a git repository with a branch {@code work} of that
 * many commits, and settings for the recipe {@code command}.
 *
 * @param workload what each build costs, in core-seconds of a machine of speed 1
 */
public record DemoWork(Workload workload) {

    /** The branch that has the commits; its upstream is {@code main}. */
    public static final String BRANCH = "work";

    /** How long a recipe of a board's parallel part holds a core, at most. */
    private static final long PIECE_MS = 250;

    private static final long EPOCH = 1_767_268_800;
    private static final String WHO = "Demo Fleet <demo@example.org>";

    /** Checks that there is one. */
    public DemoWork {
        requireNonNull(workload, "workload");
    }

    /**
     * Work of that size, as the simulator has it: lognormal boards, 12 % serial, commits at 5 to 60 % of a first build.
     *
     * @param seconds core-seconds of a first build, on average
     */
    public static DemoWork generate(int boards, int commits, double seconds, long seed) {
        Workload.Shape usual = Workload.Shape.USUAL;
        Workload.Shape shape = new Workload.Shape(
                seconds, usual.sigma(), usual.serial(), usual.least(), usual.most(), usual.noise(), usual.offBy());
        return new DemoWork(Workload.generate(boards, commits, shape, seed));
    }

    /**
     * Makes the repository.
     *
     * @param tree where to: a directory that does not exist
     */
    public void make(Path tree) throws IOException {
        Files.createDirectories(tree);
        DemoFiles.run("git init", List.of("git", "init", "-q", "-b", BRANCH), tree, "");
        DemoFiles.run("git fast-import", List.of("git", "fast-import", "--quiet"), tree, history());
        DemoFiles.run("git reset", List.of("git", "reset", "-q", "--hard"), tree, "");
        DemoFiles.run("git branch", List.of("git", "branch", "-q", "-u", "main"), tree, "");
    }

    /** The settings that build it. */
    public String settings() {
        String boards =
                workload.boards().stream().map(board -> board.target() + " {}").collect(Collectors.joining(", "));
        return """
                buildboss.recipe = command
                buildboss.recipes.command {
                  boards { %s }
                  # From the beginning: what is there from another board or commit does not count.
                  configure = [rm, -f, "{output}/built"]
                  build = [make, -s, "BOARD={board}", "O={output}"]
                }
                """.formatted(boards);
    }

    /** As {@code git fast-import} reads it: main is the first commit, work has all. */
    private String history() throws IOException {
        StringBuilder stream = new StringBuilder();
        for (int commit = 0; commit < workload.commits(); commit++) {
            String branch = commit == 0 ? "main" : BRANCH;
            stream.append("commit refs/heads/")
                    .append(branch)
                    .append("\nmark :")
                    .append(commit + 1);
            stream.append("\ncommitter ")
                    .append(WHO)
                    .append(' ')
                    .append(EPOCH + commit)
                    .append(" +0000\n");
            data(stream, "demo: Number " + (commit + 1) + "\n");
            if (commit > 0) {
                stream.append("from :").append(commit).append('\n');
            } else {
                file(stream, "100644", "Makefile", Carried.text(DemoWork.class, "Makefile.txt"));
                file(stream, "100755", "hold", Carried.text(DemoWork.class, "hold.txt"));
            }
            for (Board board : workload.boards()) {
                file(stream, "100644", "costs/" + board.target(), costs(board, commit));
            }
        }
        stream.append("reset refs/heads/").append(BRANCH).append("\nfrom :").append(workload.commits());
        return stream.append('\n').toString();
    }

    private String costs(Board board, int commit) {
        int number = workload.boards().indexOf(board);
        return costs("FIRST", workload.first(number, commit)) + costs("NEXT", workload.next(number, commit));
    }

    private static String costs(String kind, Work work) {
        long parallelMs = Math.round(1000 * (work.total() - work.serial()));
        long parts = Math.max(1, (parallelMs + PIECE_MS - 1) / PIECE_MS);
        return String.format(
                Locale.ROOT,
                "%1$s_SERIAL := %2$d%n%1$s_PARTS := %3$d%n%1$s_PIECE := %4$d%n",
                kind,
                Math.round(1000 * work.serial()),
                parts,
                parallelMs / parts);
    }

    private static void file(StringBuilder stream, String mode, String name, String text) {
        stream.append("M ").append(mode).append(" inline ").append(name).append('\n');
        data(stream, text);
    }

    private static void data(StringBuilder stream, String text) {
        stream.append("data ")
                .append(text.getBytes(UTF_8).length)
                .append('\n')
                .append(text)
                .append('\n');
    }
}
