package dev.buildboss.recipe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.buildboss.boards.SourceTree;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.recipe.KbuildTree.Configuration;
import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.RecipeOutputs;
import dev.buildboss.spi.RecipeOutputs.NamedFile;
import dev.buildboss.spi.StepResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds trees with Linux's build system: Linux itself, busybox, barebox and their kin. A board is a configuration of the tree; see
 * {@link KbuildTree} for its name.
 *
 * <p>Commands are {@code make O=… ARCH=… <name>_defconfig [fragments]} and {@code make O=… ARCH=… [targets]}, with the compiler in
 * {@code CROSS_COMPILE}. Settings: see {@code recipes.kbuild} in {@code reference.conf}.
 */
public final class KbuildRecipe implements BuildRecipe {

    /** The recipe's name. */
    public static final String NAME = "kbuild";

    private static final List<NamedFile> FILES = List.of(
            new NamedFile(".config", ".config"),
            new NamedFile("autoconf.h", "include/generated/autoconf.h"),
            new NamedFile("autoconf.h", "include/autoconf.h"));

    /** For {@link java.util.ServiceLoader}. */
    public KbuildRecipe() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Board> boards(SourceTree tree, Map<String, String> settings) throws IOException {
        RecipeSettings own = new RecipeSettings(settings);
        List<Board> boards = KbuildTree.of(tree).boards(own.words("arches"), own.words("configs"));
        if (boards.isEmpty()) {
            throw new IllegalArgumentException("configs: none are set, and " + tree.name()
                    + " has no configs/*_defconfig and no arch/*/configs/*defconfig: is it a tree of Kbuild's?");
        }
        return boards;
    }

    @Override
    public RecipeOutputs outputs(BuildTarget target) {
        RecipeSettings own = new RecipeSettings(target.settings());
        return new RecipeOutputs(own.words("images"), FILES, own.words("kept"));
    }

    @Override
    public List<BuildStep> configure(BuildTarget target, boolean clean) {
        Configuration configuration = configuration(target);
        return MakeCommand.configure(target, clean, variables(configuration), configuration.goal(), settle(target));
    }

    /** Trees that branched off Linux long ago, as busybox did, ask their questions; nobody answers, so defaults are taken. */
    private static String settle(BuildTarget target) {
        Path makefile = target.sourceDir().resolve("scripts/kconfig/Makefile");
        try {
            return Files.readString(makefile, ISO_8859_1).contains("olddefconfig") ? "olddefconfig" : "oldconfig";
        } catch (IOException e) {
            return "olddefconfig"; // make says better what is wrong with such a tree
        }
    }

    @Override
    public List<BuildStep> build(BuildTarget target) {
        if (target.options().configOnly()) {
            return List.of();
        }
        String goal = target.options().changes().goal();
        List<String> goals = goal.isEmpty() ? new RecipeSettings(target.settings()).words("targets") : List.of(goal);
        return List.of(MakeCommand.of(target, variables(configuration(target)), goals));
    }

    @Override
    public Optional<String> misconfigured(BuildTarget target) throws IOException {
        return KconfigAdjust.unmet(target, target.options().changes().adjust());
    }

    @Override
    public List<String> unsupported(BuildChanges changes) {
        return changes.decisive().stream()
                .filter(List.of("--dtc-skip", "-O")::contains)
                .toList();
    }

    private static List<String> variables(Configuration configuration) {
        return configuration.arch().isEmpty() ? List.of() : List.of("ARCH=" + configuration.arch());
    }

    private static Configuration configuration(BuildTarget target) {
        return KbuildTree.at(target.sourceDir()).find(target.defconfig(), target.arch());
    }

    @Override
    public boolean reconfigures(BuildTarget target, String changedPath) {
        String name = changedPath.substring(changedPath.lastIndexOf('/') + 1);
        return name.startsWith("Kconfig")
                || name.startsWith("Config.in") // busybox and its kin
                || name.endsWith("defconfig")
                || name.endsWith(".config");
    }

    @Override
    public Optional<String> toolchainArch(BuildTarget target) {
        return Optional.of(target.arch().isEmpty() ? "sandbox" : target.arch());
    }

    @Override
    public StepResult judge(BuildTarget target, StepResult result) {
        return MakeCommand.judge(result);
    }
}
