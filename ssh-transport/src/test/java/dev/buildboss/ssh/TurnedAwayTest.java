package dev.buildboss.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.MachineException;
import dev.buildboss.spi.MachineLink;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An ssh server that turns connections away before it says who it is, as one does that has too many in the making. */
class TurnedAwayTest extends SshLinkBed {

    private Doorman doorman;

    @AfterEach
    void dismiss() throws IOException {
        doorman.close();
    }

    private MachineLink linkPast(Doorman placed, String transport) throws IOException {
        doorman = placed;
        String section = sshd.hostSection("m1", work.resolve("known_hosts"));
        Files.writeString(work.resolve("ssh_config"), section.replaceFirst("(?m)Port \\d+", "Port " + placed.port()));
        return link(transport, machine(), "buildboss.ssh.connect-attempts = 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void comesAgainUntilItIsLetIn(String transport) throws Exception {
        MachineLink link = linkPast(new Doorman(sshd.port(), 3), transport);

        assertThat(await(link.probe()).threads()).isPositive();
        assertThat(doorman.asked()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void startsAWorkerThoughItIsTurnedAwayAtFirst(String transport) throws Exception {
        MachineLink link = linkPast(new Doorman(sshd.port(), 2), transport);

        await(link.start(launch())).kill();
        assertThat(doorman.asked()).isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsch", "ssh"})
    void givesUpAfterTheAttemptsThatAreSetAndSaysWhatHappened(String transport) throws Exception {
        MachineLink link = linkPast(new Doorman(sshd.port(), Integer.MAX_VALUE), transport);

        assertThatThrownBy(() -> await(link.probe()))
                .isInstanceOf(MachineException.class)
                // The ssh program's own words; it has none since OpenSSH 10.
                .message()
                .containsAnyOf(Knocker.TURNED_AWAY, "kex_exchange_identification");
        assertThat(doorman.asked()).isEqualTo(4);
    }
}
