package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More machines behind one server than it takes connections at once. */
class ManyMachinesTest extends FaultTest {

    private static final int MACHINES = 100;
    private static final String LIMIT = "MaxStartups 10:30:60\n";

    /** Enough of a worker to be used; it answers for a board when the gate is open. */
    private static final String WORKER = """
            say() { printf 'BM> %%s\\n' "$1"; }
            say '{"resp":"ready","nthreads":1,"slots":1}'
            while IFS= read -r line; do
                case $line in
                    *'"configure"'*) say '{"resp":"configure_done"}' ;;
                    *'"build_prepare"'*)
                        say '{"resp":"build_started","num_threads":1}'
                        say '{"resp":"worktree_created","thread":0}'
                        say '{"resp":"build_prepare_done"}' ;;
                    *'"build_board"'*)
                        board=${line#*'"board":"'}
                        board=${board%%%%\\"*}
                        [ ! -p '%s' ] || cat '%s' 2>/dev/null
                        for commit in 0 1 2; do
                            say "{\\"resp\\":\\"build_result\\",\\"board\\":\\"$board\\",\\"commit_upto\\":$commit,\\"return_code\\":0,\\"stdout\\":\\"\\",\\"stderr\\":\\"\\",\\"load_avg\\":0.0}"
                        done ;;
                    *'"build_done"'*) say '{"resp":"build_done","exceptions":0}' ;;
                    *'"quit"'*) say '{"resp":"quit_ack"}'; exit 0 ;;
                esac
            done
            """;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void allConnectToOneServer() throws Exception {
        Path place = Files.createDirectories(bed.directory().resolve("many"));
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= MACHINES; i++) {
            names.add(String.format(Locale.ROOT, "c%03d", i));
        }
        StubTree tree = new StubTree(place, names);
        tree.close("many");
        Path gate = tree.gate("many");
        Path worker = Files.writeString(place.resolve("worker"), WORKER.formatted(gate, gate));
        int port = freePort();
        Path log = place.resolve("sshd.log");
        Process server = startServer(place.resolve("sshd_config"), port, log);
        try {
            FaultBed.Run run = bed.run()
                    .with("--dist", "--no-local")
                    .source(tree)
                    .boards(names)
                    // They are all this one computer, which is slow at being a hundred.
                    .set("boss.ready-timeout", "8 m")
                    .set("boss.setup-timeout", "8 m")
                    .config(machines(place.resolve("machines.conf"), names, worker))
                    .sshConfig(sshConfig(place.resolve("ssh_config"), names, port));
            BossProcess boss = run.start();

            Waits.longUntil(
                    "all machines build", () -> states(boss, "building") == MACHINES || !boss.isAlive(), boss::words);
            tree.open("many");

            assertThat(boss.awaitExit()).as(boss.words()).isZero();
            assertThat(states(boss, "building")).isEqualTo(MACHINES);
            assertThat(states(boss, "unavailable") + states(boss, "lost")).isZero();
            assertThat(run.results().cells()).hasSize(MACHINES * StubTree.COMMITS);
            bed.awaitNobodyLeft();
        } finally {
            server.destroy();
            server.onExit().join();
        }
    }

    private static long states(BossProcess boss, String state) {
        return boss.events("machine-changed").stream()
                .filter(event -> event.path("state").asText().equals(state))
                .count();
    }

    private static Path machines(Path file, List<String> names, Path worker) throws IOException {
        StringBuilder text = new StringBuilder("buildboss.probe.max-load = 1000\nbuildboss.machines {\n");
        for (String name : names) {
            text.append(name + " { work-dir = \"~/many/" + name + "\", worker-command = [sh, \"" + worker + "\"] }\n");
        }
        return Files.writeString(file, text.append("}\n"));
    }

    /** The one server under all names. */
    private Path sshConfig(Path file, List<String> names, int port) throws IOException {
        String text = Files.readString(bed.fleet().sshConfigWithPort(file, "m1", port));
        String section = text.substring(text.indexOf('\n') + 1, text.indexOf("Host m2"));
        return Files.writeString(file, "Host " + String.join(" ", names) + "\n" + section);
    }

    /** A server like that of m1, with the same home. */
    private Process startServer(Path config, int port, Path log) throws IOException {
        String text = Files.readString(bed.fleet().server("m1").resolve("sshd_config"))
                .replaceAll("(?m)^Port .*$", "Port " + port)
                .replaceAll("(?m)^PidFile .*$", "PidFile none");
        Files.writeString(config, LIMIT + text);
        String program = Stream.of("/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd")
                .filter(name -> Files.isExecutable(Path.of(name)))
                .findFirst()
                .orElseThrow();
        Process server = new ProcessBuilder(program, "-D", "-e", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Waits.until("the server listens", () -> answers(port), () -> log + " of " + server);
        return server;
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read() == 'S';
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
