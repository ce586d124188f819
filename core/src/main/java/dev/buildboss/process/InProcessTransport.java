package dev.buildboss.process;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import dev.buildboss.model.Machine;
import dev.buildboss.model.Owner;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.Recipes;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import dev.buildboss.spi.WorkerTransport;
import dev.buildboss.worker.WorkerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Runs the local machine's worker inside this JVM: for tests, and for embedders who want no second one.
 *
 * <p>It is the same worker, on streams in place of pipes; makes and compilers are processes as ever. What a worker process
 * would contain, such as a recipe that fills the memory, hits this JVM instead.
 */
public final class InProcessTransport implements WorkerTransport {
    private final ActorSystem<?> system;
    private final List<BuildRecipe> recipes;
    private final Set<InProcessChannel> channels = ConcurrentHashMap.newKeySet();

    private InProcessTransport(ActorSystem<?> system, List<BuildRecipe> recipes) {
        this.system = requireNonNull(system, "system");
        this.recipes = List.copyOf(recipes);
    }

    /** With the recipes of the class path. The caller keeps the system, and ends it after the transport. */
    public static InProcessTransport on(ActorSystem<?> system) {
        return new InProcessTransport(system, Recipes.installed());
    }

    /** With these recipes only. */
    public static InProcessTransport on(ActorSystem<?> system, List<BuildRecipe> recipes) {
        return new InProcessTransport(system, recipes);
    }

    @Override
    public String name() {
        return "in-process";
    }

    @Override
    public boolean serves(Machine machine) {
        return machine.isLocal();
    }

    @Override
    public MachineLink link(Machine machine) {
        return new Link(machine);
    }

    @Override
    public void close() {
        channels.forEach(InProcessChannel::kill);
    }

    private final class Link implements MachineLink {
        private final Machine machine;
        private final Background background;
        private volatile Optional<InProcessChannel> channel = Optional.empty();
        private volatile Path gitDir = Path.of("");

        private Link(Machine machine) {
            this.machine = machine;
            this.background = new Background(machine, InProcessTransport::onThreadOfItsOwn);
        }

        @Override
        public CompletionStage<MachineFacts> probe() {
            return background.run(() -> LocalFacts.read(Path.of(".")));
        }

        @Override
        public CompletionStage<WorkerChannel> start(WorkerLaunch launch) {
            return background.run(() -> {
                Path workDir =
                        Path.of(launch.workDir().orElse(machine.workDir())).toAbsolutePath();
                Files.createDirectories(workDir);
                gitDir = launch.repository().map(Path::of).orElse(workDir.resolve(".git"));
                BorrowingRepository.create(gitDir);
                Settings settings = settings(launch);
                WorkerConfig config = new WorkerConfig(
                        workDir,
                        Optional.of(gitDir),
                        WorkerConfig.usableThreads(settings),
                        settings,
                        recipes,
                        launch.debug(),
                        "in-process",
                        launch.boss().map(Owner::text));
                InProcessChannel started = InProcessChannel.start(system, config);
                channels.add(started);
                started.exited().thenRun(() -> channels.remove(started));
                channel = Optional.of(started);
                return started;
            });
        }

        @Override
        public CompletionStage<PushReport> push(SourcePush push) {
            return background.run(() -> BorrowingRepository.push(gitDir, push));
        }

        @Override
        public CompletionStage<Void> tidy() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {
            channel.ifPresent(InProcessChannel::kill);
        }
    }

    private static void onThreadOfItsOwn(Runnable task) {
        Thread thread = new Thread(task, "buildboss-in-process");
        thread.setDaemon(true);
        thread.start();
    }

    private static Settings settings(WorkerLaunch launch) {
        return Settings.of(ConfigFactory.parseString(launch.settings().entrySet().stream()
                .map(entry -> entry.getKey() + " = " + literal(entry.getValue()))
                .collect(Collectors.joining("\n"))));
    }

    private static String literal(String value) {
        boolean already = value.startsWith("[") || value.startsWith("{") || value.startsWith("\"");
        return already ? value : ConfigUtil.quoteString(value);
    }
}
