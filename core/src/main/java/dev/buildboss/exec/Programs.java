package dev.buildboss.exec;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds programs as a shell would. */
public final class Programs {
    private Programs() {}

    /**
     * The program's path: a name with a slash is taken as it is, another one is looked up.
     *
     * @param name a path or a name
     * @param searchPath directories as in {@code PATH}
     */
    public static Optional<Path> find(String name, String searchPath) {
        try {
            if (name.indexOf('/') >= 0) {
                Path path = Path.of(name);
                return isProgram(path) ? Optional.of(path) : Optional.empty();
            }
            for (String directory : searchPath.split(File.pathSeparator, -1)) {
                Path path = Path.of(directory.isEmpty() ? "." : directory, name);
                if (isProgram(path)) {
                    return Optional.of(path.toAbsolutePath());
                }
            }
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** This JVM's own {@code PATH}. */
    public static String searchPath() {
        String path = System.getenv("PATH");
        return path == null || path.isEmpty() ? "/usr/local/bin:/usr/bin:/bin" : path;
    }

    /** What {@code ~} stands for: {@code HOME}, as for a shell and the scripts that look at machines; else the JVM's idea of it. */
    public static Path home() {
        String home = System.getenv("HOME");
        return Path.of(home == null || !home.startsWith("/") ? System.getProperty("user.home") : home);
    }

    private static boolean isProgram(Path path) {
        return Files.isExecutable(path) && !Files.isDirectory(path);
    }
}
