package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Machines that can't be used from the start, and boards that no machine can build. */
class UnfitMachineTest extends FaultTest {

    @Test
    void namesTheBoardsInOneLineWhenNoMachineIsUsable() throws IOException {
        FaultBed.Run run = bed.on("m1")
                .sshConfig(bed.fleet().sshConfigWithPort(bed.directory().resolve("gone"), "m1", freePort()));
        BossProcess boss = run.start();

        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(FaultBed.NOT_BUILT_STATUS);
        assertThat(notices(boss)).singleElement().asString().contains("m1", String.join(", ", StubTree.BOARDS));
        assertThat(run.results().cells()).isEmpty();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void namesTheBoardsThatNoMachineCanBuildAndBuildsTheOthers() throws IOException {
        Results undisturbed = bed.undisturbed();
        FaultBed.Run run = bed.remote().boards("ash", StubTree.EXOTIC);
        BossProcess boss = run.start();

        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(FaultBed.NOT_BUILT_STATUS);
        assertThat(notices(boss)).singleElement().asString().contains("microblaze", StubTree.EXOTIC, "m1", "m2");
        assertThat(run.results().cells()).hasSize(StubTree.COMMITS);
        run.results().assertWholeCells(undisturbed);
    }

    @Test
    void refusesOnlyTheMachineWhoseHostKeyChanged() throws IOException {
        bed.undisturbed();
        Path known = bed.directory().resolve("changed_hosts");
        String otherKey = Files.readString(bed.fleet().server("m2").resolve("host_key.pub"));
        Files.writeString(known, "[127.0.0.1]:" + bed.fleet().port("m1") + " " + otherKey);
        Path config = bed.directory().resolve("changed_config");
        Files.writeString(
                config,
                Files.readString(bed.fleet().sshConfig())
                        .replace(bed.fleet().knownHosts().toString(), known.toString()));
        bed.tree().close("m2"); // else all may be built before m1 has shown its key, and nobody looks at that any more
        bed.tree().task("any@m2", "gate m2");
        FaultBed.Run run = bed.remote().sshConfig(config);
        BossProcess boss = run.start();
        JsonNode refused = boss.awaitEvent(
                "machine-changed", event -> event.path("state").asText().equals("unavailable"));
        bed.tree().open("m2");

        bed.assertUndisturbed(run, boss);
        assertThat(refused.path("machine").asText()).isEqualTo("m1");
        assertThat(refused.path("detail").asText()).contains("key").contains("changed");
        assertThat(bed.tree().begun()).noneMatch(line -> line.contains(" m1 "));
    }

    private static List<String> notices(BossProcess boss) {
        return boss.events("notice").stream()
                .map(notice -> notice.path("text").asText())
                .toList();
    }
}
