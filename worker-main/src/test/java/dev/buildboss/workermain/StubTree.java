package dev.buildboss.workermain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A source tree, a make and compilers to serve a boss with: small scripts, real git.
 *
 * <p>A board is what {@code boards/NAME} of the tree says, a piece of shell: so a commit decides how its boards do. The scripts
 * see nothing of the machine's own compilers: {@code PATH} has only what is listed here.
 */
final class StubTree {
    private static final List<String> TOOLS =
            List.of("sh", "git", "setsid", "sleep", "mkdir", "rm", "mv", "cat", "kill");

    private static final String MAKE = """
            #!/bin/sh
            # A make as far as a worker can tell. Each call is one line of make.log.
            echo "$*" >>"$STUB/make.log"
            goal=all
            for word; do case $word in *_defconfig | cfg | mrproper) goal=$word ;; esac; done
            case $goal in
            mrproper) rm -rf build; exit 0 ;;
            *_defconfig)
                mkdir -p build
                if [ ! -f "boards/${goal%_defconfig}" ]; then
                    echo "cc1: fatal error: configs/$goal: No such file or directory" >&2
                    exit 2
                fi
                echo "CONFIG_BOARD=${goal%_defconfig}" >build/.config
                exit 0 ;;
            esac
            read -r line <build/.config
            board=${line#*=}
            if [ -e "$STUB/hang" ]; then . "$STUB/hang"; fi
            . "./boards/$board"
            echo image >build/u-boot
            """;

    private static final String GCC = """
            #!/bin/sh
            case $1 in -dumpfullversion) echo 12.2.0 ;; -dumpmachine) echo "${0##*/}" ;; esac
            """;

    private static final String SIZE = """
            #!/bin/sh
            echo "   text	   data	    bss	    dec	    hex	filename"
            echo "    100	     20	      3	    123	     7b	$1"
            """;

    /** Its child runs in the background, as a compiler below make would. */
    private static final String HANGS = """
            sleep 86400 &
            echo $! >"$STUB/$board.new"
            mv "$STUB/$board.new" "$STUB/$board.pid"
            wait
            """;

    private static final String GATED = "until [ -e \"$STUB/gate\" ]; do sleep 0.05; done\n";

    /** Commits in order: what each changes. The names of the first three are those of the recordings. */
    private static final List<Map<String, String>> COMMITS = List.of(
            Map.of(
                    "zynq_cse_nor", ":\n",
                    "xilinx_versal_mini", ":\n",
                    "xilinx_zynqmp_mini", ":\n",
                    "elm", "echo building; echo a note >&2\n",
                    "hangs", HANGS,
                    "hangs2", HANGS,
                    "gated", GATED,
                    "bytes", "printf 'a\\377b\\n'; printf 'c\\200\\303d\\n' >&2; exit 2\n",
                    "liar", "echo 'BM> {\"resp\":\"quit_ack\"}'; echo 'BM> {\"resp\":\"quit_ack\"}' >&2\n"),
            Map.of("zynq_cse_nor", "echo 'cpu.c:151:12: warning: unused' >&2\n"),
            Map.of("xilinx_versal_mini", "echo 'cpu.c:185:2: error: broken here' >&2; exit 2\n"));

    /** Directory of the scripts' own files. */
    private final Path root;

    private final Path workDir;
    private final List<String> commits = new ArrayList<>();

    StubTree(Path root) throws Exception {
        this.root = root;
        this.workDir = Files.createDirectory(root.resolve("work"));
        Files.createDirectory(root.resolve("tmp"));
        Files.createDirectory(root.resolve("tools"));
        for (String tool : TOOLS) {
            for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
                Path path = Path.of(directory, tool);
                if (Files.isExecutable(path)
                        && !Files.exists(root.resolve("tools").resolve(tool))) {
                    Files.createSymbolicLink(root.resolve("tools").resolve(tool), path);
                }
            }
        }
        script("bin/make", MAKE);
        compiler("bin/");
        compiler("home/.buildman-toolchains/gcc-12.2.0-nolibc/arm-linux/bin/arm-linux-");
        compiler("home/.buildman-toolchains/gcc-12.2.0-nolibc/aarch64-linux/bin/aarch64-linux-");
        git("init", "-q", ".");
        for (Map<String, String> change : COMMITS) {
            commits.add(commit(change));
        }
    }

    private void compiler(String prefix) throws IOException {
        script(prefix + "gcc", GCC);
        script(prefix + "size", SIZE);
    }

    private void script(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make it executable: " + file);
        }
    }

    private String commit(Map<String, String> boards) throws Exception {
        Files.createDirectories(workDir.resolve("boards"));
        for (Map.Entry<String, String> board : boards.entrySet()) {
            Files.writeString(workDir.resolve("boards").resolve(board.getKey()), board.getValue());
        }
        git("add", ".");
        git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "change");
        return git("rev-parse", "HEAD");
    }

    private String git(String... arguments) throws Exception {
        List<String> argv = new ArrayList<>(List.of("git"));
        argv.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(argv).directory(workDir.toFile()).redirectErrorStream(true);
        prepare(builder);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(argv + ": " + out);
        }
        return out;
    }

    /** Gives a process this tree's programs, and nothing else of the machine's. */
    void prepare(ProcessBuilder builder) {
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("GIT_") || name.startsWith("XDG_"));
        environment.putAll(Map.of(
                "PATH",
                root.resolve("bin") + ":" + root.resolve("tools"),
                "HOME",
                home().toString(),
                "GIT_CONFIG_NOSYSTEM",
                "1",
                "STUB",
                root.toString()));
    }

    Path root() {
        return root;
    }

    Path home() {
        return root.resolve("home");
    }

    /** Where the worker's temporary directories go. */
    Path tmp() {
        return root.resolve("tmp");
    }

    Path workDir() {
        return workDir;
    }

    /** A commit's hash, from 0 on. */
    String commit(int index) {
        return commits.get(index);
    }

    /** Takes a program away. */
    void remove(String program) throws IOException {
        Files.delete(root.resolve("bin").resolve(program));
    }

    /** Changes a board, without a commit. */
    void write(String board, String script) throws IOException {
        Files.writeString(workDir.resolve("boards").resolve(board), script);
    }

    /** Lets the board {@code gated} go on. */
    void openGate() throws IOException {
        Files.writeString(root.resolve("gate"), "");
    }

    /** From now on every build hangs. */
    void hang() throws IOException {
        Files.writeString(root.resolve("hang"), HANGS);
    }

    /** The arguments of each make so far. */
    List<String> makes() throws IOException {
        return Files.readAllLines(root.resolve("make.log"));
    }

    /** The process that a hanging board's make has started, once it has. */
    ProcessHandle childOf(String board) throws IOException {
        Path file = root.resolve(board + ".pid");
        WorkerProcess.await("a make of " + board, () -> Files.exists(file));
        return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
    }
}
