package dev.buildboss.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes of other people, in jars that are named by {@code recipe-jars}: they go to machines, and what they do is contained. */
@Tag("process")
@Tag("ssh")
class RecipeJarsTest {

    private static final String EXAMPLE = "examples/src/main/java/dev/buildboss/examples/PlainMakeRecipe.java";

    /** Does harm, each board in its own way. */
    private static final String HOSTILE = """
            package hostile;
            import dev.buildboss.spi.*;
            import java.util.List;
            public final class HostileRecipe implements BuildRecipe {
                @Override public String name() { return "hostile"; }
                @Override public List<BuildStep> build(BuildTarget target) {
                    switch (target.board()) {
                        case "throws": throw new IllegalStateException("boom");
                        case "recurses": return build(target);
                        case "loops": while (true) {}
                        case "hangs": return List.of(BuildStep.of("sleep", "1000"));
                        case "floods": return List.of(BuildStep.of("sh", "-c", "yes flood | head -c 300000000; exit 1"));
                        default: return List.of(BuildStep.of("sh", "-c", "echo good; mkdir -p build; echo x >build/x"));
                    }
                }
            }
            """;

    @TempDir
    private Path temp;

    private Path top;
    private Path tree;
    private final List<BossProcess> bosses = new ArrayList<>();

    @BeforeEach
    void makeTree() throws IOException {
        top = temp.toRealPath();
        tree = Files.createDirectories(top.resolve("tree"));
        Files.createDirectories(top.resolve("home"));
        Files.createDirectories(tree.resolve("configs"));
        Files.writeString(
                tree.resolve("Makefile"), "all:\n\tmkdir -p $(O)\n\t$(CROSS_COMPILE)gcc -o $(O)/firmware main.c\n");
        Files.writeString(tree.resolve("main.c"), "int main(void) { return 0; }\n");
        for (String board : List.of("red", "throws", "recurses", "loops", "hangs", "floods")) {
            Files.writeString(tree.resolve("configs").resolve(board + "_defconfig"), "CONFIG_SANDBOX=y\n");
        }
        git("init", "-q", "-b", "work");
        git("add", "-A");
        git("commit", "-q", "-m", "A tree");
    }

    @AfterEach
    void endBosses() {
        bosses.stream().filter(BossProcess::isAlive).forEach(BossProcess::kill);
    }

    private void git(String... arguments) throws IOException {
        List<String> argv = new ArrayList<>(
                List.of("git", "-C", tree.toString(), "-c", "user.name=Stub", "-c", "user.email=stub@example.org"));
        argv.addAll(List.of(arguments));
        String unused = StubTree.run(argv);
    }

