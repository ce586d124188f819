package dev.buildboss.cli;

import dev.buildboss.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a Java runtime can be sent to machines that have none: one that is made here, or one that the user prepared. */
record ShippedJava(Settings.Runtimes settings, Surroundings around) {

    /** For machines of that kind ({@code uname -m}). */
    boolean servesFor(String arch) {
        if (!settings.ship() || !arch.matches("[A-Za-z0-9_]+")) {
            return false;
        }
        boolean here = property("os.name").equals("Linux")
                && arch.equals(property("os.arch").equals("amd64") ? "x86_64" : property("os.arch"))
                && Files.isDirectory(Path.of(property("java.home"), "jmods"));
        return here || Files.isExecutable(directory().resolve("linux-" + arch + "/bin/java"));
    }

    private Path directory() {
        String text = settings.directory();
        return text.startsWith("~/") ? around.home().resolve(text.substring(2)) : Path.of(text);
    }

    private String property(String name) {
        return around.properties().getOrDefault(name, "");
    }
}
