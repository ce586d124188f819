package dev.buildboss.boards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.settings.Settings;
import dev.buildboss.testing.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a list comes from, with a generator that is a few lines of Python. */
@Tag("process")
class BoardSourceTest {

    private static final String LINE = "Active arm - soc acme x elm_defconfig_list - -\n";

    @TempDir
    Path temp;

    private Path tree;
    private Path cache;
    private Path output;

    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectories(temp.resolve("tree"));
        cache = temp.resolve("cache");
        output = Files.createDirectories(temp.resolve("out"));
        write("configs/elm_defconfig", "CONFIG_ARM=y\n");
        write("Kconfig", "config ARM\n");
    }

    private void write(String path, String text) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
    }

    /** As newer and older ones do it: the file after -R, or boards.cfg in the directory of -o. */
    private void generator(String body) throws IOException {
        write("tools/buildman/buildman", "import os, sys\nout = sys.argv[sys.argv.index('-o') + 1]\n" + body);
    }

    private BoardSource.Found find(boolean generator, Duration limit) {
        return new BoardSource(
                        Optional.empty(), false, Optional.of(output), cache, new Settings.Boards(generator, limit))
                .find(new DirectoryTree(tree), Optional.of(tree));
    }

    private BoardSource.Found find() {
        return find(true, Waits.LIMIT);
    }

    @Test
    void asksTheTreesOwnToolAndKeepsWhatItSaid() throws IOException {
        Path calls = temp.resolve("calls");
        generator("open('" + calls + "', 'a').write(os.environ['HOME'] + '\\n')\n"
                + "open(out + '/boards.cfg', 'w').write('" + LINE.strip() + "\\n')\nsys.exit(2)\n");

        BoardSource.Found first = find();
        BoardSource.Found second = find();

        assertThat(first.origin()).isEqualTo("U-Boot's own tool");
        assertThat(first.list().targets()).containsExactly("elm_defconfig_list");
        assertThat(second.list().targets()).isEqualTo(first.list().targets());
        assertThat(Files.readAllLines(calls)).singleElement().asString().startsWith(cache.toString());
        write("board/acme/MAINTAINERS", "new\n");
        find();
        assertThat(Files.readAllLines(calls)).as("a new file").hasSize(2);
        Files.delete(tree.resolve("configs/elm_defconfig"));
        find();
        assertThat(Files.readAllLines(calls)).as("one less").hasSize(3);
    }

    @Test
    void goesOnWithTheDefconfigsWhereTheToolFailsOrHangs() throws IOException {
        generator("sys.exit('no module named x')\n");
        BoardSource.Found failed = find();
        assertThat(failed.origin()).isEqualTo("configs/*_defconfig");
        assertThat(failed.list().targets()).containsExactly("elm");
        assertThat(failed.notes().get(0))
                .startsWith(
                        "U-Boot's own list of boards can't be made (no module named x): made of configs/*_defconfig");

        generator("import time\ntime.sleep(600)\n");
        BoardSource.Found hung = find(true, Duration.ofMillis(300));
        assertThat(hung.list().targets()).containsExactly("elm");
        assertThat(hung.notes().get(0)).contains("can't be made (");
    }

    @Test
    void runsNothingOfATreeWhereThatIsTurnedOff() throws IOException {
        generator("open(out + '/boards.cfg', 'w').write('" + LINE.strip() + "\\n')\n");
        BoardSource.Found found = find(false, Waits.LIMIT);
        assertThat(found.origin()).isEqualTo("configs/*_defconfig");
        assertThat(found.notes()).isEmpty();
        assertThat(cache).doesNotExist();
    }

    @Test
    void takesAListThatIsThereOnlyWhileItIsFresh() throws IOException {
        Path kept = Files.writeString(output.resolve("boards.cfg"), LINE);
        Instant now = Instant.now();
        Files.setLastModifiedTime(kept, FileTime.from(now.plusSeconds(60)));
        assertThat(find().origin()).isEqualTo(kept.toString());

        Files.setLastModifiedTime(tree.resolve("Kconfig"), FileTime.from(now.plusSeconds(120)));
        assertThat(find().origin()).isEqualTo("configs/*_defconfig");
    }

    @Test
    void takesTheListOfATreeWithoutDefconfigsWhateverItsAge() throws IOException {
        Files.delete(tree.resolve("configs/elm_defconfig"));
        Files.delete(tree.resolve("configs"));
        write("boards.cfg", LINE);
        Files.setLastModifiedTime(tree.resolve("boards.cfg"), FileTime.fromMillis(0));
        assertThat(find().list().targets()).containsExactly("elm_defconfig_list");
    }
}
