package dev.buildboss.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.buildboss.cli.fleet.HeldCores.Held;
import dev.buildboss.settings.SettingsLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class DemoWorkTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    void makesABranchOfThatManyCommitsWithMainAsItsUpstream() throws Exception {
        DemoWork.generate(3, 4, 1, 7).make(dir.resolve("tree"));
        try (Git git = Git.open(dir.resolve("tree").toFile())) {
            assertThat(git.log().call()).hasSize(4);
            assertThat(git.getRepository().getBranch()).isEqualTo("work");
            assertThat(git.getRepository().getConfig().getString("branch", "work", "merge"))
                    .isEqualTo("refs/heads/main");
            assertThat(git.status().call().isClean()).isTrue();
        }
        assertThat(dir.resolve("tree/hold")).isExecutable();
    }

    @Test
    void recipesHoldWhatTheWorkloadSaysByTheSpeedOfTheMachine() throws Exception {
        DemoWork work = DemoWork.generate(1, 1, 0.3, 7);
        work.make(dir.resolve("tree"));
        assertThat(heldBy("500")).isCloseTo(2 * work.workload().first(0, 0).total(), within(0.02));
        assertThat(heldBy("1000")).isCloseTo(work.workload().next(0, 0).total(), within(0.02));
    }

    /** Core-seconds that a build holds on a machine of that speed. */
    private double heldBy(String speed) throws IOException, InterruptedException {
        Path list = dir.resolve("recipes-" + speed);
        ProcessBuilder make = new ProcessBuilder("make", "-s", "-j4", "BOARD=b0", "O=" + dir.resolve("out"))
                .directory(dir.resolve("tree").toFile())
                .redirectErrorStream(true);
        make.environment().keySet().removeAll(List.of("MAKEFLAGS", "MFLAGS", "MAKELEVEL"));
        make.environment().put("BUILDBOSS_DEMO_SPEED", speed);
        make.environment().put("BUILDBOSS_DEMO_LOG", list.toString());
        Process process = make.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(HeldCores.read(list)).extracting(Held::board).containsOnly("b0");
        return HeldCores.read(list).stream()
                .mapToDouble(held -> held.untilS() - held.fromS())
                .sum();
    }

    @Test
    void settingsNameEveryBoard() throws IOException {
        Path file = Files.writeString(
                dir.resolve("work.conf"), DemoWork.generate(2, 1, 1, 7).settings());
        var settings = new SettingsLoader().configFile(file).load().settings();
        assertThat(settings.recipe()).isEqualTo("command");
        assertThat(Files.readString(file)).contains("boards { b0 {}, b1 {} }");
    }

    @Test
    void aLineThatIsNotWholeIsLeftOut() throws IOException {
        Path list = Files.writeString(dir.resolve("recipes"), "10.50 250 b0\n11.00 1000 b1\n12.0");
        assertThat(HeldCores.read(list)).containsExactly(new Held(10.5, 10.75, "b0"), new Held(11, 12, "b1"));
        assertThat(HeldCores.now(list)).isZero();
    }
}
