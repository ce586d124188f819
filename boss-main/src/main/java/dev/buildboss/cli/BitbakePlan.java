package dev.buildboss.cli;

import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRequest.Rebuild;
import dev.buildboss.BuildbossException;
import dev.buildboss.bitbake.BitbakeConf;
import dev.buildboss.bitbake.BitbakeGroup;
import dev.buildboss.bitbake.BitbakeRecipe;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildChanges.BuildPlace;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.model.Commit;
import dev.buildboss.model.Machine;
import dev.buildboss.report.SeriesRequest;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.settings.Settings;
import dev.buildboss.settings.SettingsLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a group of MACHINEs is built: by which settings, on which machines, from which source.
 *
 * @param setup what was asked for
 * @param group what the recipe is told
 * @param settings the settings of its runs
 * @param machines where it is built
 * @param gitDir the repository
 * @param commit the source as it stands
 * @param notes what a person should know
 */
record BitbakePlan(
        BitbakeSetup setup,
        BitbakeGroup group,
        Settings settings,
        List<Machine> machines,
        Path gitDir,
        Commit commit,
        List<String> notes) {

    static BitbakePlan of(
            BossCommand boss,
            BitbakeSetup setup,
            MachineOptions machineOptions,
            @Nullable Integer threads,
            Optional<Path> git) {
        try (SourceRepository repository = open(boss.around, setup, git)) {
            SettingsLoader loader = boss.loader(Optional.empty());
            machineOptions.apply(loader);
            if (threads != null) {
                loader.set("local.slots", threads.toString(), "-T");
            }
            MachineOptions.Choice choice = machineOptions.choose(loader.load().settings());
            boolean remote = choice.machines().stream().anyMatch(machine -> !machine.isLocal());
            refuse(setup, choice.machines(), remote);
            Path top = repository.workTree().orElse(repository.gitDir());
            BitbakeGroup group = new BitbakeGroup(
                    setup.buildDir(),
                    setup.first(),
                    setup.serial(),
                    setup.arguments(),
                    top,
                    remote ? conf(setup) : Map.of(),
                    setup.passedOn());
            Settings settings = settings(loader, group, setup);
            List<String> notes = new ArrayList<>();
            choice.note().ifPresent(notes::add);
            Commit commit = source(repository, setup, remote);
            List<Machine> machines = choice.machines().stream()
                    .map(machine -> withRoom(machine, setup.machines().size()))
                    .toList();
            return new BitbakePlan(setup, group, settings, machines, repository.gitDir(), commit, notes);
        }
    }

    /** bitbake limits itself, so that as many build at once as there are MACHINEs, unless the user says otherwise. */
    private static Settings settings(SettingsLoader loader, BitbakeGroup group, BitbakeSetup setup) {
        loader.set("recipe", BitbakeRecipe.NAME, "boss bitbake");
        group.settings().forEach((key, value) -> loader.set(key, value, "boss bitbake"));
        // Images of several MACHINEs are none to compare machines by.
        loader.set("verify.machines", "false", "boss bitbake");
        Settings settings = loader.load().settings();
        if (settings.local().slots() == 0) {
            loader.set("local.slots", String.valueOf(setup.machines().size()), "boss bitbake");
            settings = loader.load().settings();
        }
        return settings;
    }

    private static Machine withRoom(Machine machine, int boards) {
        return machine.isLocal() || machine.maxBoards() > 0
                ? machine
                : new Machine(
                        machine.name(),
                        machine.host(),
                        boards,
                        machine.workDir(),
                        machine.java(),
                        machine.workerCommand(),
                        machine.threads(),
                        machine.tags(),
                        machine.diskBudget());
    }

    private static void refuse(BitbakeSetup setup, List<Machine> machines, boolean remote) {
        if (machines.stream().noneMatch(Machine::isLocal)) {
            throw new BuildbossException(setup.first() + ", the first MACHINE, is built in BUILDDIR, which is on this"
                    + " computer: leave --no-local away (and buildboss.local.enabled = false)");
        }
        if (remote && setup.serial()) {
            throw new BuildbossException(
                    "--serial builds all MACHINEs in BUILDDIR, which is on this computer: leave --dist away");
        }
    }

    private static Map<String, String> conf(BitbakeSetup setup) {
        try {
            return BitbakeConf.read(setup.buildDir());
        } catch (IOException e) {
            throw new BuildbossException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The repository of {@code -g}, of the current directory, or of the bitbake that is called. */
    private static SourceRepository open(Surroundings around, BitbakeSetup setup, Optional<Path> git) {
        if (git.isPresent()) {
            return SourceRepository.open(around.resolve(git.get()));
        }
        List<Path> places = new ArrayList<>(List.of(around.directory()));
        try {
            Path bin = setup.program().toRealPath().getParent();
            if (bin != null) {
                places.add(bin);
            }
        } catch (IOException e) {
            // Gone since it was found: then the current directory is all there is to look at.
        }
        for (Path place : places) {
            try {
                return SourceRepository.open(place);
            } catch (BuildbossException e) {
                // The next one.
            }
        }
        throw new BuildbossException(
                "neither the current directory nor bitbake is in a git repository: name the one with"
                        + " the layers by -g DIR");
    }

    /** The source as it stands; here, where it is built in its place, its last commit will do for one that can't be taken down. */
    private static Commit source(SourceRepository repository, BitbakeSetup setup, boolean remote) {
        Optional<Path> inTheWay = unignored(repository, setup);
        if (inTheWay.isPresent() && remote) {
            throw new BuildbossException(inTheWay.get()
                    + " is in the tree that machines get: keep it out of that by a line"
                    + " in .git/info/exclude, such as /" + inTheWay.get().getFileName() + "*/");
        }
        if (inTheWay.isEmpty()) {
            try {
                return repository.currentSource();
            } catch (BuildbossException e) {
                if (remote) {
                    throw e;
                }
            }
        }
        return repository
                .series(new SeriesRequest("HEAD", OptionalInt.of(1), 1))
                .commits()
                .get(0);
    }

    /** A build directory in the tree that git does not ignore. */
    private static Optional<Path> unignored(SourceRepository repository, BitbakeSetup setup) {
        List<Path> places = new ArrayList<>(List.of(setup.buildDir()));
        setup.machines().forEach(machine -> places.add(Path.of(setup.buildDir() + "-" + machine)));
        return places.stream().filter(repository::wouldTake).findFirst();
    }

    /** The request for some of the MACHINEs. */
    BuildRequest request(List<String> names, Path directory, Rebuild rebuild, boolean debug) {
        List<Board> boards = names.stream()
                .map(name -> Board.of(name, group.isOriginal(name) ? Board.HERE : ""))
                .toList();
        String here = setup.buildDir().toString();
        return new BuildRequest(
                gitDir,
                boards,
                List.of(commit),
                true,
                directory,
                BuildOptions.DEFAULT.withChanges(
                        BuildChanges.NONE.withPlace(Optional.of(new BuildPlace(Optional.of(here), here)))),
                rebuild,
                Set.of(),
                false,
                debug);
    }

    /** What would be done, in lines. */
    List<String> describe(Path directory) {
        List<String> lines = new ArrayList<>();
        lines.add("bitbake " + String.join(" ", group.arguments()));
        boolean remote = machines.size() > 1;
        setup.machines()
                .forEach(machine -> lines.add("  MACHINE=" + machine + " in " + group.here(machine)
                        + (remote && !group.isOriginal(machine) ? ", or on another machine" : "")));
        lines.add("results in " + directory);
        return lines;
    }
}
