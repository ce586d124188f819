package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeOptionTest {

    @TempDir
    private Path temp;

    private CliFixture cli;

    @BeforeEach
    void makeTree() throws Exception {
        cli = new CliFixture(temp);
    }

    @Test
    void aRecipeListsTheBoardsOfItsKindOfTree() {
        assertThat(cli.run("boards", "--recipe", "kbuild", "--set", "recipes.kbuild.configs=[allnoconfig]"))
                .isZero();
        assertThat(cli.out).isEqualTo("""
                        allnoconfig  sandbox  -  -  -
                        elm          sandbox  -  -  -
                        oak          sandbox  -  -  -
                        """);
        assertThat(cli.err).isEqualTo("3 boards (the recipe kbuild)\n");
    }

    @Test
    void aProjectMaySayWhatItsRecipeIs() throws Exception {
        Files.writeString(cli.tree.resolve(".buildboss.conf"), "buildboss.recipe = kbuild\n");
        cli.run("boards", "oak");
        assertThat(cli.out).isEqualTo("oak  sandbox  -  -  -\n");
    }

    @Test
    void aProjectMayNotNameJars() throws Exception {
        Files.writeString(cli.tree.resolve(".buildboss.conf"), "buildboss.recipe-jars = [evil.jar]\n");
        assertThat(cli.run("boards")).isEqualTo(1);
        assertThat(cli.err).contains(".buildboss.conf:1: buildboss.recipe-jars: a project's file may not set this");
    }

    @Test
    void namesTheRecipesThatThereAre() {
        assertThat(cli.run("boards", "--recipe", "kbuid")).isEqualTo(1);
        assertThat(cli.err).contains("no such recipe: 'kbuid' (did you mean kbuild?); there are ", "kbuild", "u-boot");
    }

    @Test
    void namesAJarThatIsNotThere() {
        assertThat(cli.run("boards", "--recipe", "mine", "--set", "recipe-jars=[/nowhere/mine.jar]"))
                .isEqualTo(1);
        assertThat(cli.err).contains("no such recipe jar: /nowhere/mine.jar (buildboss.recipe-jars)");
    }

    @Test
    void namesAJarThatIsNone() throws Exception {
        Path junk = Files.writeString(temp.resolve("junk.jar"), "no jar\n");
        assertThat(cli.run("boards", "--recipe", "mine", "--set", "recipe-jars=[" + junk + "]"))
                .isEqualTo(1);
        assertThat(cli.err).contains("recipe jar " + junk + ": not a jar (");
    }

    @Test
    void saysThatATreeIsNotOneOfKbuilds() throws Exception {
        Files.delete(cli.tree.resolve("configs/elm_defconfig"));
        Files.delete(cli.tree.resolve("configs/oak_defconfig"));
        assertThat(cli.run("build", "--recipe", "kbuild")).isEqualTo(1);
        assertThat(cli.err)
                .contains("buildboss.recipes.kbuild.configs: none are set, and ", "has no configs/*_defconfig");
    }

    @Test
    void refusesASettingThatARecipeOfOursHasNot() {
        assertThat(cli.run("boards", "--recipe", "kbuild", "--set", "recipes.kbuild.image=[vmlinux]"))
                .isEqualTo(1);
        assertThat(cli.err)
                .contains(
                        "buildboss.recipes.kbuild.image: no such setting (did you mean buildboss.recipes.kbuild.images?)");
    }

    @Test
    void onlyUBootHasExtendedBoards() {
        assertThat(cli.run("boards", "--recipe", "kbuild", "-X")).isEqualTo(1);
        assertThat(cli.err).contains("-X: only U-Boot has extended boards, not the recipe kbuild");
    }
}
