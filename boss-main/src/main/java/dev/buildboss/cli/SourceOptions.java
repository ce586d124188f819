package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.boards.BoardChoice;
import dev.buildboss.boards.BoardList;
import dev.buildboss.boards.BoardSource;
import dev.buildboss.boards.SourceTree;
import dev.buildboss.model.Board;
import dev.buildboss.recipe.UBootRecipe;
import dev.buildboss.report.SourceRepository;
import dev.buildboss.settings.Settings;
import dev.buildboss.settings.SettingsLoader;
import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.spi.Recipes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options of every command that has to do with a source tree and its boards. */
final class SourceOptions {

    @Parameters(
            paramLabel = "TERMS",
            arity = "0..*",
            description = {
                "Which boards: regular expressions for the start of a target, arch, CPU, board name, vendor, SoC or options.",
                "'freescale & arm sandbox' means those that match both of the first two, and sandbox. None: all boards."
            })
    List<String> terms = new ArrayList<>();

    @Option(
            names = {"-x", "--exclude"},
            paramLabel = "EXPR",
            split = ",",
            description = "Leave out the boards that match one of these terms.")
    List<String> exclude = new ArrayList<>();

    @Option(
            names = {"--boards", "--bo"},
            paramLabel = "NAME",
            description = "Exact names of boards, with commas between them.")
    List<String> boards = new ArrayList<>();

    @Option(
            names = {"--boards-file", "--board-list"},
            paramLabel = "FILE",
            description =
                    "A list of boards of your own: as boards.cfg, CSV with a heading (.csv) or HOCON (.conf, .json). Else:"
                            + " made by the tree's own tool, or of configs/*_defconfig.")
    @Nullable
    Path boardsFile;

    @Option(
            names = {"-X", "--extend"},
            description =
                    "Add the extended boards of configs/*.buildman: boards with fragments, such as acpi,qemu-riscv64.")
    boolean extend;

    @Option(
            names = {"-g", "--git"},
            paramLabel = "DIR",
            description = "The git repository (default: the one of the current directory).")
    @Nullable
    Path git;

    @Option(
            names = "--recipe",
            paramLabel = "NAME",
            description = "How the tree is built: u-boot (the default), kbuild, command, or one of yours.")
    @Nullable
    String recipe;

    /** Puts what the user gave above the settings. */
    void apply(SettingsLoader loader) {
        if (recipe != null) {
            loader.set("recipe", recipe, "--recipe");
        }
    }

    SourceRepository open(Surroundings around) {
        return SourceRepository.open(git == null ? around.directory() : around.resolve(git));
    }

    /**
     * The list to choose from; without a work tree that of a revision.
     *
     * @param outputDir where an existing tool keeps its list
     */
    BoardSource.Found list(
            Surroundings around,
            SourceRepository source,
            String revision,
            Optional<Path> outputDir,
            Settings settings) {
        if (boardsFile == null && !settings.recipe().equals(UBootRecipe.NAME)) {
            if (extend) {
                throw new BuildbossException(
                        "-X: only U-Boot has extended boards, not the recipe " + settings.recipe());
            }
            return new BoardSource.Found(
                    BoardList.of(boards(source.tree(revision), settings)),
                    "the recipe " + settings.recipe(),
                    List.of());
        }
        Optional<Path> file = Optional.ofNullable(boardsFile).map(around::resolve);
        return new BoardSource(file, extend, outputDir, around.userCache(), settings.boards())
                .find(source.tree(revision), source.workTree());
    }

    /** Whether any board was asked for in particular. */
    boolean choosesBoards() {
        return !terms.isEmpty() || !boards.isEmpty() || !exclude.isEmpty();
    }

    /** The chosen boards of a list. */
    List<Board> choose(BoardList list) {
        return new BoardChoice(terms, stripped(exclude.stream()), names(list)).from(list);
    }

    /** Commas separate names, and may be in those of extended boards: the longest name that is there counts. */
    private List<String> names(BoardList list) {
        List<String> names = new ArrayList<>();
        for (String given : boards) {
            List<String> parts = stripped(Stream.of(given.split(",", -1)));
            int at = 0;
            while (at < parts.size()) {
                int end = parts.size();
                while (end > at + 1
                        && list.find(String.join(",", parts.subList(at, end))).isEmpty()) {
                    end--;
                }
                names.add(String.join(",", parts.subList(at, end)));
                at = end;
            }
        }
        return names;
    }

    private static List<String> stripped(Stream<String> texts) {
        return texts.map(String::strip).filter(text -> !text.isEmpty()).toList();
    }

    private static List<Board> boards(SourceTree tree, Settings settings) {
        try (Recipes recipes = Recipes.with(Recipes.jars(settings))) {
            BuildRecipe recipe = recipes.get(settings.recipe());
            List<String> unsupported = recipe.unsupported(settings.build().changes());
            if (!unsupported.isEmpty()) {
                throw new BuildbossException(
                        "the recipe " + recipe.name() + " can't follow " + String.join(", ", unsupported));
            }
            return recipe.boards(tree, settings.recipeSettings());
        } catch (IOException e) {
            throw new BuildbossException(tree.name() + ": cannot be read (" + e.getMessage() + ")", e);
        } catch (IllegalArgumentException e) {
            throw new BuildbossException("buildboss.recipes." + settings.recipe() + "." + e.getMessage(), e);
        }
    }
}
