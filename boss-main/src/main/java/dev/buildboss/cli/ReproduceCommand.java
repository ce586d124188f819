package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.boards.BoardSource;
import dev.buildboss.exec.Exec;
import dev.buildboss.exec.Execution;
import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.exec.Programs;
import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.report.SeriesRequest;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.settings.Settings;
import dev.buildboss.text.Printable;
import dev.buildboss.toolchain.Toolchain;
import dev.buildboss.toolchain.ToolchainCheck;
import dev.buildboss.toolchain.ToolchainSearch;
import dev.buildboss.toolchain.Toolchains;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code boss reproduce}: builds one board at one commit in a scratch worktree. */
@Command(
        name = "reproduce",
        exitCodeOnInvalidInput = 1,
        sortOptions = false,
        header = "Builds one board at one commit in a scratch worktree, and leaves it there to look at.",
        description = {
            "",
            "  boss reproduce zynq_cse_nor 8b670d632a6b",
            "",
            "Checks the commit out beside your tree, configures and makes. Your tree and branch are not touched.",
            ""
        })
final class ReproduceCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "BOARD", description = "The board's exact name.")
    private String board = "";

    @Parameters(index = "1", paramLabel = "COMMIT", description = "A hash, a branch, or any name of a commit.")
    private String revision = "";

    @Mixin
    private final GitOption git = new GitOption();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "The scratch worktree (default: ../reproduce-BOARD-COMMIT beside the tree).")
    @Nullable
    private Path dir;

    private final BossCommand boss;

    ReproduceCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        SourceOptions source = git.source();
        source.boards.add(board);
        try (SourceRepository repository = source.open(boss.around)) {
            Settings settings = boss.loader(repository.workTree()).load().settings();
            Commit commit = repository
                    .series(new SeriesRequest(revision, OptionalInt.of(1), 1))
                    .commits()
                    .get(0);
            BoardSource.Found list = source.list(boss.around, repository, commit.hash(), Optional.empty(), settings);
            Board wanted = source.choose(list.list()).get(0);
            Path top = repository
                    .workTree()
                    .orElse(repository.gitDir())
                    .toAbsolutePath()
                    .normalize();
            Path place = dir != null
                    ? boss.around.resolve(dir)
                    : top.resolve(Reproduction.directory(board, commit.hash())).normalize();
            try (ProcessRunner runner = new ProcessRunner(settings.worker().killGrace())) {
                return new Steps(runner, settings, top, place).build(wanted, commit);
            }
        }
    }

    /** The steps of a build, each shown before it is done. */
    private final class Steps {
        private final ProcessRunner runner;
        private final Settings settings;
        private final Path top;
        private final Path place;

        Steps(ProcessRunner runner, Settings settings, Path top, Path place) {
            this.runner = runner;
            this.settings = settings;
            this.top = top;
            this.place = place;
        }

        int build(Board wanted, Commit commit) {
            Toolchain compiler = compiler(wanted);
            if (!Files.exists(place)) {
                List<String> checkout = List.of("git", "worktree", "add", "--detach", place.toString(), commit.hash());
                Execution done = run(
                        checkout, boss.around.environment(), settings.worker().worktreeTimeout());
                if (!done.ok()) {
                    throw new BuildbossException("cannot check out " + commit.hash() + ": " + done.trouble());
                }
            } else {
                boss.around.out().println(place + " is there already: it is built as it is");
            }
            Map<String, String> environment = new HashMap<>(compiler.environment(boss.around.environment()));
            environment.putIfAbsent("PATH", Programs.searchPath());
            boss.around.out().println("CROSS_COMPILE=" + compiler.cross());
            List<String> make = List.of("make", "-C", place.toString(), "O=build");
            for (String goal : List.of(
                    wanted.target() + "_defconfig", "-j" + Runtime.getRuntime().availableProcessors())) {
                List<String> command = new java.util.ArrayList<>(make);
                command.add(goal);
                Execution done = run(command, environment, settings.worker().makeTimeout());
                if (!done.ok()) {
                    boss.around
                            .out()
                            .println("failed as told; it is in " + place + " (git worktree remove --force " + place
                                    + " removes it)");
                    return ExitStatus.FAILED.code();
                }
            }
            boss.around.out().println("builds well; it is in " + place);
            return 0;
        }

        private Toolchain compiler(Board wanted) {
            ToolchainSearch search =
                    ToolchainSearch.look(settings.toolchains(), Programs.searchPath(), boss.around.home());
            String arch = wanted.arch().isEmpty() ? "sandbox" : wanted.arch();
            return new Toolchains(search, new ToolchainCheck(runner), Map.of())
                    .find(arch)
                    .orElseThrow(() -> new BuildbossException("no compiler for " + arch
                            + " here: install one, or name it in buildboss.toolchains.prefixes"));
        }

        private Execution run(List<String> command, Map<String, String> environment, Duration limit) {
            boss.around.out().println("$ " + String.join(" ", command));
            boss.around.out().flush();
            Execution done = runner.run(
                    new Exec(command, top, environment, limit, settings.worker().maxOutput(), Optional.empty()));
            boss.around.out().print(Printable.lines(done.out()));
            boss.around.out().print(Printable.lines(done.err()));
            boss.around.out().flush();
            return done;
        }
    }
}
