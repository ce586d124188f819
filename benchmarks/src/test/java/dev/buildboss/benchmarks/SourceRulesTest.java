package dev.buildboss.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules about sources that class files don't show, for tests as well: no test of another module is on this class path. */
class SourceRulesTest {

    private static final Path ROOT =
            Path.of(System.getProperty("buildboss.root")).toAbsolutePath().normalize();

    private static final int MOST_LINES_OF_A_FILE = 400;
    private static final int MOST_LINES_OF_A_METHOD = 60;

    /** This file holds what it forbids. */
    private static final String SELF = "SourceRulesTest.java";

    @Test
    void seesTheSourcesOfEveryModule() throws IOException {
        assertThat(sources()).anyMatch(p -> p.startsWith(ROOT.resolve("core/src/main")));
    }

    @Test
    void nothingSleepsOrKeepsTheProcessorBusyToWait() throws IOException {
        assertThat(linesWith(Pattern.compile(
                        "\\b((Thread|MILLISECONDS|SECONDS|MINUTES)\\.sleep|Thread\\.(onSpinWait|yield))\\s*\\(")))
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLater() throws IOException {
        assertThat(linesWith(Pattern.compile("\\b(TODO|FIXME|XXX)\\b"))).isEmpty();
    }

    /** It throws in a chroot, whose table of mounts has no root; FreeSpace asks the kernel. */
    @Test
    void nobodyAsksTheTableOfMountsForSpace() throws IOException {
        assertThat(linesWith(Pattern.compile("Files\\.getFileStore\\("))).isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() throws IOException {
        List<Path> unmarked = sources().stream()
                .filter(p -> p.toString().contains("/src/main/java/"))
                .map(Path::getParent)
                .distinct()
                .filter(dir -> !isNullMarked(dir.resolve("package-info.java")))
                .toList();

        assertThat(unmarked).isEmpty();
    }

    @Test
    void noFileIsTooLongToReadInOneGo() throws IOException {
        List<String> tooLong = sources().stream()
                .filter(p -> lines(p).size() > MOST_LINES_OF_A_FILE)
                .map(p -> ROOT.relativize(p) + ": " + lines(p).size())
                .toList();

        assertThat(tooLong).isEmpty();
    }

    @Test
    void everyMethodFitsInAScreen(@TempDir Path temp) throws IOException {
        Path example = temp.resolve("Example.java");
        Files.writeString(
                example, "class Example {\n    @Override\n    public void run() {\n    }\n    Example() {}\n}\n");
        assertThat(MethodLengths.over(2, List.of(example))).containsExactly(example + ":2: run: 3");

        assertThat(MethodLengths.over(MOST_LINES_OF_A_METHOD, sources())).isEmpty();
    }

    private static boolean isNullMarked(Path packageInfo) {
        try {
            return Files.exists(packageInfo) && Files.readString(packageInfo).contains("@NullMarked");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each as {@code file:line: text}. */
    private static List<String> linesWith(Pattern pattern) throws IOException {
        return sources().stream()
                .filter(p -> !p.endsWith(SELF))
                .flatMap(p -> linesWith(pattern, p).stream())
                .toList();
    }

    private static List<String> linesWith(Pattern pattern, Path file) {
        List<String> lines = lines(file);
        return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                .filter(i -> pattern.matcher(lines.get(i)).find())
                .map(i -> ROOT.relativize(file) + ":" + (i + 1) + ": "
                        + lines.get(i).strip())
                .toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(m -> m.resolve("src"))
                    .filter(Files::isDirectory)
                    .flatMap(SourceRulesTest::javaFiles)
                    .toList();
        }
    }

    private static Stream<Path> javaFiles(Path src) {
        try (Stream<Path> files = Files.walk(src)) {
            return files.filter(p -> p.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
