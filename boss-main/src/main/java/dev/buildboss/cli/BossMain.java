package dev.buildboss.cli;

import dev.buildboss.settings.SettingsLoader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The {@code boss} program. */
public final class BossMain {

    private static final int LEFT_BY_SIGNAL = 130;
    private static final int OUT_BUFFER = 16 * 1024;

    private BossMain() {}

    /** Runs a command and ends the process with its status. */
    public static void main(String[] arguments) {
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        Map<String, String> properties = new TreeMap<>();
        System.getProperties().stringPropertyNames().forEach(key -> properties.put(key, System.getProperty(key)));
        String system = properties.getOrDefault("os.name", "");
        if (!isSupported(system)) {
            err.println("boss: runs on Linux and macOS, not on " + system);
            err.flush();
            System.exit(1);
        }
        Surroundings around = new Surroundings(
                out,
                err,
                Path.of("").toAbsolutePath(),
                System.getenv(),
                properties,
                Screen.find(System.getenv(), properties.getOrDefault("boss.terminal", "")));
        Interrupts interrupts = new Interrupts(working -> {
            err.println("\nboss: left at once"
                    + (working.isEmpty() ? "" : ", without waiting for " + String.join(", ", working)));
            err.flush();
            Runtime.getRuntime().halt(LEFT_BY_SIGNAL);
        });
        // Nearly every command needs the settings: their defaults are parsed beside the command line.
        Thread early = new Thread(BossMain::loadDefaults, "settings");
        early.setDaemon(true);
        early.start();
        int status = new BossCli(around, new RealBuilds(), interrupts, System::nanoTime).run(arguments);
        out.flush();
        err.flush();
        // Threads of libraries must not keep a finished program alive.
        System.exit(status);
    }

    private static void loadDefaults() {
        try {
            new SettingsLoader().load();
        } catch (RuntimeException e) {
            return; // the command that needs them loads them again, and says in words what is wrong
        }
    }

    private static boolean isSupported(String system) {
        String name = system.toLowerCase(Locale.ROOT);
        return name.contains("linux") || name.contains("mac");
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new java.io.BufferedOutputStream(new FileOutputStream(descriptor), OUT_BUFFER),
                true,
                StandardCharsets.UTF_8);
    }
}
