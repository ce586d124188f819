package dev.buildboss.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Yocto tree whose MACHINEs are boards that a test commands; a MACHINE is built once, from the source as it stands. */
final class BitbakeTree implements RecipeTree {

    private static final String GROUP = "busybox";
    private static final List<String> MACHINES = List.of("qemux86", "qemuarm", "qemumips", "qemuppc", "qemuriscv64");

    private final YoctoTree yocto;
    private final BuildControl control;

    /** Makes the tree in a directory. */
    BitbakeTree(Path directory) throws IOException {
        Files.createDirectories(directory);
        yocto = new YoctoTree(directory, MACHINES);
        Path commands = directory.resolve("commands");
        control = new BuildControl(commands);
        String prologue =
                "control='" + commands + "' board=$MACHINE commit=0 machine=${HOME##*/}\n" + BuildControl.SHELL;
        for (String machine : MACHINES) {
            yocto.task(
                    machine,
                    prologue
                            + switch (machine) {
                                case "qemuppc" -> "echo 'WARNING: busybox: odd here'";
                                case "qemuriscv64" ->
                                    "echo 'ERROR: Task failed: do_compile'; echo 'broken here' >&2; status=1";
                                default -> "";
                            });
        }
    }

    YoctoTree yocto() {
        return yocto;
    }

    @Override
    public String recipe() {
        return "bitbake";
    }

    @Override
    public Path directory() {
        return yocto.directory();
    }

    /** With a limit that the user gave bitbake. */
    @Override
    public Map<String, String> environment() {
        Map<String, String> result = new HashMap<>(yocto.environment());
        result.put("BB_NUMBER_THREADS", "7");
        return result;
    }

    @Override
    public BuildControl control() {
        return control;
    }

    @Override
    public List<String> boards() {
        return MACHINES;
    }

    @Override
    public List<String> sound() {
        return MACHINES.subList(0, 3);
    }

    @Override
    public String broken() {
        return "qemuriscv64";
    }

    @Override
    public int commits() {
        return 1;
    }

    @Override
    public List<String> later() {
        return List.of("qemuppc-0", "qemuriscv64-0");
    }

    @Override
    public List<String> command(List<String> boards) {
        return List.of("bitbake", "--resume", "--machines", String.join(",", boards), GROUP);
    }

    /** The first MACHINE is built on this computer and nowhere else: there is room for that one. */
    @Override
    public List<String> remote() {
        return List.of("--use-machines", "m1,m2", "-T", "1");
    }

    @Override
    public Results results(Path output) {
        return Results.ofSource(output.resolve(GROUP), MACHINES);
    }
}