    /** Compiles a recipe as a stranger would, and packs it with its service file. */
    private Path jar(String type, Path source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path classes = Files.createDirectories(top.resolve("classes-" + type));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        assertThat(compiler.run(null, null, null, "-cp", classPath, "-d", classes.toString(), source.toString()))
                .isZero();
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve("dev.buildboss.spi.BuildRecipe"), type + "\n");
        Path jar = top.resolve(type + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> walk = Files.walk(classes)) {
            for (Path path : walk.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                out.write(Files.readAllBytes(path));
                out.closeEntry();
            }
        }
        return jar;
    }

    private BossProcess run(int status, String recipe, Path jar, String... more) throws IOException {
        List<String> argv = new ArrayList<>(List.of("build", "--json", "-b", "work", "-c", "1", "--recipe", recipe));
        argv.addAll(List.of("--set", "recipe-jars=[\"" + jar + "\"]", "-o", top.resolve("out-" + recipe) + ""));
        argv.addAll(BossProcess.PATIENT);
        argv.addAll(List.of(more));
        BossProcess boss =
                BossProcess.start(top.resolve("home"), tree, top.resolve("boss" + bosses.size()), argv, Map.of());
        bosses.add(boss);
        assertThat(boss.awaitExit()).as(boss.words()).isEqualTo(status);
        return boss;
    }

    @Test
    void theExampleGoesToAMachineAsAJarWhoseHashIsCheckedAndBuildsThere() throws IOException {
        Path root = Path.of(System.getProperty("buildboss.root", ".."));
        Path jar = jar("dev.buildboss.examples.PlainMakeRecipe", root.resolve(EXAMPLE));
        Fleet fleet = Fleet.up(top.resolve("machines"), 1);
        try {
            String[] machine = {
                "--config",
                fleet.config().toString(),
                "--ssh-config",
                fleet.sshConfig().toString(),
                "--use-machines",
                "m1",
                "--no-local",
                "--boards",
                "red"
            };
            BossProcess first = run(0, "plain-make", jar, machine);
            assertThat(first.events("cell-done").get(0).path("machine").asText())
                    .isEqualTo("m1");
            Path sent = sent(fleet.home("m1"), jar);
            assertThat(sent).hasSameBinaryContentAs(jar);

            assertThat(sent.toFile().setWritable(true)).isTrue();
            Files.write(sent, new byte[] {1, 2, 3});
            Path results = top.resolve("out-plain-make");
            Files.move(results, top.resolve("out-first"));
            BossProcess unused = run(0, "plain-make", jar, machine);
            assertThat(sent(fleet.home("m1"), jar)).hasSameBinaryContentAs(jar);

            assertAnotherRecipeFindsNothingThere(jar, machine);
        } finally {
            fleet.close();
        }
    }

    /** In the same work directory, in turn: what plain-make left would fail it. */
    private void assertAnotherRecipeFindsNothingThere(Path jar, String... machine) throws IOException {
        Path conf = top.resolve("command.conf");
        Files.writeString(conf, Files.readString(Path.of(machine[1])) + """

                buildboss.recipes.command {
                  boards { red { } }
                  build = [sh, -c, "test ! -e {output}/firmware && test ! -e {output}/main.o && echo own >{output}/own"]
                }
                """);
        String[] other = machine.clone();
        other[1] = conf.toString();
        BossProcess unused = run(0, "command", jar, other);
        Path work = top.resolve("machines/home/m1/dev/.bm-worker/.bm-work/00");
        assertThat(work.resolve("build/own")).exists();
    }

    private static Path sent(Path home, Path jar) throws IOException {
        try (Stream<Path> walk = Files.walk(home.resolve(".cache/buildboss"))) {
            return walk.filter(path -> path.endsWith(jar.getFileName()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the jar was not sent to " + home));
        }
    }

    @Test
    void oneThatThrowsHangsOrFloodsFailsItsCellWithTheReasonAndTheWorkerLives() throws IOException {
        Path source = top.resolve("HostileRecipe.java");
        Files.writeString(source, HOSTILE);
        Path jar = jar("hostile.HostileRecipe", source);

        BossProcess boss = run(
                103,
                "hostile",
                jar,
                "--set",
                "worker.make-timeout=15 s",
                "--set",
                "worker.recipe-timeout=15 s",
                "--set",
                "worker.max-output=64 KiB",
                "--set",
                "boss.max-attempts=1",
                "--set",
                "local.slots=6");

        assertThat(outcome(boss, "throws")).contains("IllegalStateException: boom");
        assertThat(outcome(boss, "recurses")).contains("StackOverflowError");
        assertThat(outcome(boss, "loops"))
                .contains("did not return from build within 15000 ms (worker.recipe-timeout)");
        assertThat(outcome(boss, "hangs")).contains("failed").contains("took longer than 15 s");
        assertThat(outcome(boss, "floods")).contains("failed");
        assertThat(outcome(boss, "red")).contains("\"ok\"");
        Path log = top.resolve("out-hostile/work");
        try (Stream<Path> walk = Files.walk(log)) {
            assertThat(walk.filter(path -> path.endsWith("floods/log")).findFirst())
                    .get()
                    .satisfies(file -> assertThat(Files.size(file)).isLessThan(200_000));
        }
        assertThat(boss.events("machine"))
                .noneSatisfy(event -> assertThat(event.path("state").asText()).isEqualTo("lost"));
    }

    private static String outcome(BossProcess boss, String board) {
        return boss.events("cell-done").stream()
                .filter(event -> event.path("cell").path("board").asText().equals(board))
                .map(JsonNode::toString)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no end of " + board + "\n" + boss.words()));
    }
}
