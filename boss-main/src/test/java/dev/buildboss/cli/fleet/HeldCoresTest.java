package dev.buildboss.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.buildboss.cli.fleet.HeldCores.Held;
import dev.buildboss.files.Carried;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldCoresTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    void readsWhatRecipesWroteDownAndWhichOfThemWereEndedBefore() throws IOException {
        Path recipes = Files.writeString(dir.resolve("recipes"), """
                100.50 2000 b1
                100.50 2000 b1
                101.00 300 b2
                100.50 2000 b1 101.25
                no line of ours
                102.00 10""");

        assertThat(HeldCores.read(recipes))
                .containsExactly(
                        new Held(100.5, 102.5, "b1"), new Held(100.5, 101.25, "b1"), new Held(101, 101.3, "b2"));
    }

    @Test
    @Tag("process")
    void aRecipeThatIsEndedHoldsItsCoreNoLonger() throws Exception {
        Path hold = Files.writeString(dir.resolve("hold"), Carried.text(DemoWork.class, "hold.txt"));
        Path recipes = Files.createFile(dir.resolve("recipes"));
        ProcessBuilder builder = new ProcessBuilder("sh", hold.toString(), "100000");
        builder.environment().put("BUILDBOSS_DEMO_LOG", recipes.toString());
        builder.environment().put("BOARD", "b7");
        Process recipe = builder.start();
        while (HeldCores.now(recipes) == 0 || recipe.descendants().findAny().isEmpty()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        recipe.destroy();

        assertThat(recipe.waitFor()).isEqualTo(143);
        List<Held> held = HeldCores.read(recipes);
        assertThat(held).hasSize(1);
        assertThat(held.get(0).untilS()).isCloseTo(held.get(0).fromS(), within(50.0));
        assertThat(HeldCores.now(recipes)).isZero();
    }
}
