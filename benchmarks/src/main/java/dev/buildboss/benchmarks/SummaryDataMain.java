package dev.buildboss.benchmarks;

import dev.buildboss.model.Commit;
import dev.buildboss.report.results.RunJournal;
import dev.buildboss.report.results.RunRecord;
import dev.buildboss.results.ResultLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Makes results of boards × commits to summarise: every cell has what a real one has but for the big files. One board in
 * ten warns or fails, five times over, with one of 1,000 texts; at each commit two boards in a hundred get another state, and sizes
 * change now and then. The commits are those of a repository, and a run is on record. See {@code benchmarks/summary}.
 */
public final class SummaryDataMain {

    private static final int FILES = 200;
    private static final int LINES = 3_000;
    private static final int STATES = 10_000;
    private static final long SEED = 5;
    /** As if it had been there for a while: what is younger than two seconds is never taken from an index. */
    private static final FileTime EARLIER = FileTime.fromMillis(1_700_000_000_000L);

    private SummaryDataMain() {}

    /** Arguments: a directory that isn't there, boards, commits, a directory for the repository of those commits. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path out = Path.of(args[0]);
        int boards = Integer.parseInt(args[1]);
        int commits = Integer.parseInt(args[2]);
        Random random = new Random(SEED);
        int[] states = new int[boards];
        Arrays.setAll(states, j -> random.nextInt(STATES));
        List<Commit> series = new StubTree(Path.of(args[3]), 1, commits).make();
        for (int i = 0; i < commits; i++) {
            Path dir = out.resolve(ResultLayout.commitDir(i, series.get(i)));
            for (int j = 0; j < boards; j++) {
                if (random.nextInt(50) == 0) {
                    states[j] = random.nextInt(STATES);
                }
                cell(dir.resolve(String.format(Locale.ROOT, "board%04d", j)), j, states[j], random);
            }
        }
        RunJournal journal = RunJournal.of(out);
        int run = journal.begin(EARLIER.toInstant(), boards, commits).orElseThrow();
        journal.end(run, new RunRecord.End(EARLIER.toInstant(), 100, 0, boards * commits, 0, 0, 0, Map.of()));
    }

    private static void cell(Path dir, int board, int state, Random random) throws IOException {
        Files.createDirectories(dir);
        int what = state % 20;
        write(dir, "log", "");
        if (what < 2) {
            write(dir, "err", text(new Random(state), what == 0));
        }
        long text = 500_000 + board * 100L + (random.nextInt(5) == 0 ? random.nextInt(500) : 0);
        write(
                dir,
                "sizes",
                String.format(
                        Locale.ROOT,
                        " %d\t 20000\t 300\t %d\t %x\tu-boot %08x%n 40000\t 2000\t 30\t 42030\t a42e\tspl/u-boot-spl 00001000%n",
                        text,
                        text + 20_300,
                        text + 20_300,
                        60_000));
        String arch = board % 2 == 0 ? "arm" : "aarch64";
        write(
                dir,
                "toolchain",
                "gcc /usr/bin/" + arch + "-gcc\npath /usr/bin\ncross " + arch + "-\narch " + arch + "\n0\n");
        write(dir, "done", what == 0 ? "2\n" : "0\n");
        Files.setLastModifiedTime(dir, EARLIER);
    }

    private static String text(Random random, boolean fails) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            int file = random.nextInt(FILES);
            int line = random.nextInt(LINES);
            text.append(String.format(
                    Locale.ROOT,
                    "../drivers/d%d.c: In function ‘f%d’:%n../drivers/d%d.c:%d:12: %s: something is wrong with ‘x%d’%n"
                            + "  %d | \tint x = y + z;%n      |            ^~~~~%n",
                    file,
                    line % 50,
                    file,
                    line,
                    fails ? "error" : "warning",
                    line % 7,
                    line));
        }
        if (fails) {
            text.append(
                    "make[1]: *** [Makefile:2385: drivers] Error 2\nmake: *** [Makefile:189: __sub-make] Error 2\n");
        }
        return text.toString();
    }

    private static void write(Path dir, String name, String text) throws IOException {
        Path file = dir.resolve(name);
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, EARLIER);
    }
}
