package dev.buildboss.jobserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The style of make 4.4 and later, with a stand-in that does what GNU make's manual ("POSIX Jobserver") says of a client: one job for
 * nothing, a byte read from the named pipe for each further one, and the same byte written back.
 */
@Tag("process")
class FifoClientTest {

    private static final String CLIENT = """
            case $MAKEFLAGS in
                *--jobserver-fds=*) echo "descriptors are named to a make that takes a pipe" >&2; exit 1 ;;
                *--jobserver-auth=fifo:*) ;;
                *) echo "no pipe in MAKEFLAGS: $MAKEFLAGS" >&2; exit 1 ;;
            esac
            pipe=${MAKEFLAGS##*--jobserver-auth=fifo:}
            exec 5<>"${pipe%% *}" || exit 1
            job() { echo start >>log; sleep 0.05; echo end >>log; }
            for number in 1 2 3; do
                IFS= read -r -n 1 token <&5 || exit 1
                { job; printf %s "$token" >&5; } &
            done
            job
            wait
            """;

    @TempDir
    Path dir = Path.of("");

    @Test
    void clientsOfANamedPipeNeverRunMoreThanThePoolAndGiveAllBack() throws Exception {
        try (JobServer pool = JobPools.create(dir, 3)) {
            assertEquals(MakeClient.FIFO, MakeClient.forVersion("GNU Make 4.4.1", pool.fifo()));
            List<CompletableFuture<Void>> ends = new ArrayList<>();
            List<Process> clients = new ArrayList<>();
            Files.writeString(dir.resolve("log"), "");
            for (int i = 0; i < 2; i++) {
                JobServer.Token slot = pool.acquire();
                Process client = start(pool);
                ends.add(client.onExit().thenRun(slot::close));
                clients.add(client);
            }
            for (Process client : clients) {
                String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertEquals(0, client.waitFor(), said);
            }
            for (CompletableFuture<Void> end : ends) {
                end.get(2, TimeUnit.MINUTES); // else its slot may be on its way back yet
            }
            assertEquals(3, pool.free());
            assertEquals(0, pool.restore());
        }
        int running = 0;
        int most = 0;
        List<String> log = Files.readAllLines(dir.resolve("log"));
        for (String line : log) {
            running += line.equals("start") ? 1 : -1;
            most = Math.max(most, running);
        }
        assertEquals(16, log.size());
        assertTrue(most <= 3, most + " jobs at once");
        assertTrue(most >= 2, "the pool was not used");
    }

    private Process start(JobServer pool) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(pool.command(MakeClient.FIFO, List.of("bash", "-c", CLIENT)))
                .directory(dir.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("MAKEFLAGS", "MFLAGS", "MAKELEVEL"));
        return builder.start();
    }
}
