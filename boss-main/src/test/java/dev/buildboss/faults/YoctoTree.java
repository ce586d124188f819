package dev.buildboss.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A source tree as Yocto's users have it, with a layer, a build directory that was set up, and the stand-in for bitbake (see there),
 * which does for each MACHINE what the tests ask of it.
 */
final class YoctoTree {

    static final List<String> MACHINES = List.of("qemux86", "qemuarm", "qemumips");

    private static final String INIT = """
            # As the real one: sets the calling shell up for a build directory, and goes there.
            BUILDDIR=${1:-build}
            PATH="$(pwd)/bitbake/bin:$PATH"
            export BUILDDIR PATH
            mkdir -p "$BUILDDIR/conf"
            cd "$BUILDDIR" || return 1
            echo "### Shell environment set up for builds. ###"
            """;

    private final Path directory;
    private final Path control;

    YoctoTree(Path parent) throws IOException {
        this(parent, MACHINES);
    }

    /** Makes the tree in a directory, with a layer for these MACHINEs. */
    YoctoTree(Path parent, List<String> machines) throws IOException {
        directory = Files.createDirectories(parent.resolve("poky"));
        control = Files.createDirectories(parent.resolve("control"));
        write("oe-init-build-env", INIT);
        write(".gitignore", "/build*/\n");
        write("meta/source", "committed\n");
        write("meta/tasks", control.resolve("task") + "\n");
        for (String machine : machines) {
            write("meta/conf/machine/" + machine + ".conf", "#@NAME: " + machine + "\n");
        }
        Path program = directory.resolve("bitbake/bin/bitbake");
        Files.createDirectories(program.resolveSibling("."));
        try (InputStream in = YoctoTree.class.getResourceAsStream("bitbake")) {
            Files.write(program, java.util.Objects.requireNonNull(in).readAllBytes());
        }
        if (!program.toFile().setExecutable(true)) {
            throw new IOException(program + ": can't be made executable");
        }
        git("init", "-q", "-b", "main");
        git("add", "-A");
        git("commit", "-q", "-m", "A layer");
        write("build/conf/local.conf", "DISTRO = \"poky\"\nDL_DIR = \"" + buildDir() + "/downloads\"\n");
        write("build/conf/bblayers.conf", "BBLAYERS ?= \" \\\n  " + directory.resolve("meta") + " \\\n  \"\n");
        write("build/conf/multiconfig/second.conf", "TMPDIR = \"${TOPDIR}/tmp-second\"\n");
    }

    Path directory() {
        return directory;
    }

    /** BUILDDIR, and where everything else is found from. */
    Path buildDir() {
        return directory.resolve("build");
    }

    /** Where a MACHINE other than the first is built. */
    Path buildDir(String machine) {
        return directory.resolve("build-" + machine);
    }

    /** What a shell has in which oe-init-build-env ran. */
    Map<String, String> environment() {
        return Map.of(
                "BUILDDIR",
                buildDir().toString(),
                "PATH",
                directory.resolve("bitbake/bin") + ":" + System.getenv("PATH"));
    }

    void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
    }

    private void git(String... arguments) throws IOException {
        List<String> argv = new ArrayList<>(List.of(
                "git", "-C", directory.toString(), "-c", "user.name=Stub", "-c", "user.email=stub@example.org"));
        argv.addAll(List.of(arguments));
        String unused = StubTree.run(argv);
    }

    /** Has the stand-in run shell commands for a MACHINE; {@code $control} is a directory for what they leave. */
    void task(String machine, String commands) throws IOException {
        Files.writeString(control.resolve("task-" + machine), "control='" + control + "'\n" + commands + "\n");
    }

    /** What tasks left under a name, in order. */
    List<String> left(String name) throws IOException {
        Path file = control.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file, UTF_8) : List.of();
    }

    /** The MACHINEs and recipes that were built in a directory, in order. */
    static List<String> built(Path buildDir) throws IOException {
        Path file = buildDir.resolve("tmp/built");
        return Files.exists(file) ? Files.readAllLines(file, UTF_8) : List.of();
    }

    /** Every file below a directory with its text, and when it was written in milliseconds. */
    static List<String> picture(Path top) throws IOException {
        List<String> result = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(top)) {
            for (Path path : walk.filter(Files::isRegularFile).sorted().toList()) {
                result.add(top.relativize(path) + " "
                        + Files.getLastModifiedTime(path).toMillis() + " " + Files.readString(path));
            }
        }
        return result;
    }
}
