package dev.buildboss.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildReport;
import dev.buildboss.WorkerJars;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.ExitStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each example, and holds the README's snippet against it. */
class ExamplesTest {

    private static final Path ROOT =
            Path.of(System.getProperty("buildboss.root", "..")).normalize();
    private static final Path WORKER = ROOT.resolve("worker-main/target/buildboss-worker.jar");

    /** For a computer that is slow, or busy: by itself a boss gives a machine 3 s to let it in, and 5 s to end. */
    private static final String PATIENT = """
            buildboss.ssh.connect-timeout = 60 s
            buildboss.probe { connect-timeout = 60 s, timeout = 2 m }
            buildboss.boss { ready-timeout = 5 m, quit-timeout = 30 s }
            """;

    @TempDir
    private Path directory;

    @Test
    @Tag("process")
    void buildsTheDemoTreeOnLocalThreads() throws Exception {
        Path tree = directory.resolve("tree");
        run(List.of("sh", ROOT.resolve("examples/demo-tree/make-repo").toString(), tree.toString()));

        BuildReport report = EmbedLocalMain.build(tree, "work", directory.resolve("out"), WORKER);

        assertThat(report.outcomes()).hasSize(32);
        assertThat(report.outcomes().get(new Cell("fir", 3))).isEqualTo(new Built(Kind.FAILED, 2));
        assertThat(report.outcomes().values().stream().filter(ExamplesTest::warned))
                .hasSize(3);
        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.FAILED);
    }

    @Test
    @Tag("ssh")
    void buildsByARecipeOfItsOwnOnAMachineReachedBySsh() throws Exception {
        Path tree = makeTree();
        Path machines = directory.resolve("machines");
        String script = ROOT.resolve("ci/loopback-machines").toString();
        run(List.of("bash", script, "up", machines.toString(), "1"));
        try {
            Path settings = directory.resolve("settings.conf");
            Files.writeString(
                    settings,
                    Files.readString(machines.resolve("buildboss.conf")) + "\nbuildboss.ssh.config-file = \""
                            + machines.resolve("ssh_config") + "\"\n" + PATIENT);

            BuildReport report = EmbedSshMain.build(
                    tree,
                    "base..work",
                    directory.resolve("out"),
                    settings,
                    WorkerJars.ofFiles(WORKER, recipeJar()),
                    List.of(Board.of("red", "sandbox"), Board.of("blue", "sandbox")));

            assertThat(report.machines()).extracting(m -> m.ended()).containsExactly("finished");
            assertThat(report.outcomes())
                    .containsEntry(new Cell("red", 0), new Built(Kind.OK, 0))
                    .containsEntry(new Cell("blue", 0), new Built(Kind.OK, 0));
            assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        } finally {
            run(List.of("bash", script, "down", machines.toString()));
        }
    }

    @Test
    void theReadmeShowsTheExampleAsItIs() throws IOException {
        String source =
                Files.readString(ROOT.resolve("examples/src/main/java/dev/buildboss/examples/EmbedLocalMain.java"));
        String snippet = source.substring(
                        source.indexOf("// README: begin\n") + "// README: begin\n".length(),
                        source.indexOf("\n        // README: end"))
                .stripIndent();

        assertThat(Files.readString(ROOT.resolve("README.md"))).contains("```java\n" + snippet + "\n```");
    }

    private static boolean warned(CellOutcome outcome) {
        return outcome instanceof Built built && built.kind() == Kind.WARNING;
    }

    /** Two commits; the second one's Makefile builds any board's firmware with the host's compiler. */
    private Path makeTree() throws Exception {
        Path tree = directory.resolve("plain");
        Files.createDirectories(tree);
        git(tree, "init", "-q", "-b", "base");
        git(tree, "commit", "-q", "--allow-empty", "-m", "Start");
        git(tree, "checkout", "-q", "-b", "work");
        Files.writeString(tree.resolve("main.c"), "int main(void) { return 0; }\n");
        Files.writeString(
                tree.resolve("Makefile"),
                "all:\n\tmkdir -p $(O)\n\t$(CROSS_COMPILE)gcc -DBOARD=$(BOARD) -o $(O)/firmware main.c\n");
        git(tree, "add", "-A");
        git(tree, "commit", "-q", "-m", "Build firmware");
        return tree;
    }

    private Path recipeJar() throws IOException {
        Path jar = directory.resolve("recipe.jar");
        Path classes = Path.of(PlainMakeRecipe.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (String name : List.of(
                    "dev/buildboss/examples/PlainMakeRecipe.class",
                    "META-INF/services/dev.buildboss.spi.BuildRecipe")) {
                out.putNextEntry(new JarEntry(name));
                out.write(Files.readAllBytes(classes.resolve(name)));
                out.closeEntry();
            }
        }
        return jar;
    }

    private static void git(Path tree, String... arguments) throws Exception {
        List<String> argv = new java.util.ArrayList<>(List.of(
                "git", "-C", tree.toString(), "-c", "user.name=Example", "-c", "user.email=example@example.org"));
        argv.addAll(List.of(arguments));
        run(argv);
    }

    private static void run(List<String> argv) throws Exception {
        Process process = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("%s ends", argv).isTrue();
        assertThat(process.exitValue()).as("%s", argv).isZero();
    }
}
