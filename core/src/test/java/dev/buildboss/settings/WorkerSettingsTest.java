package dev.buildboss.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WorkerSettingsTest {

    @Test
    void whatWorkersAreToldComesOutAsItWentIn() {
        Settings given = Settings.of(ConfigFactory.parseString("""
                buildboss.worker { threads = 3, git-timeout = 7 s, max-output = 1 MiB }
                buildboss.protocol.chunk = 4 KiB
                buildboss.toolchains.paths = ["~/tools/*", "/opt/with space", "/opt/a\\"b"]
                buildboss.toolchains.aliases { "odd.name" = ["x-1"] }
                buildboss.toolchains.wrapper = "~/bin/ccache -x"
                """));

        // One line each, as on a worker's command line.
        Settings told = Settings.of(ConfigFactory.parseString(given.forWorkers().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n"))));

        assertThat(told.worker()).isEqualTo(given.worker());
        assertThat(told.protocol().chunk()).isEqualTo(4096);
        assertThat(told.toolchains().paths()).isEqualTo(given.toolchains().paths());
        assertThat(told.toolchains().aliases()).isEqualTo(given.toolchains().aliases());
        assertThat(told.toolchains().wrapper()).contains("~/bin/ccache -x");
    }

    @Test
    void aMachinesOwnThreadsWin() {
        Settings settings = Settings.of(ConfigFactory.parseString(
                "buildboss { worker.threads = 3, machines { big { threads = 16 }, small { } } }"));

        assertThat(settings.forWorkers(settings.machines().get("big"))).containsEntry("buildboss.worker.threads", "16");
        assertThat(settings.forWorkers(settings.machines().get("small")))
                .containsEntry("buildboss.worker.threads", "3");
    }
}
