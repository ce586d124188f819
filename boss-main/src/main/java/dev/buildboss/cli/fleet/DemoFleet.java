package dev.buildboss.cli.fleet;

import static java.util.Objects.requireNonNull;

import dev.buildboss.BuildbossException;
import dev.buildboss.files.Carried;
import dev.buildboss.files.FileTrees;
import dev.buildboss.lock.ThisProcess;
import dev.buildboss.simulate.SimFleet;
import dev.buildboss.simulate.SimMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Machines with simulated cores on this computer: OpenSSH servers on loopback, each with a home, a {@code java} that believes in the
 * machine's cores, and a speed that the recipes of {@link DemoWork} sleep by.
 *
 * <p>Everything is below one directory of the user's own (0700). A server is named by its process id and its start time, so that a stale
 * file never ends somebody else's process.
 *
 * @param directory the fleet's directory
 */
public record DemoFleet(Path directory) {

    private static final String SCRIPT = "loopback-machines";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./+-]+");
    private static final int MOST = 99;

    /** Makes the path absolute. */
    public DemoFleet {
        directory = requireNonNull(directory, "directory").toAbsolutePath().normalize();
    }

    /**
     * A machine, and how it is.
     *
     * @param machine its cores and speed
     * @param port where its server listens; 0: not known
     * @param pid its server; 0: it does not run
     */
    public record State(SimMachine machine, int port, long pid) {}

    /**
     * Starts the machines m1, m2, … anew.
     *
     * @param machines their cores and speeds
     * @throws BuildbossException if a fleet is up there, or something that is needed is missing
     */
    public void up(SimFleet machines) throws IOException {
        check(machines);
        makeDirectory();
        if (isUp()) {
            throw new BuildbossException("a fleet is up in " + directory + "; end it first: boss fleet down"
                    + " (or name another directory: --dir)");
        }
        DemoFiles.program(script(), Carried.text(DemoFleet.class, SCRIPT));
        for (SimMachine machine : machines.machines()) {
            prepare(machine);
        }
        Files.write(
                list(),
                machines.machines().stream()
                        .map(m -> m.name() + " " + m.cores() + " " + m.speed())
                        .toList());
        DemoFiles.run(
                "starting the machines", command("up", "" + machines.machines().size()), directory, "");
    }

    /** Ends the machines and what hangs from them; none of them need be there. */
    public void down() throws IOException {
        if (Files.exists(script())) {
            DemoFiles.run("ending the machines", command("down"), directory, "");
        }
    }

    /** The machines that were started last, whether they run or not. */
    public List<State> states() throws IOException {
        List<State> states = new ArrayList<>();
        if (Files.exists(list())) {
            for (String line : Files.readAllLines(list())) {
                states.add(state(line));
            }
        }
        return states;
    }

    /** Whether any machine runs. */
    public boolean isUp() throws IOException {
        return states().stream().anyMatch(state -> state.pid() != 0);
    }

    /** What the recipes on a machine wrote down: see {@code hold} of {@link DemoWork}. */
    public Path recipes(String machine) {
        return directory.resolve("machines").resolve(machine).resolve("recipes");
    }

    /** A directory for a tree of work, in place of the one before. */
    public Path newTree() throws IOException {
        Path tree = directory.resolve("tree");
        FileTrees.delete(tree);
        return tree;
    }

    /** The ssh configuration that reaches the machines. */
    public Path sshConfig() {
        return directory.resolve("ssh_config");
    }

    /** Settings with which a run builds on these machines only, and learns for itself how long things take. */
    public String settings() throws IOException {
        String machines = states().stream()
                .map(state -> "  " + state.machine().name() + " {}\n")
                .collect(Collectors.joining());
        return """
                buildboss.machines {
                %s}
                buildboss.ssh.config-file = "%s"
                buildboss.local.enabled = false
                buildboss.history.file = "%s"
                # The machines are this computer, whose own load says nothing of them.
                buildboss.probe.max-load = 1000
                """.formatted(machines, sshConfig(), directory.resolve("history.db"));
    }

    private void check(SimFleet machines) {
        if (!Files.isReadable(Path.of("/proc/self/stat"))) {
            throw new BuildbossException("the demo fleet needs Linux: it knows its processes by /proc");
        }
        if (!PLAIN.matcher(directory.toString()).matches()) {
            throw new BuildbossException("the directory has characters that sshd's configuration can't hold: "
                    + directory + "; name another with --dir");
        }
        if (machines.machines().size() > MOST) {
            throw new BuildbossException("a demo fleet has at most " + MOST + " machines");
        }
    }

    private void makeDirectory() throws IOException {
        if (Files.exists(directory)) {
            try (var there = Files.list(directory)) {
                if (!Files.exists(list()) && there.findAny().isPresent()) {
                    throw new BuildbossException(
                            directory + " is no demo fleet's and not empty; name another with --dir");
                }
            }
        }
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }

    /** What makes it another machine than this computer. */
    private void prepare(SimMachine machine) throws IOException {
        Path home = directory.resolve("machines").resolve(machine.name());
        Path programs = Files.createDirectories(home.resolve("bin"));
        Path jdk = home.resolve("jdk");
        Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
        Path real = Path.of(System.getProperty("java.home"));
        DemoFiles.program(programs.resolve("nproc"), "#!/bin/sh\necho " + machine.cores() + "\n");
        DemoFiles.program(
                java,
                "#!/bin/sh\nexec " + DemoFiles.quoted(real.resolve("bin/java")) + " -XX:ActiveProcessorCount="
                        + machine.cores() + " \"$@\"\n");
        if (Files.exists(real.resolve("release"))) {
            // With it nobody need start the JVM to know its version.
            Files.writeString(jdk.resolve("release"), Files.readString(real.resolve("release")));
        }
        Files.writeString(recipes(machine.name()), "");
        Path server = Files.createDirectories(directory.resolve("sshd").resolve(machine.name()));
        Files.writeString(
                server.resolve("environment"),
                String.format(
                        Locale.ROOT,
                        "export PATH=%s:\"$PATH\" JAVA_HOME=%s BUILDBOSS_DEMO_SPEED=%d BUILDBOSS_DEMO_LOG=%s%n",
                        DemoFiles.quoted(programs),
                        DemoFiles.quoted(jdk),
                        Math.max(1, Math.round(1000 * machine.speed())),
                        DemoFiles.quoted(recipes(machine.name()))));
    }

    private State state(String line) throws IOException {
        String[] words = line.split(" ", -1);
        if (words.length != 3) {
            throw new BuildbossException(list() + " is damaged: " + line);
        }
        SimMachine machine = SimMachine.of(words[0], Integer.parseInt(words[1]), Double.parseDouble(words[2]));
        Path server = directory.resolve("sshd").resolve(machine.name());
        Path process = server.resolve("process");
        long pid = 0;
        if (Files.exists(process)) {
            String[] known = Files.readString(process).strip().split(" ", -1);
            long candidate = number(known[0]);
            long since = known.length > 1 ? number(known[1]) : 0;
            pid = since != 0 && ThisProcess.startTicks(candidate) == since ? candidate : 0;
        }
        return new State(machine, port(server), pid);
    }

    private static int port(Path server) throws IOException {
        Path config = server.resolve("sshd_config");
        if (!Files.exists(config)) {
            return 0;
        }
        return Files.readAllLines(config).stream()
                .filter(line -> line.startsWith("Port "))
                .mapToInt(line -> (int) number(line.substring("Port ".length())))
                .findFirst()
                .orElse(0);
    }

    private static long number(String text) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    private List<String> command(String... words) {
        List<String> argv = new ArrayList<>(List.of("bash", script().toString(), words[0], directory.toString()));
        argv.addAll(List.of(words).subList(1, words.length));
        return argv;
    }

    private Path script() {
        return directory.resolve(SCRIPT);
    }

    /** Also marks the directory as a fleet's. */
    private Path list() {
        return directory.resolve("fleet");
    }
}
