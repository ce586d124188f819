package dev.buildboss.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A machine's server in a network namespace of its own, behind a pair of virtual interfaces: from there packets can be lost without
 * anybody being told. Needs root and the ip program.
 */
final class OtherSide implements AutoCloseable {

    static final int PORT = 2200;

    private static final String SSHD = "/usr/sbin/sshd";

    /** Nobody has it: what is sent there is lost. */
    private static final String NOBODY = "02:00:5e:00:53:01";

    private final String namespace = "bb" + ProcessHandle.current().pid();
    private final String near = namespace + "n";
    private final String far = namespace + "f";
    /** A link of two addresses; its number keeps tests side by side apart. */
    private final String net = "10.213." + ProcessHandle.current().pid() / 64 % 256 + "."
            + ProcessHandle.current().pid() % 64 * 4;

    private OtherSide() {}

    /** Starts a second server with that machine's configuration there; skips the test where that is not allowed. */
    static OtherSide of(Fleet fleet, String machine) throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        assumeTrue(Files.isExecutable(Path.of(SSHD)), "needs " + SSHD);
        OtherSide side = new OtherSide();
        try {
            ip("netns", "add", side.namespace);
            ip("link", "add", side.near, "type", "veth", "peer", "name", side.far, "netns", side.namespace);
            ip("addr", "add", side.address(1) + "/30", "dev", side.near);
            ip("link", "set", side.near, "up");
            side.there("ip", "addr", "add", side.address(2) + "/30", "dev", side.far);
            side.there("ip", "link", "set", side.far, "up");
        } catch (IOException e) {
            side.close();
            assumeTrue(false, "no network namespace here: " + e.getMessage());
        }
        Path config = fleet.server(machine).resolve("sshd_config.there");
        String text = Files.readString(fleet.server(machine).resolve("sshd_config"), UTF_8);
        Files.writeString(
                config,
                text.replaceAll("(?m)^Port .*", "Port " + PORT)
                        .replaceAll("(?m)^ListenAddress .*", "ListenAddress " + side.address(2))
                        .replaceAll("(?m)^PidFile .*", "PidFile none"));
        side.there(SSHD, "-E", config + ".log", "-f", config.toString());
        // It goes to the background before it listens.
        Waits.until("the server there listens", side::answers, () -> config + ".log");
        return side;
    }

    private boolean answers() {
        try (Socket socket = new Socket(address(), PORT)) {
            return socket.getInputStream().read() == 'S';
        } catch (IOException e) {
            return false;
        }
    }

    /** Where the server listens. */
    String address() {
        return address(2);
    }

    private String address(int host) {
        int dot = net.lastIndexOf('.');
        return net.substring(0, dot + 1) + (Integer.parseInt(net.substring(dot + 1)) + host);
    }

    /** Loses all packets in both directions from now on. */
    void loseEverything() throws IOException {
        ip("neigh", "replace", address(2), "lladdr", NOBODY, "dev", near, "nud", "permanent");
        there("ip", "neigh", "replace", address(1), "lladdr", NOBODY, "dev", far, "nud", "permanent");
    }

    private static void ip(String... arguments) throws IOException {
        String unused = StubTree.run(
                java.util.stream.Stream.concat(java.util.stream.Stream.of("ip"), List.of(arguments).stream())
                        .toList());
    }

    private void there(String... argv) throws IOException {
        ip(java.util.stream.Stream.concat(List.of("netns", "exec", namespace).stream(), List.of(argv).stream())
                .toArray(String[]::new));
    }

    /** Ends what runs there, and the namespace with it. */
    @Override
    public void close() throws IOException {
        String pids = StubTree.run(List.of("sh", "-c", "ip netns pids " + namespace + " || :"));
        pids.lines()
                .filter(line -> !line.isEmpty() && line.chars().allMatch(Character::isDigit))
                .forEach(pid -> Processes.signal("KILL", Long.parseLong(pid)));
        String unused = StubTree.run(
                List.of("sh", "-c", "ip link del " + near + " 2>&1 || :; ip netns del " + namespace + " 2>&1 || :"));
    }
}
