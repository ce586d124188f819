package dev.buildboss.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildEvent;
import dev.buildboss.BuildEvent.MachineState;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRun;
import dev.buildboss.BuildScheduler;
import dev.buildboss.WorkerJars;
import dev.buildboss.boards.BoardList;
import dev.buildboss.boards.DirectoryTree;
import dev.buildboss.model.Board;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.Commit;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.model.Machine;
import dev.buildboss.process.ProcessTransport;
import dev.buildboss.report.SeriesRequest;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two bosses with real workers, and one machine's work directory. */
@Tag("process")
class TwoBossesTest {

    private static final Path ROOT =
            Path.of(System.getProperty("buildboss.root", "..")).normalize();

    @TempDir
    private Path directory;

    /** Keeps all events, and tells when one came that is waited for. */
    private static final class Seen implements Flow.Subscriber<BuildEvent> {
        private final List<BuildEvent> events = new CopyOnWriteArrayList<>();
        private final CompletableFuture<BuildEvent> awaited = new CompletableFuture<>();
        private final Predicate<BuildEvent> which;

        private Seen(Predicate<BuildEvent> which) {
            this.which = which;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(BuildEvent event) {
            events.add(event);
            if (which.test(event)) {
                awaited.complete(event);
            }
        }

        @Override
        public void onError(Throwable failure) {
            awaited.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            awaited.completeExceptionally(new AssertionError("it never came: " + events));
        }

        private BuildEvent await() throws Exception {
            return awaited.get(120, TimeUnit.SECONDS);
        }
    }

    private BuildScheduler boss(ProcessTransport transport, String whenBusy) {
        return BuildScheduler.builder()
                .settings(Settings.of(ConfigFactory.parseString("buildboss.probe { max-load = 1000 }\n"
                        + "buildboss.boss { busy-interval = 200 ms, when-busy = " + whenBusy + " }")))
                .transport(transport)
                .bundle(WorkerJars.ofFiles(ROOT.resolve("worker-main/target/buildboss-worker.jar")))
                .build();
    }

    private static boolean isBusy(BuildEvent event) {
        return event instanceof BuildEvent.MachineChanged changed && changed.state() == MachineState.BUSY;
    }

    @Test
    void buildOneAfterTheOtherInOneWorkDirectory() throws Exception {
        Path tree = directory.resolve("tree");
        run("sh", ROOT.resolve("examples/demo-tree/make-repo").toString(), tree.toString());
        Path gate = holdLastCommit(tree);
        Machine machine = new Machine("m1", "m1", 1, "~/w", Optional.empty(), List.of());
        List<Board> all = BoardList.scan(new DirectoryTree(tree)).all();
        List<Board> boards = all.subList(0, 2);
        try (SourceRepository repository = SourceRepository.open(tree);
                ProcessTransport transport = ProcessTransport.withMachines(Map.of("m1", directory.resolve("shared")));
                BuildScheduler first = boss(transport, "wait");
                BuildScheduler second = boss(transport, "wait");
                BuildScheduler third = boss(transport, "skip")) {
            List<Commit> commits =
                    repository.series(SeriesRequest.branch("work")).commits();
            BuildRun one = first.start(request(repository, all, commits, "one"), List.of(machine));
            Seen ofOne = new Seen(event -> event instanceof BuildEvent.BoardStarted);
            one.events().subscribe(ofOne);
            ofOne.await();
            BuildRun two = second.start(request(repository, boards, commits, "two"), List.of(machine));
            Seen ofTwo = new Seen(TwoBossesTest::isBusy);
            two.events().subscribe(ofTwo);
            BuildRun three = third.start(request(repository, boards, commits, "three"), List.of(machine));

            assertThat(((BuildEvent.MachineChanged) ofTwo.await()).detail())
                    .startsWith("BUSY: work directory " + directory.resolve("shared") + " is in use by ")
                    .contains(" process " + ProcessHandle.current().pid() + " since ");
            assertThat(report(three).exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
            open(gate);

            assertThat(report(one).outcomes()).hasSize(32);
            assertThat(report(two).outcomes())
                    .hasSize(8)
                    .allSatisfy((cell, outcome) -> assertThat(outcome).isInstanceOf(Built.class));
            assertThat(report(one).outcomes()).containsAllEntriesOf(report(two).outcomes());
        }
    }

    /** Has builds of the branch's last commit wait until the gate is opened: whoever is first has the machine for that long. */
    private Path holdLastCommit(Path tree) throws Exception {
        Path gate = directory.resolve("gate");
        run("mkfifo", gate.toString());
        Files.writeString(
                tree.resolve("Makefile"),
                "held := $(shell [ ! -p '" + gate + "' ] || cat '" + gate + "')\n",
                StandardOpenOption.APPEND);
        run("sh", "-c", "cd '" + tree + "' && git -c user.name=a -c user.email=a@b commit -qa --amend -C HEAD");
        return gate;
    }

    private static void open(Path gate) throws IOException {
        // Held open while it is removed: who is about to open it gets an end of file as well.
        RandomAccessFile held = new RandomAccessFile(gate.toFile(), "rw");
        Files.delete(gate);
        held.close();
    }

    private static void run(String... argv) throws Exception {
        Process process = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).as("%s", List.of(argv)).isZero();
    }

    private BuildRequest request(SourceRepository repository, List<Board> boards, List<Commit> commits, String out) {
        return BuildRequest.of(repository.gitDir(), boards, commits, directory.resolve(out));
    }

    private static BuildReport report(BuildRun run) throws Exception {
        return run.report().toCompletableFuture().get(200, TimeUnit.SECONDS);
    }
}
