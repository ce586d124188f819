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

/** Rules about sources that class files don't show, for tests as well: no test of another module is on this class path. */
class SourceRulesTest {

    private static final Path ROOT =
            Path.of(System.getProperty("buildboss.root")).toAbsolutePath().normalize();

    /** This file holds what it forbids. */
    private static final String SELF = "SourceRulesTest.java";

    @Test
    void seesTheSourcesOfEveryModule() throws IOException {
        assertThat(sources()).anyMatch(p -> p.startsWith(ROOT.resolve("core/src/main")));
    }

    @Test
    void noTestSleeps() throws IOException {
        assertThat(linesWith(Pattern.compile("\\b(Thread|MILLISECONDS|SECONDS|MINUTES)\\.sleep\\s*\\(")))
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLater() throws IOException {
        assertThat(linesWith(Pattern.compile("\\b(TODO|FIXME|XXX)\\b"))).isEmpty();
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
        try {
            List<String> lines = Files.readAllLines(file);
            return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                    .filter(i -> pattern.matcher(lines.get(i)).find())
                    .map(i -> ROOT.relativize(file) + ":" + (i + 1) + ": "
                            + lines.get(i).strip())
                    .toList();
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
