package dev.buildboss.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The stub tree with another recipe than U-Boot's.
 *
 * @param tree the tree; what is asked of its builds is asked of this one's
 * @param recipe the recipe's name
 * @param settings what the recipe needs, as {@code name=value}
 */
record SettingsTree(StubTree tree, String recipe, List<String> settings) implements RecipeTree {

    /** By Linux's way to build. */
    static SettingsTree kbuild(StubTree tree) {
        return new SettingsTree(tree, "kbuild", List.of());
    }

    /** By commands that run make. */
    static SettingsTree command(StubTree tree) {
        List<String> settings = new ArrayList<>(List.of(
                "recipes.command.configure=[make, \"O={output}\", \"{board}_defconfig\"]",
                "recipes.command.build=[make, \"O={output}\"]",
                "recipes.command.files={ number = include/autoconf.mk }"));
        StubTree.BOARDS.forEach(board -> settings.add("recipes.command.boards." + board + ".arch=sandbox"));
        return new SettingsTree(tree, "command", settings);
    }

    @Override
    public List<String> command(List<String> boards) {
        List<String> argv = new ArrayList<>(tree.command(boards));
        argv.addAll(List.of("--set", "recipe=" + recipe));
        settings.forEach(setting -> argv.addAll(List.of("--set", setting)));
        return argv;
    }

    @Override
    public Path directory() {
        return tree.directory();
    }

    @Override
    public BuildControl control() {
        return tree;
    }

    @Override
    public List<String> boards() {
        return tree.boards();
    }

    @Override
    public List<String> sound() {
        return tree.sound();
    }

    @Override
    public String broken() {
        return tree.broken();
    }

    @Override
    public int commits() {
        return tree.commits();
    }

    @Override
    public List<String> later() {
        return tree.later();
    }

    @Override
    public List<String> remote() {
        return tree.remote();
    }

    @Override
    public Results results(Path output) {
        return tree.results(output);
    }
}
