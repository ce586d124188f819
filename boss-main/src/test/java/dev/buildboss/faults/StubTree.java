package dev.buildboss.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A git repository whose boards are built by a script that the tests command ({@link BuildControl}). Its second commit warns for one
 * board, its third breaks one. As it is, it is U-Boot's.
 */
final class StubTree extends BuildControl implements RecipeTree {

    /** Boards that any machine can build. */
    static final List<String> BOARDS = List.of("ash", "elm", "fir", "oak");

    /** A board for which there is no compiler anywhere. */
    static final String EXOTIC = "rare";

    static final int COMMITS = 3;

    private static final String MAKEFILE = """
            O ?= build
            all:
            \t@sh ./stub build $(O)
            %_defconfig:
            \t@sh ./stub configure $(O) $*
            mrproper:
            \t@rm -rf $(O)/.config $(O)/include
            """;

    /** {@code $board}, {@code $commit}, {@code $machine} (the name of the home there) are for what tests ask of it. */
    private static final String STUB = """
            control=$(cat control)
            commit=$(cat version)
            machine=${HOME##*/}
            if [ "$1" = configure ]; then
                mkdir -p "$2/include"
                echo "CONFIG_BOARD=$3" >"$2/.config"
                exit 0
            fi
            board=$(sed -n 's/^CONFIG_BOARD=//p' "$2/.config")
            """ + SHELL + """
            echo "#define CONFIG_$board $commit" >"$2/u-boot.cfg"
            echo "CONFIG_NUMBER=$commit" >"$2/include/autoconf.mk"
            echo "built $board at $commit"
            case $board-$commit in
                elm-1) echo "stub.c:7:3: warning: 'elm' is odd here" >&2 ;;
                oak-2) echo "stub.c:9:1: error: 'oak' is broken here" >&2; exit 1 ;;
            esac
            """;

    private final Path directory;

    /** Makes the repository in a new directory. */
    StubTree(Path directory) throws IOException {
        this(directory, BOARDS);
    }

    /** Makes the repository in a new directory, with boards of these names. */
    StubTree(Path directory, List<String> boards) throws IOException {
        super(directory.resolve("control"));
        this.directory = directory.resolve("tree");
        Files.createDirectories(this.directory.resolve("configs"));
        git("init", "-q", "-b", "main");
        for (String board : boards) {
            write("configs/" + board + "_defconfig", "CONFIG_SANDBOX=y\n");
        }
        write("configs/" + EXOTIC + "_defconfig", "CONFIG_MICROBLAZE=y\n");
        write("Makefile", MAKEFILE);
        write("stub", STUB);
        write("control", directory.resolve("control") + "\n");
        for (int i = 0; i < COMMITS; i++) {
            write("version", i + "\n");
            git("add", "-A");
            git("commit", "-q", "-m", "stub: Number " + i);
        }
        git("branch", "work");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    @Override
    public Path directory() {
        return directory;
    }

    /** Runs git in the tree. */
    String git(String... arguments) throws IOException {
        List<String> argv = new ArrayList<>(List.of(
                "git", "-C", directory.toString(), "-c", "user.name=Stub", "-c", "user.email=stub@example.org"));
        argv.addAll(List.of(arguments));
        return run(argv);
    }

    /** Runs a program to its end; what it says is in the failure, if it fails. */
    static String run(List<String> argv) throws IOException {
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(argv + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }

    /** Also makes the branch what it was. */
    @Override
    void reset() throws IOException {
        super.reset();
        git("branch", "-q", "-f", "work", "main");
    }

    @Override
    public String recipe() {
        return "u-boot";
    }

    @Override
    public BuildControl control() {
        return this;
    }

    @Override
    public List<String> boards() {
        return BOARDS;
    }

    @Override
    public List<String> sound() {
        return List.of("ash", "fir");
    }

    @Override
    public String broken() {
        return "oak";
    }

    @Override
    public int commits() {
        return COMMITS;
    }

    @Override
    public List<String> later() {
        return BOARDS.stream().map(board -> board + "-1").toList();
    }

    @Override
    public List<String> command(List<String> boards) {
        return List.of("build", "-b", "work", "-c", "" + COMMITS, "--boards", String.join(",", boards));
    }

    @Override
    public List<String> remote() {
        return List.of("--use-machines", "m1,m2", "--no-local");
    }

    @Override
    public Results results(Path output) {
        return new Results(output);
    }
}
