package dev.buildboss.process;

import dev.buildboss.BuildbossException;
import dev.buildboss.exec.Programs;
import dev.buildboss.jobserver.JobPools;
import dev.buildboss.model.Machine;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.ShellTask;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerCommand;
import dev.buildboss.spi.WorkerLaunch;
import dev.buildboss.spi.WorkerTransport;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Starts workers as processes of this computer.
 *
 * <p>It serves the local machine, whose work directory the launch names, and any further machines that it is given by name, each
 * with a work directory of its own (the demo has two). The worker's repository borrows the source's objects, so nothing is copied
 * and nothing is written into the user's repository.
 */
public final class ProcessTransport implements WorkerTransport {

    private final Map<String, Path> others;
    private final Path cache;
    private final ExecutorService threads;
    private final Set<Process> processes = ConcurrentHashMap.newKeySet();

    private ProcessTransport(Path cache, Map<String, Path> others) {
        this.cache = cache;
        this.others = Map.copyOf(others);
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "buildboss-process");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** For the local machine, with the worker's program in the user's own cache. */
    public static ProcessTransport local() {
        return new ProcessTransport(userCache(), Map.of());
    }

    /**
     * For the local machine and these.
     *
     * @param machines work directories by machine name
     */
    public static ProcessTransport withMachines(Map<String, Path> machines) {
        return new ProcessTransport(userCache(), machines);
    }

    /** Where this user's copies of the worker and the like are on this computer. */
    public static Path userCache() {
        String home = System.getenv("XDG_CACHE_HOME");
        Path base = home == null || home.isEmpty() ? Programs.home().resolve(".cache") : Path.of(home);
        return base.resolve("buildboss");
    }

    @Override
    public String name() {
        return "process";
    }

    @Override
    public boolean serves(Machine machine) {
        return machine.isLocal() || others.containsKey(machine.name());
    }

    @Override
    public MachineLink link(Machine machine) {
        return new Link(machine);
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        threads.shutdown();
    }

    private static String java() {
        Path own = Path.of(System.getProperty("java.home"), "bin", "java");
        return Files.isExecutable(own) ? own.toString() : "java";
    }

    private final class Link implements MachineLink {
        private final Machine machine;
        private final Background background;
        private volatile Optional<Process> process = Optional.empty();
        private volatile Path gitDir = Path.of("");
        private volatile boolean closed;

        private Link(Machine machine) {
            this.machine = machine;
            this.background = new Background(machine, threads);
        }

        @Override
        public CompletionStage<MachineFacts> probe() {
            return background.run(() -> LocalFacts.read(others.getOrDefault(machine.name(), Path.of("."))));
        }

        @Override
        public CompletionStage<WorkerChannel> start(WorkerLaunch launch) {
            return background.run(() -> startNow(launch));
        }

        private synchronized WorkerChannel startNow(WorkerLaunch launch) throws IOException {
            Path workDir = launch.workDir().map(Path::of).orElseGet(() -> workDirOf(machine));
            Files.createDirectories(workDir);
            gitDir = launch.repository().map(Path::of).orElse(workDir.resolve(".git"));
            BorrowingRepository.create(gitDir);
            String java = java();
            BundleCache.Installed installed = new BundleCache(cache, java).install(launch.bundle());
            String errorFile = installed.directory().resolve("jvm-crash-%p.log").toString();
            ProcessBuilder builder = new ProcessBuilder(WorkerCommand.start(
                            java, installed.classPath(), installed.archive(), errorFile, launch, workDir.toString()))
                    .directory(new File(workDir.toString()));
            if (others.containsKey(machine.name())) {
                builder.environment().remove(JobPools.VARIABLE); // it stands for a machine with slots of its own
            } else {
                JobPools.handOn(System.getenv())
                        .ifPresent(flags -> builder.environment().put(JobPools.VARIABLE, flags));
            }
            Process started = builder.start();
            processes.add(started);
            var unused = started.onExit().thenRun(() -> processes.remove(started));
            process = Optional.of(started);
            if (closed) {
                started.destroyForcibly();
                throw new IOException("the link was closed while the worker started");
            }
            return new ProcessChannel(started);
        }

        @Override
        public CompletionStage<PushReport> push(SourcePush push) {
            return background.run(() -> BorrowingRepository.push(gitDir, push));
        }

        @Override
        public CompletionStage<String> run(ShellTask task) {
            return background.run(() -> LocalShell.run(task));
        }

        @Override
        public CompletionStage<Void> tidy() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {
            closed = true; // not in turn with a start, which may take a while
            process.ifPresent(Process::destroyForcibly);
        }
    }

    private Path workDirOf(Machine machine) {
        Function<String, BuildbossException> none = name -> new BuildbossException(name + ": no work directory");
        return Optional.ofNullable(others.get(machine.name())).orElseThrow(() -> none.apply(machine.name()));
    }
}
