package dev.buildboss.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SshConfigTest {

    @TempDir
    Path home;

    private Path file;
    private Optional<String> resolved = Optional.empty();
    private List<String> asked = List.of();

    @BeforeEach
    void makeHome() throws IOException {
        Files.createDirectories(home.resolve(".ssh"));
        file = home.resolve(".ssh/config");
    }

    private SshHost resolve(String target, String text) throws IOException {
        Files.writeString(file, text);
        Settings settings = Settings.of(ConfigFactory.parseString(""));
        SshConfig.User user = new SshConfig.User(home, "me", Map.of("SSH_AUTH_SOCK", "/run/agent", "KEYS", "/keys"));
        return new SshConfig(settings.ssh(), user, (options, alias) -> {
                    asked = options;
                    return resolved;
                })
                .resolve(target);
    }

    @Test
    void takesDefaultsWithoutAConfiguration() throws IOException {
        SshHost host = resolve("box", "");

        assertThat(host.hostName()).isEqualTo("box");
        assertThat(host.port()).isEqualTo(22);
        assertThat(host.user()).isEqualTo("me");
        assertThat(host.agent()).contains(Path.of("/run/agent"));
        assertThat(host.identityFiles()).contains(home.resolve(".ssh/id_ed25519"));
        assertThat(host.knownHostsFiles()).startsWith(home.resolve(".ssh/known_hosts"));
        assertThat(host.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(host.aliveInterval()).isEqualTo(Duration.ofSeconds(15));
        assertThat(host.strict()).isFalse();
        assertThat(host.jump()).isEmpty();
    }

    @Test
    void takesTheFirstValueOfEachKeywordAndAllKeys() throws IOException {
        SshHost host = resolve("box.example", """
                # comment
                Host other
                  User nobody
                Host *.example !bad.example
                  HostName=10.0.0.1
                  port 2222
                  User "build er"
                  IdentityFile ~/k1
                Host *
                  User late
                  UserKnownHostsFile %d/known ~/k2
                  IdentityFile ${KEYS}/id # trailing
                  ServerAliveInterval 1m30s
                  ServerAliveCountMax 7
                  ConnectTimeout 4
                  IdentitiesOnly yes
                  IdentityAgent none
                  StrictHostKeyChecking yes
                  HashKnownHosts yes
                """.replace("build er", "builder"));

        assertThat(host.display()).isEqualTo("builder@10.0.0.1:2222");
        assertThat(host.knownName()).isEqualTo("[10.0.0.1]:2222");
        assertThat(host.identityFiles()).containsExactly(home.resolve("k1"), Path.of("/keys/id"));
        assertThat(host.knownHostsFiles()).containsExactly(home.resolve("known"), home.resolve("k2"));
        assertThat(host.aliveInterval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(host.aliveCount()).isEqualTo(7);
        assertThat(host.connectTimeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(host.identitiesOnly()).isTrue();
        assertThat(host.agent()).isEmpty();
        assertThat(host.strict()).isTrue();
        assertThat(host.hashKnownHosts()).isTrue();
    }

    @Test
    void prefersTheUserInTheTargetAndHonoursNegatedPatterns() throws IOException {
        assertThat(resolve("you@box", "User other\n").user()).isEqualTo("you");
        assertThat(resolve("bad", "Host * !bad\nUser x\n").user()).isEqualTo("me");
    }

    @Test
    void keepsAJumpHost() throws IOException {
        assertThat(resolve("box", "ProxyJump me@gate:2200\n").jump()).contains("me@gate:2200");
        assertThat(resolve("box", "ProxyJump none\n").jump()).isEmpty();
    }

    @Test
    void refusesByKeywordAndLineWhatItCanNotDo() {
        for (String keyword :
                List.of("ProxyCommand nc %h %p", "CertificateFile x", "BindAddress 10.0.0.1", "ProxyJump a,b")) {
            assertThatThrownBy(() -> resolve("box", "Host *\n\n  " + keyword + "\n"))
                    .as(keyword)
                    .isInstanceOf(SshConfigException.class)
                    .hasMessageContaining(keyword.split(" ")[0])
                    .hasMessageContaining("~/.ssh/config:3")
                    .hasMessageContaining("buildboss.ssh.transport = ssh");
        }
    }

    @Test
    void refusesKeywordsThatNobodyKnowsUnlessTheyAreToBeIgnored() throws IOException {
        assertThatThrownBy(() -> resolve("box", "Hostnaem x\n")).hasMessageContaining("~/.ssh/config:1: Hostnaem");
        assertThat(resolve("box", "IgnoreUnknown Fancy*,UseX\nFancyThing yes\n").hostName())
                .isEqualTo("box");
    }

    @Test
    void ignoresWhatStandsInOtherHostsSectionsAndWhatHasNoEffect() throws IOException {
        String text = "Host elsewhere\n  ProxyCommand x\n  Include y\nHost *\n  ForwardAgent no\n  ProxyCommand none\n";

        assertThat(resolve("box", text).hostName()).isEqualTo("box");
    }

    @Test
    void asksTheSshProgramAboutIncludeAndMatch() throws IOException {
        resolved = Optional.of("""
                user carol
                hostname 10.1.1.1
                port 2022
                addressfamily any
                proxycommand none
                identityfile ~/.ssh/special
                identityagent SSH_AUTH_SOCK
                userknownhostsfile ~/.ssh/a ~/.ssh/b
                connecttimeout none
                serveraliveinterval 0
                serveralivecountmax 3
                stricthostkeychecking ask
                casignaturealgorithms ssh-ed25519
                ciphers only-theirs
                """);
        for (String text :
                List.of("Include more\n", "Match host box\n  User x\n", "Host *\n CanonicalizeHostname yes\n")) {
            SshHost host = resolve("carol@box", text);

            assertThat(host.display()).isEqualTo("carol@10.1.1.1:2022");
            assertThat(host.identityFiles()).containsExactly(home.resolve(".ssh/special"));
            assertThat(host.knownHostsFiles()).containsExactly(home.resolve(".ssh/a"), home.resolve(".ssh/b"));
            assertThat(host.algorithms()).isEmpty();
            assertThat(asked).containsExactly("-l", "carol");
        }
    }

    @Test
    void refusesWhatTheSshProgramResolvesToSomethingThatItCanNotDo() {
        resolved = Optional.of("hostname box\nproxycommand ssh gate nc %h\n");

        assertThatThrownBy(() -> resolve("box", "Include more\n"))
                .hasMessageContaining("proxycommand")
                .hasMessageContaining("ssh -G");
    }

    @Test
    void refusesIncludeWithoutAnSshProgram() {
        assertThatThrownBy(() -> resolve("box", "\nInclude more\n"))
                .hasMessageContaining("~/.ssh/config:2: Include needs the ssh program");
    }

    @Test
    void takesMatchAllForEverybody() throws IOException {
        assertThat(resolve("box", "Match all\n  User x\n").user()).isEqualTo("x");
    }

    @Test
    void namesTheLineOfAValueThatMakesNoSense() {
        assertThatThrownBy(() -> resolve("box", "Port x\n")).hasMessageContaining("~/.ssh/config:1: Port 'x'");
        assertThatThrownBy(() -> resolve("box", "ConnectTimeout soon\n")).hasMessageContaining(":1: ConnectTimeout");
        assertThatThrownBy(() -> resolve("box", "User \"x\nPort 1\n")).hasMessageContaining(":1: a quote");
        assertThatThrownBy(() -> resolve("box", "Port\n")).hasMessageContaining(":1: Port without a value");
        assertThatThrownBy(() -> resolve("box", "IdentityFile %C\n")).hasMessageContaining("IdentityFile with %C");
        assertThatThrownBy(() -> resolve("box", "IdentityFile ${NOT_SET}\n")).hasMessageContaining("NOT_SET");
    }

    @Test
    void choosesAlgorithmsByTheRulesOfTheFile() throws IOException {
        assertThat(resolve("box", "Ciphers aes256-ctr,unheard-of\n").algorithms())
                .containsEntry("cipher.c2s", "aes256-ctr")
                .containsEntry("cipher.s2c", "aes256-ctr");
        assertThat(resolve("box", "KexAlgorithms -*nist*\n").algorithms().get("kex"))
                .contains("curve25519")
                .doesNotContain("nist");
        assertThatThrownBy(() -> resolve("box", "MACs unheard-of\n")).hasMessageContaining(":1: MACs");
    }

    @Test
    void refusesAnExplicitFileThatIsNotThere() {
        Settings settings = Settings.of(ConfigFactory.parseString("buildboss.ssh.config-file = /nowhere/config"));
        SshConfig config = new SshConfig(settings.ssh(), SshConfig.User.current(), (o, a) -> Optional.empty());

        assertThatThrownBy(() -> config.resolve("box")).hasMessageContaining("/nowhere/config");
    }
}
