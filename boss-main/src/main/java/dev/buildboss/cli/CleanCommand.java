package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.MachineException;
import dev.buildboss.clean.CleanChoice;
import dev.buildboss.clean.Left;
import dev.buildboss.clean.MachineCleaner;
import dev.buildboss.fetch.Sizes;
import dev.buildboss.lock.LockFile;
import dev.buildboss.lock.ThisProcess;
import dev.buildboss.model.Machine;
import dev.buildboss.process.ProcessTransport;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code boss clean}: what was left here and on machines, and its end. */
@Command(
        name = "clean",
        exitCodeOnInvalidInput = 1,
        sortOptions = false,
        header = "Removes what Buildboss keeps on this computer and on machines: workers, runtimes, worktrees.",
        description = {
            "",
            "  boss clean                          what nobody has used for a month (clean.older-than), here and on all machines",
            "  boss clean --machines --all         everything on the machines, their clones of the source too",
            "  boss clean --local -o ../results    here, with the worktrees of those results' builds; results stay",
            "",
            "Only what Buildboss made is removed, and nothing that is in use: a work directory that another boss has is left alone.",
            "The exit status is 1 if a machine could not be reached, or something could not be removed.",
            ""
        })
final class CleanCommand implements Callable<Integer> {

    @Option(names = "--local", description = "Clean this computer (default: this computer and all machines).")
    private boolean local;

    @Option(
            names = "--machines",
            paramLabel = "NAME",
            arity = "0..1",
            fallbackValue = "",
            split = ",",
            description = "Clean the machines of the settings, or those that are named (tag:NAME too).")
    @Nullable
    private List<String> machines;

