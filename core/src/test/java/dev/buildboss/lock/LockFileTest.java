package dev.buildboss.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.lock.LockFile.InUse;
import dev.buildboss.lock.LockFile.Taken;
import dev.buildboss.model.Owner;
import dev.buildboss.testing.Waits;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class LockFileTest {

    private static final Instant SINCE = Instant.parse("2026-01-31T08:00:00Z");

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        started.forEach(Process::destroyForcibly);
    }

    private Path file() {
        return directory.resolve("deep/lock");
    }

    private LockFile.Attempt take(String... boss) throws IOException {
        return LockFile.take(file(), SINCE, List.of(boss).stream().findFirst());
    }

    /** Another process that tries to take the lock; it keeps it until it is killed. */
    private String elsewhere() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HolderMain.class.getName(),
                        file().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        return String.valueOf(out.readLine());
    }

    /** Takes a lock, says how that went, and waits. */
    static final class HolderMain {
        private HolderMain() {}

        public static void main(String[] args) throws IOException {
            LockFile.Attempt attempt = LockFile.take(Path.of(args[0]), Instant.EPOCH, Optional.of("b@h"));
            System.out.println(attempt instanceof InUse inUse ? inUse.by() : "taken");
            System.in.read();
        }
    }

    @Test
    void tellsASecondProcessWhoHasIt() throws IOException {
        assertThat(take()).isInstanceOf(Taken.class);

        assertThat(elsewhere()).endsWith(" process " + ProcessHandle.current().pid() + " since 2026-01-31T08:00:00Z");
        assertThat(Owner.parse(Files.readAllLines(file()).get(0).substring("owner ".length())))
                .contains(ThisProcess.owner(SINCE));
    }

    @Test
    void namesTheBossThatAWorkerHoldsItFor() throws Exception {
        assertThat(elsewhere()).isEqualTo("taken");

        assertThat(take()).isEqualTo(new InUse("b@h"));
    }

    @Test
    void aHolderThatIsKilledBlocksNobody() throws Exception {
        assertThat(elsewhere()).isEqualTo("taken");
        started.get(0).destroyForcibly().waitFor(Waits.LIMIT_S, TimeUnit.SECONDS);
        assertThat(Files.readString(file())).contains("boss b@h");

        LockFile lock = ((Taken) take()).lock();

        assertThat(Files.readString(file())).doesNotContain("boss");
        lock.close();
        assertThat(file()).isEmptyFile();
    }

    @Test
    void anAttemptWithinTheSameProcessDoesNotGiveTheLockUp() throws IOException {
        LockFile lock = ((Taken) take()).lock();

        assertThat(take()).isInstanceOf(InUse.class);
        Files.createSymbolicLink(directory.resolve("link"), file().getParent());
        assertThat(LockFile.take(directory.resolve("link/lock"), SINCE, Optional.empty()))
                .isInstanceOf(InUse.class);

        assertThat(elsewhere()).isNotEqualTo("taken");
        lock.close();
        assertThat(elsewhere()).isEqualTo("taken");
    }

    @Test
    void refreshingKeepsTheLock() throws IOException {
        LockFile lock = ((Taken) take("simon@laptop process 7 since 2026-01-31T07:00:00Z")).lock();

        lock.refresh();

        assertThat(elsewhere()).isEqualTo("simon@laptop process 7 since 2026-01-31T07:00:00Z");
        lock.close();
    }

    @Test
    void showsAStrangersTextHarmlessly() throws IOException {
        Files.createDirectories(file().getParent());
        assertThat(elsewhere()).isEqualTo("taken");
        Files.writeString(file(), "someone \u001b[31melse\nboss\n");

        assertThat(take()).isEqualTo(new InUse("someone [31melse"));
    }

    @Test
    void readsAnOwnersTextBack() {
        Owner odd = new Owner("a b@c", "häst", 5, SINCE.plusNanos(7));

        assertThat(odd.text()).isEqualTo("a_b_c@h_st process 5 since 2026-01-31T08:00:00Z");
        assertThat(Owner.parse(odd.text())).contains(odd);
        assertThat(Owner.parse("nobody")).isEmpty();
        assertThat(Owner.parse("a@b process 5 since yesterday")).isEmpty();
    }
}
