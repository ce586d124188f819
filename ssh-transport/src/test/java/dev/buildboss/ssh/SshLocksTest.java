package dev.buildboss.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.MachineException;
import dev.buildboss.model.Machine;
import dev.buildboss.model.Owner;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.ShellTask;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.spi.WorkerLaunch;
import dev.buildboss.sweep.FoundWorker;
import dev.buildboss.sweep.WorkerSweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lock of a work directory, between bosses of ours and existing ones, and what killed ones left; over a real server. */
class SshLocksTest extends SshLinkBed {

    private static final Owner SIMON = new Owner("simon", "laptop", 77, Instant.parse("2026-01-31T08:00:00Z"));

    private static Machine existingWorker() {
        return new Machine(
                "m1", "m1", 0, "~/w" + runs, Optional.empty(), List.of("sh", "-c", "echo \"BM> $$\"; exec cat"));
    }

    private static WorkerLaunch launchBySimon() {
        return new WorkerLaunch(
                TestBundle.create("1"), Optional.empty(), Optional.empty(), false, Map.of(), Optional.of(SIMON));
    }

    private SourcePush source() throws IOException {
        Path source = TestRepository.create(work.resolve("src"), 2);
        return new SourcePush(source.resolve(".git"), TestRepository.commits(source));
    }

    private static void awaitGone(Path file) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
        while (Files.exists(file)) {
            assertThat(System.nanoTime()).as("%s is still there", file).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private Path lock() {
        return workDir().resolve(".lock");
    }

    @Test
    void tellsASecondBossThatTheMachineIsBusyAndByWhom() throws Exception {
        Talk first = new Talk(await(link("jsch", machine()).start(launchBySimon())));
        first.hear();
        assertThat(Files.readString(lock()).strip()).matches("\\d{10}");
        first.say("args");
        assertThat(first.hear()).isEqualTo("-g " + workDir().toRealPath() + " --boss " + SIMON.text());

        assertThatThrownBy(() -> await(link("jsch", machine()).start(launch())))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        busy -> assertThat(busy.isBusy()).isTrue())
                .hasMessageStartingWith("m1: BUSY: work directory " + workDir().toRealPath()
                        + " is in use by simon@laptop process 77 since 2026-01-31T08:00:00Z (process ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void holdsTheLockForAnExistingWorkerFromThePushToTheEnd(String transport) throws Exception {
        MachineLink first = link(transport, existingWorker());
        await(first.push(source()));
        assertThat(lock()).exists();
        SourcePush other = source();
        assertThatThrownBy(() -> await(link("jsch", existingWorker()).push(other)))
                .hasMessageContaining("BUSY: ")
                .hasMessageContaining("process " + ProcessHandle.current().pid() + " since ");

        Talk talk = new Talk(await(first.start(launch())));
        String pid = talk.hear().substring("BM> ".length());
        assertThat(workDir().resolve(".bm-work/worker.lock")).content().contains("\npid " + pid + "\n", "\nboss ");
        assertThat(lock()).exists();

        first.close();
        awaitGone(lock());
        await(link("jsch", existingWorker()).push(other));
    }

    @Test
    void theLockForAnExistingWorkerGoesWithTheConnection() throws Exception {
        MachineLink link = link("jsch", existingWorker());
        await(link.push(source()));

        sshd.connections().stream()
                .filter(p -> p.info().command().orElse("").contains("sshd"))
                .forEach(ProcessHandle::destroyForcibly);

        awaitGone(lock());
        assertThatThrownBy(() -> await(link.start(launch()))).hasMessageContaining("was lost");
    }

    @Test
    void keepsTheLockForAnExistingWorkerFresh() throws Exception {
        await(link("jsch", existingWorker(), "buildboss.worker.lock-interval = 1 s")
                .push(source()));
        String first = Files.readString(lock());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
        String now = first;
        while (now.equals(first)) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            now = Files.exists(lock()) ? Files.readString(lock()) : first;
        }
        assertThat(Long.parseLong(now.strip())).isGreaterThan(Long.parseLong(first.strip()));
    }

    @Test
    void leavesALockAloneThatBecameSomebodyElses() throws Exception {
        MachineLink link = link("jsch", existingWorker());
        await(link.push(source()));
        Files.writeString(lock(), "1700000000\n");

        await(link.tidy());
        link.close();

        // The holder has ended once its own file is looked at no more; a second boss meets the stranger's lock.
        assertThat(lock()).hasContent("1700000000");
    }

