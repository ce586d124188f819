package dev.buildboss.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Machines: real OpenSSH servers on loopback, each with a home of its own ({@code ci/loopback-machines}). */
final class Fleet implements AutoCloseable {

    private static final Path SCRIPT = Path.of(System.getProperty("buildboss.root", ".."))
            .toAbsolutePath()
            .normalize()
            .resolve("ci/loopback-machines");

    private final Path directory;
    private final int size;
    private boolean crashed;

    private Fleet(Path directory, int size) {
        this.directory = directory;
        this.size = size;
    }

    /** Starts them: m1, m2, …; skips the test where there is no sshd. */
    static Fleet up(Path directory, int size) throws IOException {
        assumeTrue(
                Stream.of("/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd")
                        .map(Path::of)
                        .anyMatch(Files::isExecutable),
                "no sshd here: install openssh-server");
        Fleet fleet = new Fleet(directory, size);
        fleet.start();
        return fleet;
    }

    /** Starts them, again if they ran before; the ports may be others then. */
    void start() throws IOException {
        String unused = StubTree.run(List.of("bash", SCRIPT.toString(), "up", directory.toString(), "" + size));
    }

    /** Starts them again if one has crashed. */
    void repair() throws IOException {
        if (crashed) {
            start();
            crashed = false;
        }
    }

    Path config() {
        return directory.resolve("buildboss.conf");
    }

    Path sshConfig() {
        return directory.resolve("ssh_config");
    }

    Path knownHosts() {
        return directory.resolve("known_hosts");
    }

    Path home(String machine) {
        return directory.resolve("home").resolve(machine);
    }

    /** The server's own directory, with its configuration and log. */
    Path server(String machine) {
        return directory.resolve("sshd").resolve(machine);
    }

    int port(String machine) throws IOException {
        Matcher port = Pattern.compile("(?m)^Port (\\d+)$")
                .matcher(Files.readString(server(machine).resolve("sshd_config")));
        if (!port.find()) {
            throw new IOException("no port of " + machine);
        }
        return Integer.parseInt(port.group(1));
    }

    /** An ssh configuration with another port for one machine. */
    Path sshConfigWithPort(Path file, String machine, int port) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean there = false;
        for (String line : Files.readAllLines(sshConfig())) {
            if (line.startsWith("Host ")) {
                there = line.equals("Host " + machine);
            }
            lines.add(there && line.strip().startsWith("Port ") ? "    Port " + port : line);
        }
        return Files.write(file, lines);
    }

    /** An ssh configuration with another address and port for one machine. */
    Path sshConfigWithAddress(Path file, String machine, String address, int port) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean there = false;
        for (String line : Files.readAllLines(sshConfigWithPort(file, machine, port))) {
            if (line.startsWith("Host ")) {
                there = line.equals("Host " + machine);
            }
            lines.add(there && line.strip().startsWith("HostName ") ? "    HostName " + address : line);
        }
        return Files.write(file, lines);
    }

    /** The workers that run on a machine. */
    List<Processes.Seen> workers(String machine) {
        return Processes.workers(home(machine));
    }

    /** Kills a machine's server and its connections, as a crash of the machine would. */
    void crash(String machine) throws IOException {
        crashed = true;
        List<Processes.Seen> workers = workers(machine);
        Path pid = server(machine).resolve("sshd.pid");
        Processes.signal("KILL", Long.parseLong(Files.readString(pid).strip()));
        Files.delete(pid);
        workers.forEach(worker -> Processes.session(worker).forEach(Processes::kill));
        workers.forEach(Processes::kill);
    }

    /** Ends all servers and what hangs from them. */
    @Override
    public void close() throws IOException {
        String unused = StubTree.run(List.of("bash", SCRIPT.toString(), "down", directory.toString()));
    }
}
