package dev.buildboss.spi;

import dev.buildboss.boards.BoardList;
import dev.buildboss.boards.SourceTree;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildChanges;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How boards of one kind of source tree are built: which commands configure and build one, and what of the result counts.
 *
 * <p>A recipe says <em>what</em> to run; the worker's driver does the rest the same way for all: it checks the commit out,
 * decides when to configure afresh, runs the commands with limits and without leaving any behind, tries a failed incremental
 * build once more, measures images, and sends files and results. A recipe that throws fails its cell, not the worker.
 *
 * <p>Only {@link #name} and {@link #build} have to be written. Workers find recipes by {@link java.util.ServiceLoader}: put
 * the class into a jar with {@code META-INF/services/dev.buildboss.spi.BuildRecipe}, and that jar into the {@link
 * WorkerBundle}. A run picks one with the setting {@code buildboss.recipe}; {@code buildboss.recipes.<name>} are its settings.
 *
 * <p>One instance serves all boards of a worker, from several threads at once: keep no state in it.
 */
public interface BuildRecipe {

    /** The name in settings, such as {@code u-boot}. */
    String name();

    /**
     * The boards that a tree offers; asked on the boss, of the newest commit.
     *
     * @param settings the recipe's own
     * @throws IOException if the tree can't be read
     * @throws IllegalArgumentException if a setting is wrong, naming it
     */
    default List<Board> boards(SourceTree tree, Map<String, String> settings) throws IOException {
        return BoardList.scan(tree).all();
    }

    /**
     * Commands that build, run one after the other until one fails.
     *
     * <p>They run in {@link BuildTarget#sourceDir} and must write below {@link BuildTarget#outputDir} only.
     */
    List<BuildStep> build(BuildTarget target);

    /**
     * Puts in place what the commands need and none of them makes; asked before each attempt.
     *
     * @throws IOException if that can't be done here: the cell is not built for the machine's fault, and tried elsewhere
     */
    default void prepare(BuildTarget target) throws IOException {}

    /**
     * Commands that configure: run before the first build of a board, and again when the driver finds that needed.
     *
     * @param clean whether to remove all that earlier builds left, first
     */
    default List<BuildStep> configure(BuildTarget target, boolean clean) {
        return List.of();
    }

    /** What a build makes, by paths. */
    default RecipeOutputs outputs(BuildTarget target) {
        return RecipeOutputs.NONE;
    }

    /**
     * Whether a change of this file between two commits calls for configuring afresh.
     *
     * @param changedPath relative to the tree's top
     */
    default boolean reconfigures(BuildTarget target, String changedPath) {
        return false;
    }

    /**
     * The architecture whose compiler the board needs; empty: it needs none.
     *
     * <p>Asked before the checkout if the boss named an architecture, else after it.
     */
    default Optional<String> toolchainArch(BuildTarget target) {
        return Optional.of(target.arch());
    }

    /**
     * Looks at the configuration after the commands that configure, and again after those that build.
     *
     * @return why the cell fails although the commands went well; empty: all is as it was asked for
     * @throws IOException if the configuration cannot be read; the cell then fails
     */
    default Optional<String> misconfigured(BuildTarget target) throws IOException {
        return Optional.empty();
    }

    /** Which options of a run this kind of tree can't follow, by name, such as {@code -a}; a run that has one is refused. */
    default List<String> unsupported(BuildChanges changes) {
        return List.of();
    }

    /** A last word on what the commands said: other codes, texts less what differs from machine to machine. */
    default StepResult judge(BuildTarget target, StepResult result) {
        return result;
    }

    /**
     * Adds further files to the result, after a build whose {@link RecipeOutputs} are collected already.
     *
     * @throws IOException if a file cannot be read; the cell then fails as the machine's fault
     */
    default void collect(BuildTarget target, Collector collector) throws IOException {}

    /** Takes files of one cell's result; refuses names that are not plain file names. */
    interface Collector {

        /** Whether the build's code is 0. */
        boolean succeeded();

        /** Adds a file under a name; one that is not there is left out. */
        void file(String name, java.nio.file.Path path) throws IOException;

        /** Adds a text under a name. */
        void text(String name, String content);

        /** Runs a tool in the output directory, in the build's environment. */
        StepResult run(List<String> argv);
    }
}
