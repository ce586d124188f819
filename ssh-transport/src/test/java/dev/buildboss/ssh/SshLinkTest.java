package dev.buildboss.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.MachineException;
import dev.buildboss.model.Machine;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both transports against a real OpenSSH server, with a stand-in for the worker. */
class SshLinkTest extends SshLinkBed {

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void probesAMachine(String transport) throws Exception {
        MachineFacts facts = await(link(transport, machine()).probe());

        assertThat(facts.arch()).isEqualTo(Sshd.run(List.of("uname", "-m")).strip());
        assertThat(facts.threads()).isBetween(1, Runtime.getRuntime().availableProcessors() * 2);
        assertThat(facts.cpus()).isPositive();
        assertThat(facts.memoryMib()).isPositive();
        assertThat(facts.diskMib()).isPositive();
        assertThat(facts.javaMajor().orElse(0)).isGreaterThanOrEqualTo(17);
        assertThat(facts.versions()).containsKey("git");
        assertThat(workDir()).doesNotExist();
        assertThat(Files.readString(work.resolve("known_hosts")).lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void installsStartsAndTalksToAWorker(String transport) throws Exception {
        WorkerChannel channel = await(link(transport, machine()).start(launch()));
        Talk talk = new Talk(channel);

        assertThat(talk.hear()).isEqualTo("BM> {\"resp\":\"ready\"}");
        talk.say("echo häj");
        assertThat(talk.hear()).isEqualTo("häj");
        talk.say("args");
        assertThat(talk.hear()).isEqualTo("-g " + workDir().toRealPath());
        talk.say("warn careful");
        assertThat(await(talk.err.pull())).contains("careful");
        talk.in.complete();
        assertThat(talk.hear()).isEqualTo("(end)");
        assertThat(await(channel.exited())).isZero();
        assertThat(workDir().resolve("ended")).exists();
        assertThat(workDir().resolve(".git/config")).content().contains("updateInstead");
        assertThat(channel.traffic().sentBytes()).isPositive();
        assertThat(channel.traffic().receivedBytes()).isPositive();
    }

    @Test
    void sendsEachVersionOnceAndKeepsAnArchiveOfClasses() throws Exception {
        for (int i = 0; i < 2; i++) {
            MachineLink link = link("jsch", machine());
            Talk talk = new Talk(await(link.start(launch())));
            talk.hear();
            talk.in.complete();
            assertThat(talk.hear()).isEqualTo("(end)");
            await(link.tidy());
        }
        Path bundle = sshd.home().resolve(".cache/buildboss/" + BundleId.of(launch().bundle()));

        assertThat(bundle.resolve("worker.jar")).exists();
        assertThat(Files.getPosixFilePermissions(bundle)).hasSize(3);
        try (var files = Files.list(bundle)) {
            assertThat(files.filter(f -> f.toString().endsWith(".jsa"))).hasSize(1);
        }
        try (var files = Files.list(bundle.getParent())) {
            assertThat(files.filter(f -> f.getFileName().toString().startsWith("new-")))
                    .isEmpty();
        }
    }

    @Test
    void sendsAgainWhatWasDamaged() throws Exception {
        Path jar = sshd.home().resolve(".cache/buildboss/" + BundleId.of(launch().bundle()) + "/worker.jar");
        Files.createDirectories(jar.getParent());
        Files.writeString(jar, "damaged");

        Talk talk = new Talk(await(link("jsch", machine()).start(launch())));

        assertThat(talk.hear()).startsWith("BM> ");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void startsInSpiteOfAnArchiveThatWasCutShort(boolean sizeFits) throws Exception {
        WorkerLaunch launch = new WorkerLaunch(
                TestBundle.create("cut" + sizeFits), Optional.empty(), Optional.empty(), false, Map.of());
        Talk first = new Talk(await(link("jsch", machine()).start(launch)));
        first.hear();
        Path bundle = sshd.home().resolve(".cache/buildboss/" + BundleId.of(launch.bundle()));
        Path archive;
        try (var files = Files.list(bundle)) {
            archive =
                    files.filter(f -> f.toString().endsWith(".jsa")).findFirst().orElseThrow();
        }
        newPlace();

        // The JVM maps its pages and dies of SIGBUS.
        Files.write(archive, Arrays.copyOf(Files.readAllBytes(archive), 64 * 1024));
        if (sizeFits) {
            Files.writeString(Path.of(archive + ".size"), "65536\n");
        }
        Talk second = new Talk(await(link("jsch", machine()).start(launch)));

        assertThat(second.hear()).startsWith("BM> ");
        second.say("echo still here");
        assertThat(second.hear()).isEqualTo("still here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void endsTheWorkerWhenTheLinkCloses(String transport) throws Exception {
        MachineLink link = link(transport, machine());
        Talk talk = new Talk(await(link.start(launch())));
        talk.hear();
        talk.say("pid");
        ProcessHandle worker = ProcessHandle.of(Long.parseLong(talk.hear())).orElseThrow();

        link.close();

        worker.onExit().get(LIMIT_S, TimeUnit.SECONDS);
        assertThat(workDir().resolve("ended")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void slowsTheWorkerThatIsNotRead(String transport) throws Exception {
        MachineLink link = link(transport, machine());
        Talk talk = new Talk(await(link.start(launch())));
        talk.hear();
        long total = 100L * 1024 * 1024;
        talk.say("flood " + total);

        long stalledAt = awaitStall(workDir().resolve("written"));
        // The link's other connection goes on meanwhile.
        await(link.probe());

        assertThat(stalledAt).isBetween(1L, 32L * 1024 * 1024);
        assertThat(workDir().resolve("flooded")).doesNotExist();
        long read = 0;
        while (read < total) {
            read += talk.hear().length() + 1;
        }
        assertThat(read).isEqualTo(total);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void closesAtOnceWhileAWorkerWaitsToBeRead(String transport) throws Exception {
        MachineLink link = link(transport, machine());
        WorkerChannel channel = await(link.start(launch()));
        Talk talk = new Talk(channel);
        talk.hear();
        talk.say("pid");
        ProcessHandle worker = ProcessHandle.of(Long.parseLong(talk.hear())).orElseThrow();
        talk.say("flood " + 100L * 1024 * 1024);
        awaitStall(workDir().resolve("written"));
        long start = System.nanoTime();

        link.close();

        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
        await(channel.exited());
        worker.onExit().get(LIMIT_S, TimeUnit.SECONDS);
    }

    /** Waits until the worker's count stands still. */
    private static long awaitStall(Path file) throws IOException {
        long last = -1;
        int still = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
        while (still < 20) {
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            String text = Files.exists(file) ? Files.readString(file) : "";
            long now = text.isEmpty() ? 0 : Long.parseLong(text);
            still = now == last && now > 0 ? still + 1 : 0;
            last = now;
        }
        return last;
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void failsTheOutputWhenTheConnectionBreaks(String transport) throws Exception {
        Talk talk = new Talk(await(link(transport, machine()).start(launch())));
        talk.hear();

        sshd.connections().stream()
                .filter(p -> p.info().command().orElse("").contains("sshd"))
                .forEach(ProcessHandle::destroyForcibly);

        assertThatThrownBy(talk::hear).hasMessageContaining("broke");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void tellsTheExitStatus(String transport) throws Exception {
        WorkerChannel channel = await(link(transport, machine()).start(launch()));
        Talk talk = new Talk(channel);
        talk.hear();
        talk.say("exit 7");

        assertThat(await(channel.exited())).isEqualTo(7);
        assertThat(talk.hear()).isEqualTo("(end)");
    }

    @Test
    void refusesAWorkDirectoryThatAnExistingBossHolds() throws Exception {
        Files.createDirectories(workDir());
        Files.writeString(workDir().resolve(".lock"), String.valueOf(System.currentTimeMillis() / 1000 - 60));

        assertThatThrownBy(() -> await(link("jsch", machine()).start(launch())))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("m1: ")
                .hasMessageContaining("in use by another boss");
    }

    @Test
    void takesOverALockWhoseProcessIsGoneAndOneThatIsOld() throws Exception {
        Files.createDirectories(workDir());
        long now = System.currentTimeMillis() / 1000;
        Files.writeString(workDir().resolve(".lock"), now + "\n");
        Files.writeString(workDir().resolve(".lock.buildboss"), now + " 4194303 12345\n");
        MachineLink link = link("jsch", machine());
        Talk talk = new Talk(await(link.start(launch())));
        assertThat(talk.hear()).startsWith("BM> ");
        talk.in.complete();
        talk.hear();
        await(link.tidy());
        assertThat(workDir().resolve(".lock")).doesNotExist();

        Files.writeString(workDir().resolve(".lock"), (now - 90_000) + ".25");
        Talk again = new Talk(await(link("jsch", machine()).start(launch())));

        assertThat(again.hear()).startsWith("BM> ");
        assertThat(workDir().resolve(".lock")).exists();
    }

    @Test
    void saysWhenThereIsNoJava() throws Exception {
        Machine machine = new Machine("m1", "m1", 0, "~/w" + runs, Optional.of("/nowhere/java"), List.of());
        // The bundle is looked for first.
        await(link("jsch", machine()).start(launch())).kill();

        assertThatThrownBy(() -> await(link("jsch", machine).start(launch())))
                .hasMessageContaining("m1: needs a Java 17+ runtime")
                .hasMessageContaining("/nowhere/java is not there; set the machine's java to another");
    }

    @Test
    void startsTwoWorkersForTwoBossesAtOnceOnAFreshMachine() throws Exception {
        WorkerLaunch launch = new WorkerLaunch(
                TestBundle.create("two"), Optional.of("~/a" + runs), Optional.empty(), false, Map.of());
        WorkerLaunch other = new WorkerLaunch(
                TestBundle.create("two"), Optional.of("~/b" + runs), Optional.empty(), false, Map.of());

        CompletionStage<WorkerChannel> first = link("jsch", machine()).start(launch);
        CompletionStage<WorkerChannel> second = link("ssh", machine()).start(other);

        assertThat(new Talk(await(first)).hear()).startsWith("BM> ");
        assertThat(new Talk(await(second)).hear()).startsWith("BM> ");
    }
}
