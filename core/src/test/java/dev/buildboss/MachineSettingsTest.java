package dev.buildboss;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.model.Board;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.model.Machine;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Feature;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.FakeFleet;
import dev.buildboss.toolchain.HostCompilers;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the settings say of one machine reaches its worker, and no other's. */
class MachineSettingsTest extends RunsOnFakes {

    private static final String SETTINGS = QUICK + "\n" + """
            buildboss {
              worker.threads = 5
              toolchains.wrapper = "ccache -x"
              build.make-flags { common = "A=1", one = ["${common}", "B=${target}"] }
              machines { big { threads = 12 }, small { } }
            }
            """;

    private static Machine machine(String name) {
        return requireNonNull(
                Settings.of(ConfigFactory.parseString(SETTINGS)).machines().get(name));
    }

    @ParameterizedTest
    @CsvSource({"big, 12", "small, 5"})
    void tellsAWorkerItsOwnThreadsAndTheWrapper(String name, String threads) throws Exception {
        FakeFleet fleet = new FakeFleet(system, machine -> new FakeFleet.Worker());

        BuildReport report =
                run(SETTINGS, request(List.of(Board.of("one", "arm")), "a".repeat(40)), List.of(machine(name)), fleet);

        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(fleet.launchOf(name).settings())
                .containsEntry("buildboss.worker.threads", threads)
                .containsEntry("buildboss.toolchains.wrapper", "\"ccache -x\"");
        assertThat(fleet.workersOf(name).get(0).received())
                .contains(new Command.BuildBoard(
                        new Command.BoardSpec("one", "arm", List.of(), List.of("A=1", "B=one"))));
    }

    @Test
    void saysThatAnExistingWorkerRunsCompilersWithoutTheWrapper() throws Exception {
        FakeFleet fleet = new FakeFleet(system, machine -> new FakeFleet.Worker() {
            @Override
            protected Set<Feature> features() {
                return EnumSet.noneOf(Feature.class);
            }
        });

        Events events = new Events();
        try (BuildScheduler scheduler = BuildScheduler.builder()
                .settings(Settings.of(ConfigFactory.parseString(SETTINGS)))
                .transport(fleet)
                .bundle(FakeFleet.bundle())
                .compilers(archs -> HostCompilers.NONE)
                .actorSystem(system)
                .build()) {
            scheduler
                    .start(request(List.of(Board.of("two", "arm")), "a".repeat(40)), existing("m1"))
                    .events()
                    .subscribe(events);

            assertThat(events.awaitAll())
                    .anySatisfy(event -> assertThat(event)
                            .isInstanceOfSatisfying(
                                    BuildEvent.Notice.class,
                                    notice -> assertThat(notice.text())
                                            .startsWith("its worker is an existing one; results from there lack: ")
                                            .endsWith("; compilers run without ccache -x")));
        }
    }
}
