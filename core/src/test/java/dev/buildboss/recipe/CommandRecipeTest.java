package dev.buildboss.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.buildboss.boards.DirectoryTree;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.RecipeOutputs.NamedFile;
import dev.buildboss.spi.StepResult;
import dev.buildboss.toolchain.Toolchain;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandRecipeTest {

    private static final String CMAKE = """
            boards {
              plain {}
              "with.dot" { args = ["-DA=1", "-DB=x y"], level = 2 }
              cross { arch = arm }
            }
            configure = [cmake, -S, ".", -B, "{output}", "{args}"]
            build = [[cmake, --build, "{output}", -j, "{jobs}"], [echo, "{board}:{{}}", "{flags}"]]
            environment { CFLAGS = "-O2 -g" }
            images = [hello]
            files { "config.log" = "sub/config.log" }
            reconfigure = ["CMakeLists.txt", "**/*.cmake"]
            """;

    private final CommandRecipe recipe = new CommandRecipe();

    /** As it gets them. */
    private static Map<String, String> settings(String text) {
        return Settings.of(
                        ConfigFactory.parseString("buildboss { recipe = command, recipes.command {\n" + text + "\n} }"))
                .recipeSettings();
    }

    private static BuildTarget target(String board, String settings, Optional<Toolchain> toolchain) {
        return new BuildTarget(
                board,
                toolchain.isPresent() ? "arm" : "",
                List.of("V=1"),
                BuildOptions.DEFAULT,
                settings(settings),
                Path.of("/w"),
                Path.of("/w/build"),
                3,
                toolchain);
    }

    private static BuildTarget target(String board, String settings) {
        return target(board, settings, Optional.empty());
    }

    private static List<List<String>> commands(List<BuildStep> steps) {
        return steps.stream().map(BuildStep::argv).toList();
    }

    private List<Board> boards(String text) {
        return recipe.boards(new DirectoryTree(Path.of("/nowhere")), settings(text));
    }

    @Test
    void boardsAreThoseOfTheSettings() {
        assertThat(boards(CMAKE))
                .containsExactly(Board.of("cross", "arm"), Board.of("plain", ""), Board.of("with.dot", ""));
    }

    @Test
    void fillsEachBoardsWordsIntoTheCommands() {
        assertThat(commands(recipe.configure(target("with.dot", CMAKE), true)))
                .containsExactly(List.of("cmake", "-S", ".", "-B", "build", "-DA=1", "-DB=x y"));
        assertThat(commands(recipe.configure(target("plain", CMAKE), false)))
                .containsExactly(List.of("cmake", "-S", ".", "-B", "build"));
        assertThat(commands(recipe.build(target("plain", CMAKE))))
                .containsExactly(List.of("cmake", "--build", "build", "-j", "3"), List.of("echo", "plain:{}", "V=1"));
        assertThat(recipe.build(target("plain", CMAKE)))
                .allSatisfy(step -> assertThat(step.environment()).containsExactly(Map.entry("CFLAGS", "-O2 -g")));
    }

    @Test
    void cleansOnlyWhenAsked() {
        String text = "boards { a {} }, clean = [rm, -rf, \"{output}\"], configure = [./setup], build = [make]";
        assertThat(commands(recipe.configure(target("a", text), true)))
                .containsExactly(List.of("rm", "-rf", "build"), List.of("./setup"));
        assertThat(commands(recipe.configure(target("a", text), false))).containsExactly(List.of("./setup"));
    }

    @Test
    void namesTheCompilerOfTheBoard() {
        String text = "boards { a { arch = arm } }, build = [make, \"CC={cross}gcc\"]";
        Toolchain arm = new Toolchain(Path.of("/usr/bin/arm-linux-gnueabi-gcc"), "arm");
        BuildTarget target = target("a", text, Optional.of(arm));
        assertThat(commands(recipe.build(target))).containsExactly(List.of("make", "CC=arm-linux-gnueabi-gcc"));
        assertThat(recipe.toolchainArch(target)).contains("arm");
        assertThat(recipe.toolchainArch(target("a", text))).isEmpty();
    }

    @Test
    void measuresAndKeepsWhatTheSettingsName() {
        var outputs = recipe.outputs(target("plain", CMAKE));
        assertThat(outputs.images()).containsExactly("hello");
        assertThat(outputs.files()).containsExactly(new NamedFile("config.log", "sub/config.log"));
    }

    @Test
    void configuresAfreshWhenAFileOfTheListChanges() {
        BuildTarget target = target("plain", CMAKE);
        assertThat(List.of("CMakeLists.txt", "cmake/x/find.cmake")).allMatch(path -> recipe.reconfigures(target, path));
        assertThat(List.of("sub/CMakeLists.txt", "main.c")).noneMatch(path -> recipe.reconfigures(target, path));
    }

    @Test
    void aWarningIsWhatTheUserSaysItLooksLike() {
        BuildTarget target = target("a", "boards { a {} }, build = [make], warnings = \"^W: \"");
        assertThat(recipe.judge(target, new StepResult(0, "fine\n", "chatter\n")))
                .isEqualTo(new StepResult(0, "fine\nchatter\n", ""));
        assertThat(recipe.judge(target, new StepResult(0, "fine\nW: hm\n", "chatter\n")))
                .isEqualTo(new StepResult(0, "fine\nW: hm\nchatter\n", "W: hm\n"));
        assertThat(recipe.judge(target, new StepResult(0, "", "chatter\nW: hm\n  here\n"))
                        .stderr())
                .as("with its context")
                .isEqualTo("chatter\nW: hm\n  here\n");
        assertThat(recipe.judge(target, new StepResult(2, "", "chatter\n")).stderr())
                .isEqualTo("chatter\n");
        BuildTarget any = target("a", "boards { a {} }, build = [make]");
        assertThat(recipe.judge(any, new StepResult(0, "", "chatter\n")).stderr())
                .isEqualTo("chatter\n");
    }

    @Test
    void refusesWhatCanNotBeFilledInBeforeAnythingStarts() {
        assertThatThrownBy(() -> boards("boards { a {} }, build = [make, \"{lvl}\"]"))
                .hasMessage(
                        "build: '{lvl}': no board has a word {lvl}; there are arch, board, cross, jobs, output, args, flags");
        assertThatThrownBy(() -> boards("boards { a {} }, build = [make, \"X={args}\"]"))
                .hasMessage("build: 'X={args}': {args} is a list: give it an argument of its own");
        assertThatThrownBy(() -> boards("boards { a {} }, build = [make, \"a{b\"]"))
                .hasMessage("build: 'a{b' has a lone brace; write it twice");
        assertThatThrownBy(() -> boards("build = [make]")).hasMessageStartingWith("boards: none are set");
        assertThatThrownBy(() -> boards("boards { a {} }")).hasMessage("build: no command is set");
        assertThatThrownBy(() -> boards("boards { a {} }, build = [make], warnings = \"(\""))
                .hasMessageStartingWith("warnings: not a regular expression");
        assertThatThrownBy(() -> boards("boards { a {} }, build = [make], files { \"a/b\" = x }"))
                .hasMessageStartingWith("files: 'a/b' is no name for a file of a result: letters, digits and");
    }
}
