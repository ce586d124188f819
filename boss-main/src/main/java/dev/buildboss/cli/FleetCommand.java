package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.cli.fleet.DemoFleet;
import dev.buildboss.cli.fleet.DemoWork;
import dev.buildboss.cli.fleet.HeldCores;
import dev.buildboss.simulate.SimFleet;
import dev.buildboss.simulate.SimMachine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code boss fleet}: machines with simulated cores on this computer. */
@Command(
        name = "fleet",
        synopsisSubcommandLabel = "COMMAND",
        header =
                "Starts machines with simulated cores on this computer, to watch and to measure how work is scheduled.",
        description = {
            "",
            "Each machine is an OpenSSH server of its own on loopback, for you only. Recipes of the work that comes with them hold",
            "a core by sleeping, so an 8-core machine needs no 8 cores.",
            ""
        })
final class FleetCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: up, down, status");
    }

    /** What is done to the fleet of a directory. */
    abstract static class OfFleet implements Callable<Integer> {

        @Option(
                names = "--dir",
                paramLabel = "DIR",
                description = "The fleet's directory (default: ~/.local/state/buildboss/fleet).")
        @Nullable
        Path dir;

        final BossCommand boss;
        private final String done;

        /** With what could not be done to it if that fails, such as {@code ended}. */
        OfFleet(BossCommand boss, String done) {
            this.boss = boss;
            this.done = done;
        }

        abstract void act(DemoFleet fleet) throws IOException;

        @Override
        public Integer call() {
            boss.applyDebug();
            Path given = dir;
            DemoFleet fleet = new DemoFleet(
                    given == null
                            ? boss.around.home().resolve(".local/state/buildboss/fleet")
                            : boss.around.resolve(given));
            try {
                act(fleet);
                return 0;
            } catch (IOException e) {
                throw new BuildbossException(
                        "the fleet of " + fleet.directory() + " can't be " + done + ": " + e.getMessage(), e);
            }
        }

        final void show(DemoFleet fleet) throws IOException {
            List<DemoFleet.State> states = fleet.states();
            if (states.isEmpty() && !boss.json) {
                boss.around.err().println("no fleet in " + fleet.directory() + " (boss fleet up)");
            }
            TextTable table = new TextTable().row("machine", "cores", "held", "speed", "address", "server");
            for (DemoFleet.State state : states) {
                SimMachine machine = state.machine();
                int held = state.pid() == 0 ? 0 : HeldCores.now(fleet.recipes(machine.name()));
                if (boss.json) {
                    boss.around.out().println(EventJson.text(json(state, held)));
                }
                table.row(
                        machine.name(),
                        String.valueOf(machine.cores()),
                        String.valueOf(held),
                        String.valueOf(machine.speed()),
                        "127.0.0.1:" + state.port(),
                        state.pid() == 0 ? "down" : "pid " + state.pid());
            }
            if (!boss.json && !states.isEmpty()) {
                table.lines().forEach(boss.around.out()::println);
            }
        }
    }

    /** {@code boss fleet up}. */
    @Command(
            name = "up",
            exitCodeOnInvalidInput = 1,
            sortOptions = false,
            header = "Starts N machines and makes work for them; says how to build it.",
            description = {
                "",
                "Needs Linux, sshd and sftp-server (openssh-server, openssh-sftp-server), git and make.",
                ""
            })
    static final class Up extends OfFleet {

        @Parameters(
                arity = "0..1",
                paramLabel = "N",
                description = "Machines (default: as many as --cores names, or 4).")
        @Nullable
        private Integer count;

        @Option(
                names = "--cores",
                split = ",",
                paramLabel = "N",
                description =
                        "Cores of each machine, such as 8,4,2,2 (the default); the list is gone through again for more.")
        private List<Integer> cores = List.of(8, 4, 2, 2);

        @Option(
                names = "--speeds",
                split = ",",
                paramLabel = "F",
                description = "Speed of each machine, such as 1.0,0.8,1.5,1.0 (the default).")
        private List<Double> speeds = List.of(1.0, 0.8, 1.5, 1.0);

        @Option(names = "--boards", paramLabel = "N", description = "Boards of the work (default: ${DEFAULT-VALUE}).")
        private int boards = 16;

        @Option(names = "--commits", paramLabel = "N", description = "Commits of the work (default: ${DEFAULT-VALUE}).")
        private int commits = 6;

        @Option(
                names = "--seconds",
                paramLabel = "S",
                description = "Core-seconds of a board's first build, on average (default: ${DEFAULT-VALUE}).")
        private double seconds = 10;

        @Option(
                names = "--seed",
                paramLabel = "N",
                description = "The same number, the same work (default: ${DEFAULT-VALUE}).")
        private long seed = 1;

        Up(BossCommand boss) {
            super(boss, "started");
        }

        @Override
        void act(DemoFleet fleet) throws IOException {
            SimFleet machines = machines();
            if (boards < 1 || commits < 1 || !(seconds > 0)) {
                throw new BuildbossException("--boards, --commits and --seconds: must be more than 0");
            }
            fleet.up(machines);
            Path tree = fleet.newTree();
            DemoWork work = DemoWork.generate(boards, commits, seconds, seed);
            work.make(tree);
            Path config = fleet.directory().resolve("buildboss.conf");
            Files.writeString(config, fleet.settings() + work.settings());
            explain(fleet, tree, config, work.workload().bound(machines));
        }

        private SimFleet machines() {
            int wanted = count != null ? count : Math.max(cores.size(), 1);
            if (wanted < 1 || cores.isEmpty() || speeds.isEmpty()) {
                throw new BuildbossException("N: must be 1 or more");
            }
            List<SimMachine> machines = new ArrayList<>();
            for (int i = 0; i < wanted; i++) {
                try {
                    machines.add(
                            SimMachine.of("m" + (i + 1), cores.get(i % cores.size()), speeds.get(i % speeds.size())));
                } catch (IllegalArgumentException e) {
                    throw new BuildbossException("--cores, --speeds: " + e.getMessage(), e);
                }
            }
            return new SimFleet("demo", machines);
        }

        private void explain(DemoFleet fleet, Path tree, Path config, double bound) throws IOException {
            PrintStream out = boss.around.out();
            show(fleet);
            if (boss.json) {
                return;
            }
            out.println();
            out.println("Work for them: " + boards + " boards x " + commits + " commits in " + tree);
            out.printf(Locale.ROOT, "No schedule ends sooner than %.1f s after the first recipe. Build it:%n", bound);
            out.println();
            out.println("  cd " + tree);
            out.println("  boss build --config " + config + " --dist -b " + DemoWork.BRANCH + " -c " + commits
                    + " -f -o " + fleet.directory().resolve("results"));
            out.println();
            out.println("Watch the cores with  boss fleet status" + option() + "  and end it with  boss fleet down"
                    + option());
        }

        private String option() {
            return dir == null ? "" : " --dir " + dir;
        }
    }

    /** {@code boss fleet down}. */
    @Command(
            name = "down",
            exitCodeOnInvalidInput = 1,
            header = "Ends the machines and the workers on them. The directory stays.")
    static final class Down extends OfFleet {

        Down(BossCommand boss) {
            super(boss, "ended");
        }

        @Override
        void act(DemoFleet fleet) throws IOException {
            long up = fleet.states().stream().filter(state -> state.pid() != 0).count();
            fleet.down();
            boss.around.out().println(up + (up == 1 ? " machine" : " machines") + " ended in " + fleet.directory());
        }
    }

    /** {@code boss fleet status}. */
    @Command(
            name = "status",
            exitCodeOnInvalidInput = 1,
            header = "Shows the machines, and how many of their cores are held at this moment.")
    static final class Status extends OfFleet {

        Status(BossCommand boss) {
            super(boss, "read");
        }

        @Override
        void act(DemoFleet fleet) throws IOException {
            show(fleet);
        }
    }

    private static Map<String, Object> json(DemoFleet.State state, int held) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("machine", state.machine().name());
        object.put("cores", state.machine().cores());
        object.put("held", held);
        object.put("speed", state.machine().speed());
        object.put("port", state.port());
        object.put("pid", state.pid());
        return object;
    }
}