    @Test
    void takesAnExistingBossesLockForStaleOnlyIfItIsOldAndNobodyWorksThere() throws Exception {
        String shortGrace = "buildboss.ssh.lock-grace = 1 s";
        Files.createDirectories(workDir().resolve("sub"));
        Files.writeString(lock(), (System.currentTimeMillis() / 1000 - 60) + ".5");
        Process worker = new ProcessBuilder("cat")
                .directory(workDir().resolve("sub").toFile())
                .start();
        try {
            assertThatThrownBy(() -> await(link("jsch", machine(), shortGrace).start(launch())))
                    .hasMessageContaining("BUSY: ")
                    .hasMessageMatching(
                            ".* is in use by another boss, since (6\\d|[7-9]\\d|1\\d\\d) s \\(processes there: "
                                    + worker.pid() + "\\).*");
        } finally {
            worker.destroyForcibly().waitFor();
        }
        assertThatThrownBy(() -> await(link("jsch", machine()).start(launch())))
                .hasMessageContaining("is in use by another boss")
                .hasMessageContaining("(if there is none: rm " + workDir().toRealPath() + "/.lock)");

        Talk talk = new Talk(await(link("jsch", machine(), shortGrace).start(launch())));

        assertThat(talk.hear()).startsWith("BM> ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ours", "existing"})
    void removesWhatAKilledPushLeft(String kind) throws Exception {
        Machine machine = kind.equals("ours") ? machine() : existingWorker();
        Path git = workDir().resolve(".git");
        TestRepository.create(workDir(), 1);
        TestRepository.git(workDir(), "branch", "users-own");
        String tip = TestRepository.commits(workDir()).get(0);
        TestRepository.git(workDir(), "update-ref", "refs/buildboss/extra/" + tip, tip);
        List<String> left = List.of(
                "refs/buildboss/last.lock",
                "refs/heads/work.lock",
                "packed-refs.lock",
                "config.lock",
                "shallow.lock",
                "index.lock",
                "HEAD.lock",
                "objects/tmp_objdir-incoming-abc/pack/tmp_pack_x",
                "objects/pack/tmp_pack_abc");
        for (String file : left) {
            Files.createDirectories(git.resolve(file).getParent());
            Files.createFile(git.resolve(file));
        }
        SourcePush source = source();
        MachineLink link = link("jsch", machine);

        if (kind.equals("ours")) {
            new Talk(await(link.start(launch()))).hear();
        }
        await(link.push(source));

        assertThat(left).allSatisfy(file -> assertThat(git.resolve(file)).doesNotExist());
        assertThat(TestRepository.refs(workDir()))
                .contains("refs/heads/users-own", "refs/heads/main")
                .noneMatch(ref -> ref.startsWith("refs/buildboss/extra"));
        assertThat(TestRepository.has(workDir(), source.commits().get(1))).isTrue();
    }

    @Test
    void removesWhatAKilledInstallationLeft() throws Exception {
        Path cache = Files.createDirectories(sshd.home().resolve(".cache/buildboss"));
        Path old = Files.createDirectories(cache.resolve("new-abandoned"));
        Files.writeString(old.resolve("worker.jar"), "half");
        Files.setLastModifiedTime(
                old, java.nio.file.attribute.FileTime.from(Instant.now().minusSeconds(7200)));
        WorkerLaunch launch =
                new WorkerLaunch(TestBundle.create("leftover"), Optional.empty(), Optional.empty(), false, Map.of());

        new Talk(await(link("jsch", machine()).start(launch))).hear();

        assertThat(old).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void runsSmallScriptsWithTheirArgumentsAsTheyAre(String transport) throws Exception {
        ShellTask task = new ShellTask(
                "a test",
                "printf '<%s>' \"$@\"",
                List.of("a b", "$(id)", "it's", "", "-x", "~/y", "`id`;\\"),
                Duration.ofSeconds(60));

        assertThat(await(link(transport, machine()).run(task))).isEqualTo("<a b><$(id)><it's><><-x><~/y><`id`;\\>");
    }

    @Test
    void findsAndEndsAnExistingWorkerThatABossOfOursLeftBehindAndRemovesItsLock() throws Exception {
        MachineLink first = link("jsch", existingWorker());
        await(first.push(source()));
        Talk talk = new Talk(await(first.start(launch())));
        long pid = Long.parseLong(talk.hear().substring("BM> ".length()));
        WorkerSweep sweep = new WorkerSweep(
                existingWorker(), link("ssh", machine()), Duration.ofSeconds(LIMIT_S), Duration.ofSeconds(LIMIT_S));
        assertThat(own(sweep)).singleElement().satisfies(worker -> {
            assertThat(worker.process()).isEqualTo(pid);
            assertThat(worker.boss().orElseThrow())
                    .contains("process " + ProcessHandle.current().pid());
        });
        Sshd.run(List.of("kill", "-STOP", String.valueOf(pid)));
        assertThat(own(sweep).get(0).state()).isEqualTo("T");
        // A holder that was killed leaves its lock.
        long holder = Long.parseLong(
                Files.readString(workDir().resolve(".lock.buildboss")).split(" ")[1]);
        Sshd.run(List.of("kill", "-KILL", String.valueOf(holder)));
        ProcessHandle.of(holder).ifPresent(process -> process.onExit().join());

        WorkerSweep.Ended ended = await(sweep.end(own(sweep), false));

        assertThat(ended).isEqualTo(new WorkerSweep.Ended(Set.of(), true));
        assertThat(lock()).doesNotExist();
        assertThat(own(sweep)).isEmpty();
    }

    @Test
    void leavesAnExistingBossesLockUnlessForced() throws Exception {
        Files.createDirectories(workDir());
        Files.writeString(lock(), "1700000000\n");
        WorkerSweep sweep =
                new WorkerSweep(machine(), link("jsch", machine()), Duration.ofSeconds(60), Duration.ofSeconds(1));

        assertThat(await(sweep.look()).lock()).isEqualTo(WorkerSweep.Lock.FOREIGN);
        assertThat(await(sweep.end(List.of(), false)).unlocked()).isFalse();
        assertThat(lock()).exists();
        assertThat(await(sweep.end(List.of(), true)).unlocked()).isTrue();
        assertThat(lock()).doesNotExist();
    }

    /** Other workers of this user may run on this computer. */
    private static List<FoundWorker> own(WorkerSweep sweep) throws Exception {
        return await(sweep.look()).workers().stream().filter(FoundWorker::own).toList();
    }
}
