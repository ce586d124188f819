package dev.buildboss.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The installation's script itself, in a home of the test: two bosses may be at it at once. */
@Tag("process")
class InstallScriptTest {

    private static final String NONCE = "n";

    @TempDir
    Path home;

    private final TestBundle bundle = TestBundle.create("1");

    private String sh(String script) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("HOME", home.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** A boss has begun, and sent all. */
    private Path received() throws Exception {
        String answer = sh(Scripts.beginInstall(NONCE, BundleId.of(bundle)));
        Path aside = Path.of(answer.substring(answer.lastIndexOf(' ') + 1));
        try (InputStream jar = bundle.jars().get(0).open()) {
            Files.copy(jar, aside.resolve("worker.jar"));
        }
        return aside;
    }

    private void end(Path aside) throws Exception {
        assertThat(sh(Scripts.endInstall(NONCE, bundle, aside.toString())))
                .isEqualTo(Scripts.MARKER + " " + NONCE + " ok");
    }

    private Path place() {
        return home.resolve(".cache/buildboss").resolve(BundleId.of(bundle));
    }

    private Object identity() throws IOException {
        return Files.readAttributes(place(), BasicFileAttributes.class).fileKey();
    }

    private void assertNothingElseIsThere() throws IOException {
        try (Stream<Path> all = Files.list(place().getParent())) {
            assertThat(all).containsExactly(place());
        }
        try (Stream<Path> all = Files.list(place())) {
            assertThat(all.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("worker.jar", ".buildboss");
        }
    }

    /** A worker of the first's may be starting from it in this moment. */
    @Test
    void leavesWhatAnotherBossPutThereMeanwhile() throws Exception {
        Path first = received();
        Path second = received();
        end(first);
        Object there = identity();

        end(second);

        assertThat(identity()).isEqualTo(there);
        assertNothingElseIsThere();
    }

    @Test
    void replacesWhatIsBroken() throws Exception {
        end(received());
        Files.writeString(place().resolve("worker.jar"), "damaged");

        end(received());

        assertThat(place().resolve("worker.jar")).hasSize(bundle.jars().get(0).size());
        assertNothingElseIsThere();
    }
}
