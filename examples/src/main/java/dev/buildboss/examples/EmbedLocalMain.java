package dev.buildboss.examples;

import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRun;
import dev.buildboss.BuildScheduler;
import dev.buildboss.WorkerJars;
import dev.buildboss.boards.BoardList;
import dev.buildboss.boards.DirectoryTree;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.process.ProcessTransport;
import dev.buildboss.report.SeriesRequest;
import dev.buildboss.report.SourceRepository;
import java.nio.file.Path;
import java.util.List;

/** Builds every board of a tree at the commits of a branch, on this computer's threads. */
public final class EmbedLocalMain {

    private EmbedLocalMain() {}

    /** Arguments: the source tree, the branch, the directory for results, the worker's jar. */
    public static void main(String[] args) {
        BuildReport report = build(Path.of(args[0]), args[1], Path.of(args[2]), Path.of(args[3]));
        report.outcomes().forEach((cell, outcome) -> System.out.println(cell + " " + outcome));
        System.exit(report.exitStatus(false).code());
    }

    static BuildReport build(Path tree, String branch, Path results, Path workerJar) {
        // README: begin
        List<Board> boards = BoardList.scan(new DirectoryTree(tree)).all();
        try (SourceRepository repository = SourceRepository.open(tree);
                ProcessTransport transport = ProcessTransport.local();
                BuildScheduler scheduler = BuildScheduler.builder()
                        .transport(transport)
                        .bundle(WorkerJars.ofFiles(workerJar))
                        .build()) {
            List<Commit> commits =
                    repository.series(SeriesRequest.branch(branch)).commits();
            BuildRun run = scheduler.start(BuildRequest.of(repository.gitDir(), boards, commits, results));
            run.events().subscribe(new PrintingSubscriber());
            return run.report().toCompletableFuture().join();
        }
        // README: end
    }
}
