package dev.buildboss.benchmarks;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRun;
import dev.buildboss.BuildScheduler;
import dev.buildboss.WorkerJars;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.process.ProcessTransport;
import dev.buildboss.results.ResultLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * How long a run takes to hand out its first board when most of its matrix is on disk already. See {@code benchmarks/README.md} for
 * the command; {@code benchmarks/resume} puts a stub of {@code make} on the path.
 */
public final class ResumeMain {

    private ResumeMain() {}

    /**
     * Arguments: a directory to work in, the worker's jar, boards, commits. The first call makes the source, and results of all
     * commits but the last; each later one measures a run.
     */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]).toAbsolutePath();
        StubTree tree = new StubTree(directory.resolve("tree"), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        Path out = directory.resolve("out");
        if (!Files.exists(out)) {
            List<Commit> made = tree.make();
            fill(out, tree.boards(), made.subList(0, made.size() - 1));
            return;
        }
        List<Commit> series = tree.read();
        long began = System.nanoTime();
        try (ProcessTransport transport = ProcessTransport.local();
                BuildScheduler scheduler = BuildScheduler.builder()
                        .transport(transport)
                        .bundle(WorkerJars.ofFiles(Path.of(args[1])))
                        .build()) {
            long askedAt = System.nanoTime();
            BuildRun run = scheduler.start(BuildRequest.of(tree.gitDir(), tree.boards(), series, out));
            FirstBoard first = new FirstBoard();
            run.events().subscribe(first);
            long startedAt = first.started.get(5, TimeUnit.MINUTES);
            long boardAt = first.board.get(5, TimeUnit.MINUTES);
            run.cancelNow();
            System.out.printf(
                    Locale.ROOT,
                    "%d cells on disk: asked after %d ms, read after %d ms, the first board out after %d ms%n",
                    first.previous,
                    ms(began, askedAt),
                    ms(began, startedAt),
                    ms(began, boardAt));
            run.report().toCompletableFuture().get(1, TimeUnit.MINUTES);
        }
    }

    private static long ms(long fromNs, long toNs) {
        return (toNs - fromNs) / 1_000_000;
    }

    /** What a run leaves for each cell, less the texts that nobody reads when it goes on. */
    private static void fill(Path out, List<Board> boards, List<Commit> commits) throws IOException {
        for (int i = 0; i < commits.size(); i++) {
            Path dir = out.resolve(ResultLayout.commitDir(i, commits.get(i)));
            for (Board board : boards) {
                Path cell = Files.createDirectories(dir.resolve(board.target()));
                Files.writeString(cell.resolve("log"), "");
                Files.writeString(cell.resolve("err"), board.target().endsWith("7") ? "warning\n" : "");
                Files.writeString(cell.resolve("done"), "0\n");
            }
        }
    }

    private static final class FirstBoard implements Flow.Subscriber<BuildEvent> {
        private final CompletableFuture<Long> started = new CompletableFuture<>();
        private final CompletableFuture<Long> board = new CompletableFuture<>();
        private volatile int previous;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(BuildEvent event) {
            if (event instanceof BuildEvent.RunStarted run) {
                previous = run.previous();
                started.complete(System.nanoTime());
            } else if (event instanceof BuildEvent.BoardStarted) {
                board.complete(System.nanoTime());
            }
        }

        @Override
        public void onError(Throwable failure) {
            started.completeExceptionally(failure);
            board.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            onError(new IllegalStateException("the run ended first"));
        }
    }
}
