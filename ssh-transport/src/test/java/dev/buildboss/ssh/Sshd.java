package dev.buildboss.ssh;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A real OpenSSH server on loopback, for the user who runs the test, with a home and keys of its own in a temporary place. */
final class Sshd implements AutoCloseable {

    private static final long READY_SECONDS = 120;

    private final Path dir;
    private final Path clientKey;
    private final int port;
    private final Process process;

    private Sshd(Path dir, Path clientKey, int port, Process process) {
        this.dir = dir;
        this.clientKey = clientKey;
        this.port = port;
        this.process = process;
    }

    /** Starts one in {@code dir}; {@code lines} are added to its configuration. Skips the test where there is no sshd. */
    static Sshd start(Path dir, String... lines) {
        Path program = Stream.of("/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of(""));
        assumeTrue(!program.toString().isEmpty(), "no sshd here: install openssh-server");
        try {
            Files.createDirectories(dir.resolve("home"));
            key(dir.resolve("host_key"));
            Path clientKey = dir.resolve("client_key");
            key(clientKey);
            Files.copy(dir.resolve("client_key.pub"), dir.resolve("authorized_keys"));
            if (Files.isDirectory(Path.of("/run")) && Files.isWritable(Path.of("/run"))) {
                // Its privilege separation directory, which the package's service makes.
                Files.createDirectories(Path.of("/run/sshd"));
            }
            int port = freePort();
            Files.writeString(dir.resolve("sshd_config"), config(dir, port, lines));
            Process process = new ProcessBuilder(
                            program.toString(),
                            "-D",
                            "-e",
                            "-f",
                            dir.resolve("sshd_config").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(dir.resolve("log").toFile())
                    .start();
            Sshd sshd = new Sshd(dir, clientKey, port, process);
            sshd.awaitReady();
            return sshd;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String config(Path dir, int port, String... lines) throws IOException {
        Path login = dir.resolve("login");
        Files.writeString(login, """
                #!/bin/sh
                export HOME='%s'
                unset XDG_CACHE_HOME XDG_CONFIG_HOME GIT_DIR
                cd "$HOME" || exit 1
                exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"
                """.formatted(dir.resolve("home")));
        Files.setPosixFilePermissions(login, PosixFilePermissions.fromString("rwx------"));
        return """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s/host_key
                PidFile none
                AuthorizedKeysFile %s/authorized_keys
                AuthenticationMethods publickey
                UsePAM no
                StrictModes no
                PermitRootLogin prohibit-password
                ForceCommand %s
                """.formatted(port, dir, dir, login)
                + (Stream.of(lines).anyMatch(l -> l.startsWith("SetEnv"))
                        ? ""
                        : "SetEnv SHLVL=2 PATH=" + System.getenv("PATH") + "\n")
                + String.join("\n", lines)
                + "\n";
    }

    static void key(Path file) throws IOException {
        run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", file.toString()));
    }

    static String run(List<String> argv) throws IOException {
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(argv + ": " + output);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return output;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("127.0.0.1", 0));
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (true) {
            try (Socket probe = new Socket("127.0.0.1", port)) {
                probe.setSoTimeout(5000);
                if (probe.getInputStream().read() == 'S') {
                    return;
                }
            } catch (IOException notYet) {
                if (System.nanoTime() > end || !process.isAlive()) {
                    throw new IOException("sshd: " + Files.readString(dir.resolve("log")), notYet);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    int port() {
        return port;
    }

    Path home() {
        return dir.resolve("home");
    }

    Path clientKey() {
        return clientKey;
    }

    Path hostPublicKey() {
        return dir.resolve("host_key.pub");
    }

    /** What the server logged so far. */
    String log() throws IOException {
        return Files.readString(dir.resolve("log"));
    }

    /** A Host section for the ssh configuration. */
    String hostSection(String alias, Path knownHosts) {
        return """
                Host %s
                    HostName 127.0.0.1
                    Port %d
                    User %s
                    IdentityFile %s
                    IdentitiesOnly yes
                    IdentityAgent none
                    UserKnownHostsFile %s
                """.formatted(alias, port, System.getProperty("user.name"), clientKey, knownHosts);
    }

    /** The processes that serve connections, to be stopped or killed by tests. */
    List<ProcessHandle> connections() {
        return process.descendants().toList();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