    @Option(names = "--all", description = "Remove everything that is not in use, whatever its age; clones too.")
    private boolean all;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            description = "Remove what nobody has used for so long, such as 12h or 7d.")
    @Nullable
    private String olderThan;

    @Option(
            names = {"-o", "--output-dir"},
            paramLabel = "DIR",
            description = "The -o of builds whose worktrees on this computer are to go.")
    private List<Path> outputs = new ArrayList<>();

    private final BossCommand boss;
    private boolean failed;

    CleanCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        if (all && olderThan != null) {
            throw new BuildbossException("--all and --older-than: one of them");
        }
        var loader = boss.loader(Optional.<Path>empty());
        if (olderThan != null) {
            loader.set("clean.older-than", olderThan, "--older-than");
        }
        Settings settings = loader.load().settings();
        List<String> names = machines;
        List<Machine> remote = names != null || !local
                ? MachineOptions.select(settings, names == null ? List.of() : MachineOptions.names(names))
                : List.of();
        if (names != null && remote.isEmpty()) {
            throw new BuildbossException(MachineOptions.NONE_CONFIGURED);
        }
        clean(settings, remote, local || names == null);
        return failed ? 1 : 0;
    }

    private void clean(Settings settings, List<Machine> remote, boolean here) {
        try (MachineLinks connections = new MachineLinks(boss, settings)) {
            Map<Machine, MachineLink> links = new LinkedHashMap<>();
            if (here) {
                links.put(Machine.local(), connections.to(Machine.local()));
            }
            remote.forEach(machine -> links.put(machine, connections.to(machine)));
            Map<Machine, CompletionStage<List<Left>>> looks = new LinkedHashMap<>();
            links.forEach((machine, link) ->
                    looks.put(machine, cleaner(settings, machine, link, "").look()));
            looks.forEach((machine, look) -> attempt(machine, () -> {
                MachineLink link = java.util.Objects.requireNonNull(links.get(machine));
                remove(settings, machine, cleaner(settings, machine, link, ""), wait(look));
                if (machine.isLocal()) {
                    workDirs().forEach(work -> attempt(machine, () -> locally(settings, link, work)));
                }
            }));
        }
    }

    private MachineCleaner cleaner(Settings settings, Machine machine, MachineLink link, String workDir) {
        boolean here = machine.isLocal();
        return new MachineCleaner(
                machine,
                link,
                here ? ProcessTransport.userCache().toString() : MachineCleaner.REMOTE_CACHE,
                here ? workDir : machine.workDir(),
                settings.clean().timeout());
    }

    /** The directories below which builds on this computer had their worktrees. */
    private List<Path> workDirs() {
        List<Path> result = new ArrayList<>();
        for (Path output : outputs) {
            Path top = boss.around.resolve(output);
            if (!Files.isDirectory(top)) {
                throw new BuildbossException("no such directory: " + output);
            }
            result.add(top);
            try (DirectoryStream<Path> below = Files.newDirectoryStream(top, Files::isDirectory)) {
                below.forEach(result::add);
            } catch (IOException e) {
                throw new BuildbossException(output + ": " + e.getMessage(), e);
            }
        }
        result.removeIf(work -> !Files.isRegularFile(work.resolve(".bm-work/worker.lock")));
        return result;
    }

    /** Here the worker's own lock is held meanwhile. */
    private void locally(Settings settings, MachineLink link, Path work) {
        MachineCleaner cleaner = cleaner(settings, Machine.local(), link, work.toString());
        List<Left> there = wait(cleaner.look()).stream().filter(Left::inWorkDir).toList();
        Path file = work.resolve(".bm-work/worker.lock");
        try {
            LockFile.Attempt attempt = LockFile.take(file, Clock.systemUTC().instant(), Optional.empty());
            if (attempt instanceof LockFile.Taken taken) {
                try (LockFile held = taken.lock()) {
                    remove(settings, Machine.local(), cleaner, there);
                    held.refresh();
                }
            } else {
                throw new BuildbossException(work + " is in use by " + ((LockFile.InUse) attempt).by());
            }
        } catch (IOException e) {
            throw new BuildbossException(work + ": " + e.getMessage(), e);
        }
    }

    private void remove(Settings settings, Machine machine, MachineCleaner cleaner, List<Left> there) {
        Duration age = settings.clean().olderThan();
        List<Left> chosen = all ? CleanChoice.all(there) : CleanChoice.olderThan(there, age);
        there.stream().filter(Left::inUse).forEach(left -> say(machine, "in use", left));
        if (chosen.isEmpty()) {
            if (!boss.json && there.stream().noneMatch(Left::inUse)) {
                long total = CleanChoice.total(there);
                boss.around
                        .out()
                        .println(machine.name() + ": nothing to remove"
                                + (total > 0 ? " (" + Sizes.words(total) + " stay)" : ""));
            }
            return;
        }
        MachineCleaner.Removal done = wait(
                cleaner.remove(chosen, all, ThisProcess.owner(Clock.systemUTC().instant())));
        done.removed().forEach(left -> say(machine, "removed", left));
        done.kept().forEach(path -> complain(machine, "not removed: " + path));
        if (!done.busy().isEmpty()) {
            complain(machine, "work directory not cleaned: " + done.busy());
        }
    }

    private void say(Machine machine, String what, Left left) {
        if (boss.json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("machine", machine.name());
            object.put("state", what);
            object.put("kind", left.kind());
            object.put("bytes", left.bytes());
            object.put("path", left.path());
            boss.around.out().println(EventJson.text(object));
        } else {
            boss.around
                    .out()
                    .println(Printable.line(machine.name() + ": " + what + " " + left.kind() + " " + left.path() + " ("
                            + Sizes.words(left.bytes()) + ")"));
        }
    }

    private void complain(Machine machine, String words) {
        failed = true;
        boss.around.err().println("boss: " + machine.name() + ": " + Printable.line(words));
    }

    /** One machine that fails keeps the others from nothing. */
    private void attempt(Machine machine, Runnable work) {
        try {
            work.run();
        } catch (MachineException e) {
            complain(machine, e.reason());
        } catch (BuildbossException e) {
            complain(machine, String.valueOf(e.getMessage()));
        }
    }

    private static <T> T wait(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            Throwable cause = MachineLinks.cause(e);
            throw cause instanceof BuildbossException known
                    ? known
                    : new BuildbossException(String.valueOf(cause.getMessage()), e);
        }
    }
}
