package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes that {@code bin/boss} keeps beside its jar, where a disk or a crash left something else in its place. */
@Tag("process")
class DamagedArchiveTest {

    private static final Path ROOT = Path.of(System.getProperty("buildboss.root", ".."));

    /** A program that ends its rehearsal as a boss does, and says what it was asked for. */
    private static final String PROGRAM = """
            package dev.buildboss.cli;
            public final class BossMain {
                public static void main(String... arguments) {
                    System.out.println(String.join(" ", arguments));
                    System.exit(arguments[0].equals("summary") ? 100 : 0);
                }
            }
            """;

    @TempDir
    private Path temp;

    private Path top;
    private Path target;

    private record Start(int status, String out, String err) {}

    @BeforeEach
    void makeCheckout() throws IOException {
        top = temp.toRealPath();
        target = Files.createDirectories(top.resolve("boss-main/target"));
        Files.createDirectories(top.resolve("bin/lib"));
        for (String script : List.of("bin/boss", "bin/lib/setup.bash")) {
            Files.copy(ROOT.resolve(script), top.resolve(script));
        }
        Path source = Files.writeString(top.resolve("BossMain.java"), PROGRAM);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", top.resolve("classes").toString(), source.toString()))
                .isZero();
        String name = "dev/buildboss/cli/BossMain.class";
        try (OutputStream file = Files.newOutputStream(target.resolve("boss.jar"));
                JarOutputStream jar = new JarOutputStream(file)) {
            jar.putNextEntry(new JarEntry(name));
            jar.write(Files.readAllBytes(top.resolve("classes").resolve(name)));
        }
    }

    private Start start(String javaOptions) throws Exception {
        Path out = top.resolve("out");
        Path err = top.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder("bash", top.resolve("bin/boss").toString(), "hello");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("BUILDBOSS_JAVA_OPTS", javaOptions);
        Process process = builder.directory(top.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
        return new Start(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().contains(".jsa")).toList();
        }
    }

    /** As many bytes, and others in its middle half. */
    private void damage(Path archive) throws IOException {
        byte[] bytes = Files.readAllBytes(archive);
        Arrays.fill(bytes, bytes.length / 4, bytes.length * 3 / 4, (byte) 0x5a);
        Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rw-------"));
        Files.write(archive, bytes);
    }

    @Test
    void isMadeAnewAndTheStartGoesOnAsIfThereWereNone() throws Exception {
        assertThat(start("")).isEqualTo(new Start(0, "hello\n", "boss: preparing for quick starts, once\n"));
        Path first = archives().get(0);
        damage(first);

        assertThat(start(""))
                .isEqualTo(new Start(
                        0,
                        "hello\n",
                        "boss: " + first.getFileName() + " is damaged\nboss: preparing for quick starts, once\n"));

        List<Path> made = new ArrayList<>(archives());
        assertThat(made).hasSize(1);
        byte[] bytes = Files.readAllBytes(made.get(0));
        assertThat(start("-Xlog:class+load:file=" + top.resolve("loaded"))).isEqualTo(new Start(0, "hello\n", ""));
        assertThat(top.resolve("loaded"))
                .content()
                .contains("dev.buildboss.cli.BossMain source: shared objects file (top)");
        assertThat(archives()).isEqualTo(made);
        assertThat(made.get(0)).hasBinaryContent(bytes);
    }
}
