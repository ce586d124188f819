package dev.buildboss.benchmarks;

import dev.buildboss.jobserver.JobServer;
import dev.buildboss.jobserver.MakeClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What one job pool for all makes brings and whether it stays whole: {@code split DIR RUNS SECONDS}, {@code kill DIR MAKES KILLED}
 * and {@code overhead RUNS DIR OUT BOARD-ARGUMENTS…}. Exit status 1 if what must hold does not.
 */
public final class JobPoolMain {

    private static final int CORES = 4;
    private static final List<Integer> BOARDS = List.of(40, 10, 10, 10);
    private static final double WANTED_SPLIT = 0.75;
    private static final double WANTED_OVERHEAD = 1.02;
    private static final int SAMPLE_MS = 10;
    /** The directory of the tree whose objects are built again. */
    private static final String REBUILT = "lib";

    private JobPoolMain() {}

    /** How the make here takes a pool. */
    private static MakeClient way = MakeClient.DESCRIPTORS;

    /** Runs one of the three. */
    public static void main(String[] args) throws Exception {
        way = MakeClient.installed(Path.of("/pool"));
        boolean good = switch (args[0]) {
            case "split" -> split(Path.of(args[1]), Integer.parseInt(args[2]), args[3]);
            case "kill" -> kill(Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            default ->
                overhead(
                        Integer.parseInt(args[1]),
                        Path.of(args[2]),
                        Path.of(args[3]),
                        List.of(args).subList(4, args.length));
        };
        System.exit(good ? 0 : 1);
    }

    /** One board of 40 recipes and three of 10, on 4 cores that a recipe holds by sleeping. */
    private static boolean split(Path directory, int runs, String seconds) throws Exception {
        // Told from other sleeps on this machine by its many digits.
        String nap = seconds + "0000" + ProcessHandle.current().pid();
        Files.writeString(
                directory.resolve("Makefile"),
                "all: $(addprefix job-,$(shell seq $(N)))\njob-%:\n\t@sleep " + nap + "\n");
        List<Double> ratios = new ArrayList<>();
        int most = 0;
        for (int run = 0; run < runs; run++) {
            double fixed = seconds(() -> all(BOARDS, board -> fixed(directory, board)));
            double shared;
            try (JobServer pool = JobServer.create(directory, CORES);
                    Sampler sampler = new Sampler("sleep\0" + nap)) {
                shared = seconds(() -> all(BOARDS, board -> onPool(pool, directory, board)));
                most = Math.max(most, sampler.most());
            }
            ratios.add(shared / fixed);
            System.out.printf("fixed split %.1f s, shared pool %.1f s: %.2f%n", fixed, shared, shared / fixed);
        }
        ratios.sort(null);
        double median = ratios.get(runs / 2);
        System.out.printf(
                "median %.2f (wanted: at most %.2f); at most %d recipes at once of %d%n",
                median, WANTED_SPLIT, most, CORES);
        return median <= WANTED_SPLIT && most <= CORES;
    }

    private static Process fixed(Path directory, int recipes) throws IOException {
        return start(directory, List.of("make", "-s", "-j1", "N=" + recipes, "all"));
    }

    private static Process onPool(JobServer pool, Path directory, int recipes) throws IOException {
        return start(directory, pool.command(way, List.of("make", "-s", "N=" + recipes, "all")), pool);
    }

    /** Waits for a slot, and gives it back when the command has ended. */
    private static Process start(Path directory, List<String> command, JobServer pool) throws IOException {
        try {
            JobServer.Token slot = pool.acquire();
            Process process = start(directory, command);
            var unused = process.onExit().thenRun(slot::close);
            return process;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Process start(Path directory, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeAll(List.of("MAKEFLAGS", "MFLAGS", "MAKELEVEL"));
        return builder.start();
    }

    /** Makes, of which every so manieth is killed while its recipes run; the pool must be whole in the end. */
    private static boolean kill(Path directory, int makes, int killed) throws Exception {
        Files.writeString(directory.resolve("Makefile"), "all: a b c d e f\na b c d e f:\n\t@sleep 0.02\n");
        AtomicInteger died = new AtomicInteger();
        Random random = new Random(1);
        ExecutorService threads = Executors.newFixedThreadPool(2 * CORES);
        try (JobServer pool = JobServer.create(directory, 2 * CORES)) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int make = 0; make < makes; make++) {
                boolean dies = make % (makes / killed) == 0;
                long after = random.nextInt(40);
                all.add(CompletableFuture.runAsync(
                        () -> died.addAndGet(oneMake(pool, directory, dies, after)), threads));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(20, TimeUnit.MINUTES);
            int before = pool.free();
            int missing = pool.restore();
            System.out.printf(
                    "%d makes, %d killed with SIGKILL: %d of %d tokens there at the end, %d restored then, %d now%n",
                    makes, died.get(), before, pool.size(), missing, pool.free());
            return pool.free() == pool.size();
        } finally {
            threads.shutdown();
        }
    }

    private static int oneMake(JobServer pool, Path directory, boolean dies, long afterMs) {
        try {
            JobServer.Token slot = pool.acquire();
            try {
                Process make = start(directory, pool.command(way, List.of("make", "-s", "all")));
                boolean ended = dies && make.waitFor(afterMs, TimeUnit.MILLISECONDS);
                if (dies && !ended) {
                    make.destroyForcibly();
                }
                return make.waitFor() == 137 ? 1 : 0;
            } finally {
                slot.close();
                pool.restore();
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * One real board, in pairs of {@code make -jN} and a pool of N, in turns about which goes first. What is timed is a make of the board
     * after the objects of one directory are gone: many short pairs, as a machine's speed drifts by more in a minute than a pool can
     * cost. CPU time is user and system time of all processes.
     */
    private static boolean overhead(int runs, Path tree, Path out, List<String> arguments) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        List<String> base = new ArrayList<>(List.of("make", "-s", "O=" + out));
        base.addAll(arguments.subList(1, arguments.size()));
        List<String> plain = with(base, "-j" + cores);
        end(start(tree, with(base, arguments.get(0) + "_defconfig")));
        end(start(tree, plain));
        List<Double> walls = new ArrayList<>();
        List<Double> cpus = new ArrayList<>();
        try (JobServer pool = JobServer.create(out, cores)) {
            for (int run = 0; run < runs; run++) {
                double[][] times = new double[2][];
                for (int turn = 0; turn < 2; turn++) {
                    boolean shared = (turn + run) % 2 == 0;
                    removeObjects(out.resolve(REBUILT));
                    times[shared ? 1 : 0] = timed(
                            out,
                            shared ? pool.command(way, base) : plain,
                            command -> end(shared ? start(tree, command, pool) : start(tree, command)));
                }
                walls.add(times[1][0] / times[0][0]);
                cpus.add(times[1][1] / times[0][1]);
                System.out.printf(
                        "make -j%d %.2f s (CPU %.2f s), on the pool %.2f s (CPU %.2f s): %.3f (CPU %.3f)%n",
                        cores, times[0][0], times[0][1], times[1][0], times[1][1], walls.get(run), cpus.get(run));
            }
        }
        walls.sort(null);
        cpus.sort(null);
        double wall = walls.get(runs / 2);
        double cpu = cpus.get(runs / 2);
        System.out.printf(
                "median of %d pairs: %.3f, CPU %.3f (wanted: at most %.2f)%n", runs, wall, cpu, WANTED_OVERHEAD);
        return wall <= WANTED_OVERHEAD && cpu <= WANTED_OVERHEAD;
    }

    private static void removeObjects(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".o") && !f.endsWith("built-in.o"))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    /** Wall and CPU seconds of a command and all that it waited for, by the shell that runs it. */
    private static double[] timed(Path directory, List<String> command, Runner runner) throws Exception {
        Path file = directory.resolve("times");
        List<String> argv = new ArrayList<>(
                List.of("bash", "-c", "TIMEFORMAT='%R %U %S'; { time \"$@\"; } 2>\"$0\"", file.toString()));
        argv.addAll(command);
        runner.run(argv);
        List<String> lines = Files.readAllLines(file); // warnings of the compilers come before
        String[] words = lines.get(lines.size() - 1).split(" ", -1);
        return new double[] {Double.parseDouble(words[0]), Double.parseDouble(words[1]) + Double.parseDouble(words[2])};
    }

    private static List<String> with(List<String> command, String word) {
        List<String> all = new ArrayList<>(command);
        all.add(word);
        return all;
    }

    private static void end(Process process) throws InterruptedException {
        if (process.waitFor() != 0) {
            throw new IllegalStateException("make ended with " + process.exitValue());
        }
    }

    private static void all(List<Integer> boards, Starter starter) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int board : boards) {
            processes.add(starter.start(board));
        }
        for (Process process : processes) {
            end(process);
        }
    }

    private static double seconds(Work work) throws Exception {
        long begun = System.nanoTime();
        work.run();
        return (System.nanoTime() - begun) / 1e9;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    @FunctionalInterface
    private interface Starter {
        Process start(int recipes) throws IOException;
    }

    @FunctionalInterface
    private interface Runner {
        void run(List<String> command) throws Exception;
    }

    /** Counts, every now and then, the processes of a command line. */
    private static final class Sampler implements AutoCloseable {
        private final String words;
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        private volatile int most;

        Sampler(String words) {
            this.words = words;
            var unused = timer.scheduleWithFixedDelay(this::sample, 0, SAMPLE_MS, TimeUnit.MILLISECONDS);
        }

        int most() {
            return most;
        }

        private void sample() {
            try {
                most = Math.max(most, count());
            } catch (IOException e) {
                most = Integer.MAX_VALUE;
            }
        }

        private int count() throws IOException {
            int running = 0;
            try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                for (Path process : processes) {
                    running += line(process).startsWith(words) ? 1 : 0;
                }
            }
            return running;
        }

        private static String line(Path process) {
            try {
                return new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return ""; // ended meanwhile
            }
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }
}
