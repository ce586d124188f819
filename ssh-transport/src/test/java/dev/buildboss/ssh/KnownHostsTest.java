package dev.buildboss.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.ssh.KnownHosts.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownHostsTest {

    private static final String ED = "ssh-ed25519";

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = dir.resolve("ssh/known_hosts");
    }

    private KnownHosts hosts(boolean hashed) {
        return new KnownHosts(List.of(file), List.of(dir.resolve("global")), hashed);
    }

    private Verdict check(String text, String name, String key) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return hosts(false).check(name, ED, key);
    }

    @Test
    void recordsAnUnknownHostOnceInAFileOfTheUsersOwn() throws IOException {
        assertThat(hosts(false).check("box", ED, "AAAA")).isInstanceOf(Verdict.Unknown.class);

        assertThat(hosts(false).record("Box", ED, "AAAA")).isInstanceOf(Verdict.Known.class);
        assertThat(hosts(false).record("box", ED, "AAAA")).isInstanceOf(Verdict.Known.class);

        assertThat(Files.readString(file)).isEqualTo("box ssh-ed25519 AAAA\n");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        assertThat(Files.getPosixFilePermissions(file.getParent())).hasSize(3);
    }

    @Test
    void neverRecordsAnotherKeyForAHostThatSomebodyRecordedMeanwhile() throws IOException {
        hosts(false).record("box", ED, "AAAA");

        assertThat(hosts(false).record("box", ED, "BBBB")).isEqualTo(new Verdict.Changed(file + ":1", file));
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    @Tag("process")
    void severalBossesRecordAtOnceAndNoLineIsLost() throws Exception {
        List<Process> bosses = new ArrayList<>();
        for (String boss : List.of("a", "boss", "another-boss")) {
            bosses.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Recorder.class.getName(),
                            file.toString(),
                            boss)
                    .inheritIO()
                    .start());
        }
        for (Process boss : bosses) {
            assertThat(boss.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(boss.exitValue()).isZero();
        }
        assertThat(Files.readAllLines(file))
                .hasSize(3 * Recorder.HOSTS)
                .allMatch(line -> line.matches("(a|boss|another-boss)[0-9]+ ssh-ed25519 AAAA"))
                .doesNotHaveDuplicates();
    }

    /** A boss that meets many hosts. */
    static final class Recorder {
        static final int HOSTS = 50;

        private Recorder() {}

        /** The file, and the names' beginning. */
        public static void main(String[] arguments) throws IOException {
            KnownHosts hosts = new KnownHosts(List.of(Path.of(arguments[0])), List.of(), false);
            for (int i = 0; i < HOSTS; i++) {
                hosts.record(arguments[1] + i, ED, "AAAA");
            }
        }
    }

    @Test
    void namesTheLineOfTheKeyThatChanged() throws IOException {
        assertThat(check("# x\n\nother ssh-ed25519 BBBB\nbox,alias ssh-ed25519 CCCC me@there\n", "box", "AAAA"))
                .isEqualTo(new Verdict.Changed(file + ":4", file));
    }

    @Test
    void takesAKeyOfAnotherKindForAChange() throws IOException {
        assertThat(check("box ssh-rsa RRRR\n", "box", "AAAA")).isInstanceOf(Verdict.Changed.class);
        assertThat(check("box ssh-rsa RRRR\nbox ssh-ed25519 AAAA\n", "box", "AAAA"))
                .isInstanceOf(Verdict.Known.class);
        assertThat(hosts(false).types("box")).containsExactly("ssh-rsa", ED);
    }

    @Test
    void knowsPatternsPortsAndHashedNames() throws IOException {
        assertThat(check("*.example,!bad.example ssh-ed25519 AAAA", "a.example", "AAAA"))
                .isInstanceOf(Verdict.Known.class);
        assertThat(check("*.example,!bad.example ssh-ed25519 AAAA", "bad.example", "AAAA"))
                .isInstanceOf(Verdict.Unknown.class);
        assertThat(check("[box]:2222 ssh-ed25519 AAAA", "[box]:2222", "AAAA")).isInstanceOf(Verdict.Known.class);
        assertThat(check("[box]:2222 ssh-ed25519 AAAA", "box", "AAAA")).isInstanceOf(Verdict.Unknown.class);
        Files.delete(file);
        hosts(true).record("[box]:2222", ED, "AAAA");
        assertThat(Files.readString(file)).startsWith("|1|").doesNotContain("box");
        assertThat(hosts(false).check("[box]:2222", ED, "AAAA")).isInstanceOf(Verdict.Known.class);
        assertThat(hosts(false).check("[box]:2222", ED, "BBBB")).isInstanceOf(Verdict.Changed.class);
        assertThat(hosts(false).check("[fox]:2222", ED, "AAAA")).isInstanceOf(Verdict.Unknown.class);
    }

    @Test
    @Tag("ssh")
    void readsAndWritesHashedNamesAsSshDoes() throws IOException {
        Sshd.key(dir.resolve("k"));
        String[] words = Files.readString(dir.resolve("k.pub")).split(" ");
        hosts(true).record("box", words[0], words[1]);

        assertThat(Sshd.run(List.of("ssh-keygen", "-F", "box", "-f", file.toString())))
                .contains(words[1]);
        Files.writeString(file, "pox " + words[0] + " " + words[1] + "\n");
        Sshd.run(List.of("ssh-keygen", "-q", "-H", "-f", file.toString()));
        assertThat(hosts(false).check("pox", words[0], words[1])).isInstanceOf(Verdict.Known.class);
    }

    @Test
    void refusesRevokedKeysAndLeavesOutAuthorities() throws IOException {
        assertThat(check("@revoked * ssh-ed25519 AAAA\n", "box", "AAAA")).isEqualTo(new Verdict.Revoked(file + ":1"));
        assertThat(check("@cert-authority * ssh-ed25519 AAAA\n", "box", "BBBB")).isInstanceOf(Verdict.Unknown.class);
    }

    @Test
    void readsGlobalFilesAndSkipsLinesThatMakeNoSense() throws IOException {
        Files.writeString(dir.resolve("global"), "box ssh-ed25519 AAAA\n");

        assertThat(check("junk\n|1|x|y ssh-ed25519 AAAA\n|1|!|! ssh-ed25519 AAAA\n", "box", "AAAA"))
                .isInstanceOf(Verdict.Known.class);
    }

    @Test
    void addsALineToAFileThatDoesNotEndInOne() throws IOException {
        check("other ssh-ed25519 BBBB", "box", "AAAA");

        hosts(false).record("box", ED, "AAAA");

        assertThat(Files.readString(file)).isEqualTo("other ssh-ed25519 BBBB\nbox ssh-ed25519 AAAA\n");
    }

    @Test
    void keepsNothingWhereNoFileIsWanted() throws IOException {
        KnownHosts none = new KnownHosts(List.of(), List.of(), false);

        assertThat(none.record("box", ED, "AAAA")).isInstanceOf(Verdict.Known.class);
        assertThat(none.check("box", ED, "AAAA")).isInstanceOf(Verdict.Unknown.class);
    }

    @Test
    void keepsTheFileWholeWhenManyRecordAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<Verdict>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String name = "host" + i % 50;
            all.add(threads.submit(() -> hosts(false).record(name, ED, "KEY" + name)));
        }
        for (Future<Verdict> one : all) {
            assertThat(one.get(2, TimeUnit.MINUTES)).isInstanceOf(Verdict.Known.class);
        }
        threads.shutdown();

        assertThat(Files.readAllLines(file)).hasSize(50).allMatch(l -> l.matches("host(\\d+) ssh-ed25519 KEYhost\\1"));
    }
}
