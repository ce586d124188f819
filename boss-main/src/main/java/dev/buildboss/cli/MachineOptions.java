package dev.buildboss.cli;

import com.typesafe.config.ConfigUtil;
import dev.buildboss.BuildbossException;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.settings.SettingsLoader;
import dev.buildboss.text.Nearest;
import dev.buildboss.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which machines build. */
final class MachineOptions {

    /** What the spec of users' tool calls this. */
    static final String NONE_CONFIGURED = "No machines configured";

    private static final String TAG = "tag:";

    @Option(
            names = {"--dist", "--distribute"},
            description = "Build on this computer and on all machines of the settings.")
    private boolean dist;

    @Option(
            names = "--use-machines",
            paramLabel = "NAME",
            split = ",",
            description = "Build on these machines of the settings, by name or tag:NAME; implies --dist.")
    private List<String> useMachines = new ArrayList<>();

    @Option(names = "--no-local", description = "Build nothing on this computer; needs --dist.")
    private boolean noLocal;

    @Option(
            names = "--verify-machines",
            description =
                    "First build one board of each architecture on every machine, and set the machine aside whose images"
                            + " differ.")
    private boolean verify;

    @Option(
            names = "--verify-board",
            paramLabel = "NAME",
            description = "The board for that (default: the first of each architecture that builds); implies"
                    + " --verify-machines.")
    @Nullable
    private String verifyBoard;

    @Option(
            names = "--machines-buildman-path",
            paramLabel = "PATH",
            description = "Start this program there as the worker (PATH --worker), in place of sending ours. It is an"
                    + " existing one: less is stored of its results.")
    @Nullable
    private String existingWorker;

    /** The options that are settings. */
    void apply(SettingsLoader loader) {
        String board = verifyBoard;
        if (verify || board != null) {
            loader.set("verify.machines", "true", "--verify-machines");
        }
        if (board != null) {
            loader.set("verify.board", ConfigUtil.quoteString(board), "--verify-board");
        }
        String path = existingWorker;
        if (path == null) {
            return;
        }
        loader.set(
                "machine-defaults.worker-command",
                "[" + ConfigUtil.quoteString(path) + ", \"--worker\"]",
                "--machines-buildman-path");
    }

    /** Whether machines are to be compared by their images. */
    boolean comparesImages() {
        return verify || verifyBoard != null;
    }

    /** The machines of a run, and what is to be told about them. */
    record Choice(List<Machine> machines, Optional<String> note) {}

    /**
     * Chooses.
     *
     * @throws BuildbossException in words if that can't be
     */
    Choice choose(Settings settings) {
        List<String> names = names(useMachines);
        boolean remote = dist || !names.isEmpty();
        boolean local = !noLocal && settings.local().enabled();
        if (!remote && !local) {
            throw new BuildbossException(
                    noLocal ? "--no-local requires --dist" : "buildboss.local.enabled = false requires --dist");
        }
        List<Machine> chosen = new ArrayList<>();
        Optional<String> note = Optional.empty();
        if (local) {
            chosen.add(Machine.local());
        }
        if (remote) {
            List<Machine> machines = select(settings, names);
            chosen.addAll(machines);
            if (machines.isEmpty() && !local) {
                throw new BuildbossException(NONE_CONFIGURED);
            } else if (machines.isEmpty()) {
                note = Optional.of(NONE_CONFIGURED + ": building on this computer alone");
            }
        }
        return new Choice(chosen, note);
    }

    /** The machines of the settings, or those of {@code --use-machines}, whether or not they are to build. */
    List<Machine> remote(Settings settings) {
        return select(settings, names(useMachines));
    }

    /** Machines of the settings by name or {@code tag:NAME}; without names those of {@code use-machines}, or all. */
    static List<Machine> select(Settings settings, List<String> given) {
        List<String> names = given.isEmpty() ? names(settings.useMachines()) : given;
        if (names.isEmpty()) {
            return List.copyOf(settings.machines().values());
        }
        Set<Machine> result = new LinkedHashSet<>();
        for (String name : names) {
            if (name.startsWith(TAG)) {
                result.addAll(tagged(settings, name.substring(TAG.length()).strip()));
                continue;
            }
            Machine machine = settings.machines().get(name);
            if (machine == null) {
                throw unknown(
                        settings,
                        "machine: " + Printable.line(name),
                        name,
                        settings.machines().keySet());
            }
            result.add(machine);
        }
        return List.copyOf(result);
    }

    private static List<Machine> tagged(Settings settings, String tag) {
        List<Machine> found = settings.machines().values().stream()
                .filter(machine -> machine.tags().contains(tag))
                .toList();
        if (found.isEmpty()) {
            Set<String> tags = new TreeSet<>();
            settings.machines().values().forEach(machine -> tags.addAll(machine.tags()));
            throw unknown(settings, "tag of machines: " + Printable.line(tag), tag, tags);
        }
        return found;
    }

    private static BuildbossException unknown(Settings settings, String what, String name, Set<String> known) {
        return new BuildbossException((settings.machines().isEmpty() ? NONE_CONFIGURED + ": " : "") + "unknown " + what
                + Nearest.hint(name, known));
    }

    static List<String> names(List<String> given) {
        return given.stream().map(String::strip).filter(name -> !name.isEmpty()).toList();
    }
}
