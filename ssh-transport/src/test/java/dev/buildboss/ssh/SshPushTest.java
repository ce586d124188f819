package dev.buildboss.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.model.Machine;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.SourcePush;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pushes by both transports and both pushers to a real OpenSSH server. */
class SshPushTest extends SshLinkBed {

    @Test
    void startsAnExistingWorkerOnTheBranchWork() throws Exception {
        Path source = TestRepository.create(work.resolve("src"), 2);
        List<String> commits = TestRepository.commits(source);
        Machine machine = new Machine(
                "m1", "m1", 0, "~/w" + runs, Optional.empty(), List.of("sh", "-c", "echo \"BM> it's $PWD\"; cat"));
        MachineLink link = link("jsch", machine);

        await(link.push(new SourcePush(source.resolve(".git"), commits)));
        Talk talk = new Talk(await(link.start(launch())));

        assertThat(talk.hear()).isEqualTo("BM> it's " + workDir().toRealPath());
        assertThat(workDir().resolve("file")).content().isEqualTo("2\n");
        talk.in.complete();
        assertThat(talk.hear()).isEqualTo("(end)");
        await(link.tidy());
        assertThat(workDir().resolve(".lock")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch git", "jsch jgit", "ssh git", "ssh jgit"})
    void pushesCommitsThatTheLastOneDoesNotReach(String ways) throws Exception {
        String[] way = ways.split(" ");
        Path source = TestRepository.create(work.resolve("src"), 3);
        List<String> commits = TestRepository.commits(source);
        String side = TestRepository.sideCommit(source);
        MachineLink link = link(way[0], machine(), "buildboss.ssh.push-with = " + way[1]);
        await(link.start(launch())).kill();

        var report =
                await(link.push(new SourcePush(source.resolve(".git"), List.of(commits.get(0), side, commits.get(2)))));

        assertThat(report.refs()).isEqualTo(2);
        for (String hash : List.of(commits.get(0), commits.get(1), commits.get(2), side)) {
            assertThat(TestRepository.has(workDir(), hash)).as(hash).isTrue();
        }
        await(link.tidy());
        assertThat(TestRepository.refs(workDir())).containsExactly(SourcePusher.LAST_REF);
    }

    @Test
    void pushesAShallowSourceWithGitAndRefusesItWithJGit() throws Exception {
        Path full = TestRepository.create(work.resolve("full"), 5);
        Path source = work.resolve("src");
        Sshd.run(List.of("git", "clone", "-q", "--depth", "2", "file://" + full, source.toString()));
        List<String> commits = TestRepository.commits(source);
        MachineLink link = link("jsch", machine(), "buildboss.ssh.push-with = git");
        await(link.start(launch())).kill();

        await(link.push(new SourcePush(source.resolve(".git"), commits)));

        assertThat(TestRepository.has(workDir(), commits.get(0))).isTrue();
        MachineLink other = link("jsch", machine(), "buildboss.ssh.push-with = jgit");
        assertThatThrownBy(() -> await(other.push(new SourcePush(source.resolve(".git"), commits))))
                .hasMessageContaining("shallow");
    }

    @Test
    void namesACommitThatIsNotThere() throws Exception {
        Path source = TestRepository.create(work.resolve("src"), 1);
        String missing = "0123456789012345678901234567890123456789";
        MachineLink link = link("jsch", machine());
        await(link.start(launch())).kill();

        assertThatThrownBy(() -> await(link.push(new SourcePush(
                        source.resolve(".git"),
                        List.of(missing, TestRepository.commits(source).get(0))))))
                .hasMessageContaining(missing);
    }
}
