package dev.buildboss.spi;

import dev.buildboss.BuildbossException;
import dev.buildboss.exec.Programs;
import dev.buildboss.settings.Settings;
import dev.buildboss.text.Nearest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipException;

/** Which recipes there are: those of the class path, and those of jars that the user named. Close it when they are not used any more. */
public final class Recipes implements AutoCloseable {

    private final URLClassLoader loader;
    private final List<BuildRecipe> recipes;

    private Recipes(URLClassLoader loader, List<BuildRecipe> recipes) {
        this.loader = loader;
        this.recipes = List.copyOf(recipes);
    }

    /** The jars of the setting {@code recipe-jars}: {@code ~/} is the home directory. */
    public static List<Path> jars(Settings settings) {
        Path home = Programs.home();
        return settings.recipeJars().stream()
                .map(jar -> jar.startsWith("~/") ? home.resolve(jar.substring(2)) : Path.of(jar))
                .map(Path::toAbsolutePath)
                .toList();
    }

    /**
     * The recipes of the class path and of some jars; a jar's recipe of the same name as an earlier one is not used.
     *
     * @throws BuildbossException if a jar is not there or is none, or names a recipe that can't be loaded
     */
    public static Recipes with(List<Path> jars) {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            if (!Files.isRegularFile(jar)) {
                throw new BuildbossException("no such recipe jar: " + jar + " (buildboss.recipe-jars)");
            }
            try {
                new JarFile(jar.toFile()).close(); // opening reads its table of contents
                urls.add(jar.toUri().toURL());
            } catch (ZipException e) {
                throw new BuildbossException(
                        "recipe jar " + jar + ": not a jar (" + e.getMessage() + ") (buildboss.recipe-jars)", e);
            } catch (IOException e) {
                throw new BuildbossException("recipe jar " + jar + ": " + e.getMessage(), e);
            }
        }
        URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), BuildRecipe.class.getClassLoader());
        try {
            return new Recipes(loader, find(loader));
        } catch (ServiceConfigurationError e) {
            close(loader);
            throw new BuildbossException("a recipe can't be loaded: " + e.getMessage(), e);
        }
    }

    /** The recipes of the class path. */
    public static List<BuildRecipe> installed() {
        return find(BuildRecipe.class.getClassLoader());
    }

    private static List<BuildRecipe> find(ClassLoader loader) {
        List<BuildRecipe> result = new ArrayList<>();
        ServiceLoader.load(BuildRecipe.class, loader).forEach(result::add);
        return result;
    }

    /**
     * The recipe of a name.
     *
     * @throws BuildbossException if there is none, naming those that there are
     */
    public BuildRecipe get(String name) {
        return get(recipes, name);
    }

    /** The recipe of a name among some; as {@link #get(String)}. */
    public static BuildRecipe get(List<BuildRecipe> recipes, String name) {
        List<String> names = recipes.stream().map(BuildRecipe::name).toList();
        return recipes.stream()
                .filter(recipe -> recipe.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BuildbossException("no such recipe: '" + name + "'"
                        + Nearest.hint(name, names) + "; there are "
                        + names.stream().sorted().collect(Collectors.joining(", "))));
    }

    @Override
    public void close() {
        close(loader);
    }

    private static void close(URLClassLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the jars of recipes", e);
        }
    }
}
