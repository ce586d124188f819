package dev.buildboss.bitbake;

import dev.buildboss.boards.SourceTree;
import dev.buildboss.exec.Programs;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.recipe.RecipeSettings;
import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.StepResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Builds Yocto's recipes for several MACHINEs: a board is a MACHINE, and its build is one call of bitbake.
 *
 * <p>On the boss's computer it builds the layers where they are: the first MACHINE in the user's BUILDDIR, every other one in
 * {@code BUILDDIR-<machine>}, whose {@code conf/} is made afresh each time. Elsewhere it builds the tree that was sent there, in a
 * directory of the worker's. bitbake looks after its load itself ({@code BB_NUMBER_THREADS}, {@code BB_PRESSURE_MAX_*}).
 *
 * <p>Settings: see {@code recipes.bitbake} in {@code reference.conf}; {@code boss bitbake} fills in the rest ({@link BitbakeGroup}).
 */
public final class BitbakeRecipe implements BuildRecipe {

    /** The recipe's name. */
    public static final String NAME = "bitbake";

    /** What bitbake is called. */
    public static final String PROGRAM = "bitbake";

    /** Complaints that are no failures of a build. */
    private static final List<String> TOLERATED =
            List.of("went backwards which would break package feeds", "not in COMPATIBLE");

    /** The directory beside a machine's worktrees that build directories are in. */
    private static final String PLACE = "bitbake";

    /** What a shell does for one that sources oe-init-build-env: {@code $1} is the build directory, which the script reads too. */
    private static final String IN_SHELL = """
            init=$1 build=$2
            shift 2
            start() { . "$init"; }
            start "$build" >/dev/null || { echo "$init failed: status $?" >&2; exit 1; }
            export BUILDDIR="$build" BBPATH="$build"
            cd "$build" && exec "$@"
            """;

    /** For {@link java.util.ServiceLoader}. */
    public BitbakeRecipe() {}

    @Override
    public String name() {
        return NAME;
    }

    /** The MACHINE whose place is BUILDDIR: which others there are is for {@code boss bitbake} to say. */
    @Override
    public List<Board> boards(SourceTree tree, Map<String, String> settings) {
        return List.of(Board.of(BitbakeGroup.of(settings).first(), Board.HERE));
    }

    /** None of U-Boot's: bitbake's own configuration says what is built, and how. */
    @Override
    public List<String> unsupported(BuildChanges changes) {
        return changes.decisive();
    }

    /** bitbake brings its own. */
    @Override
    public Optional<String> toolchainArch(BuildTarget target) {
        return Optional.empty();
    }

    private static boolean isHere(BuildTarget target) {
        return target.options().changes().place().isPresent();
    }

    private static Path directory(BitbakeGroup group, BuildTarget target) {
        return isHere(target)
                ? group.here(target.board())
                : group.there(target.sourceDir().resolveSibling(PLACE), target.board());
    }

    private static Optional<String> init(BuildTarget target) {
        return new RecipeSettings(target.settings())
                .text(BitbakeGroup.initSetting())
                .filter(init -> Files.isRegularFile(target.sourceDir().resolve(init)));
    }

    @Override
    public void prepare(BuildTarget target) throws IOException {
        BitbakeGroup group = BitbakeGroup.of(target.settings());
        Path directory = directory(group, target);
        if (isHere(target)) {
            if (!group.isOriginal(target.board())) {
                BitbakeConf.copy(group.buildDir(), directory);
            }
            return;
        }
        Map<String, String> conf = new HashMap<>(group.conf());
        conf.replaceAll((name, text) -> moved(text, group, directory, target.sourceDir()));
        BitbakeConf.write(conf, directory);
        Optional<Path> missing = BitbakeLayers.read(conf.getOrDefault("bblayers.conf", ""), directory)
                .flatMap(layers -> layers.stream()
                        .filter(layer -> !Files.isDirectory(layer))
                        .findFirst());
        if (missing.isPresent()) {
            throw new IOException("the layer " + missing.get() + " is not on this machine: only the tree of -g is sent"
                    + " there; put the layer there, or build on the boss's computer alone");
        }
        if (init(target).isEmpty()
                && Programs.find(PROGRAM, Programs.searchPath()).isEmpty()) {
            throw new IOException("there is no bitbake in this machine's PATH, and the tree has no "
                    + new RecipeSettings(target.settings())
                            .text(BitbakeGroup.initSetting())
                            .orElse("script to set it up")
                    + " (buildboss.recipes.bitbake.init)");
        }
    }

    /** A text of {@code conf/} with the paths of the user's build directory and tree as they are on this machine. */
    static String moved(String text, BitbakeGroup group, Path directory, Path tree) {
        String edge = "(?=[/\\s\"':;]|$)";
        String start = "(?<![\\w./-])";
        String aside = "\u0000";
        return text.replaceAll(start + Pattern.quote(group.buildDir().toString()) + edge, aside)
                .replaceAll(
                        start + Pattern.quote(group.sourceTop().toString()) + edge,
                        Matcher.quoteReplacement(tree.toString()))
                .replace(aside, directory.toString());
    }

    @Override
    public List<BuildStep> build(BuildTarget target) {
        BitbakeGroup group = BitbakeGroup.of(target.settings());
        Path directory = directory(group, target);
        Map<String, String> environment = new HashMap<>(group.environment());
        environment.put("BUILDDIR", directory.toString());
        environment.put("BBPATH", directory.toString());
        environment.put("MACHINE", target.board());
        List<String> argv = new ArrayList<>();
        Path startIn = directory;
        if (!isHere(target) && init(target).isPresent()) {
            argv.addAll(List.of("sh", "-c", IN_SHELL, "sh", "./" + init(target).get(), directory.toString()));
            startIn = target.sourceDir();
        }
        argv.add(PROGRAM);
        argv.addAll(group.arguments());
        return List.of(new BuildStep(argv, environment, Optional.empty(), Optional.of(startIn), true));
    }

    /** A complaint that is tolerated, as the line that it is in; empty: there is none in a text. */
    public static Optional<String> tolerated(String text) {
        return text.lines().filter(BitbakeRecipe::isTolerated).findFirst();
    }

    private static boolean isTolerated(String line) {
        return TOLERATED.stream().anyMatch(line::contains);
    }

    /**
     * A MACHINE with a complaint that is tolerated has passed, and all that was said is kept. Of one that passed by itself what
     * bitbake calls a warning is one.
     */
    @Override
    public StepResult judge(BuildTarget target, StepResult result) {
        String all = result.stdout() + result.stderr();
        if (result.code() != 0) {
            boolean passed = tolerated(result.stdout())
                    .or(() -> tolerated(result.stderr()))
                    .isPresent();
            return passed ? new StepResult(0, all, "") : result;
        }
        String warnings = all.lines()
                .filter(line -> line.startsWith("WARNING: ") && !isTolerated(line))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        return new StepResult(0, all, warnings);
    }
}
