package dev.buildboss.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;

/** A command line with a home, a source tree of two boards and three commits, captured streams and a clock that runs fast. */
final class CliFixture {

    final Path home;
    final Path tree;
    final FakeBuilds builds = new FakeBuilds();
    final List<Set<String>> left = new ArrayList<>();
    final Interrupts interrupts = new Interrupts(left::add);
    private final AtomicLong nanos = new AtomicLong();
    Screen screen = Screen.NONE;
    Map<String, String> environment = Map.of();
    Path directory;
    String out = "";
    String err = "";

    CliFixture(Path temp) throws IOException, GitAPIException {
        home = Files.createDirectories(temp.resolve("home"));
        tree = Files.createDirectories(temp.resolve("src/tree"));
        directory = tree;
        Files.createDirectories(tree.resolve("configs"));
        Files.writeString(tree.resolve("configs/elm_defconfig"), "CONFIG_SANDBOX=y\n");
        Files.writeString(tree.resolve("configs/oak_defconfig"), "CONFIG_ARM=y\n");
        try (Git git =
                Git.init().setDirectory(tree.toFile()).setInitialBranch("main").call()) {
            commit(git, "one");
            git.branchCreate().setName("work").call();
            git.checkout().setName("work").call();
            var config = git.getRepository().getConfig();
            config.setString("branch", "work", "remote", ".");
            config.setString("branch", "work", "merge", "refs/heads/main");
            config.save();
            commit(git, "two");
            commit(git, "three");
        }
    }

    private void commit(Git git, String subject) throws IOException, GitAPIException {
        Files.writeString(tree.resolve("file.txt"), subject);
        git.add().addFilepattern(".").call();
        PersonIdent who = new PersonIdent("A", "a@example.org");
        git.commit()
                .setMessage(subject)
                .setAuthor(who)
                .setCommitter(who)
                .setSign(false)
                .call();
    }

    CliFixture userConfig(String text) throws IOException {
        Path file = home.resolve(".config/buildboss/config.conf");
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
        return this;
    }

    /** Runs a command line; its output is in {@link #out} and {@link #err}. */
    int run(String... arguments) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("HOME", home.toString());
        Surroundings around = new Surroundings(
                new PrintStream(outBytes, true, UTF_8),
                new PrintStream(errBytes, true, UTF_8),
                directory,
                variables,
                Map.of(),
                screen);
        int status = new BossCli(around, builds, interrupts, () -> nanos.addAndGet(200_000_000L)).run(arguments);
        out = outBytes.toString(UTF_8);
        err = errBytes.toString(UTF_8);
        return status;
    }
}
