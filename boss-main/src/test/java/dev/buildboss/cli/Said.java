package dev.buildboss.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command of the boss's said that ran in this JVM, for tests of other packages.
 *
 * @param status its exit status
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record Said(int status, String out, String err) {

    /** Runs a command line in a directory, with nothing but a home in its environment. */
    public static Said of(Path home, Path directory, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Surroundings around = new Surroundings(
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                directory,
                Map.of("HOME", home.toString()),
                Map.of(),
                Screen.NONE);
        int status =
                new BossCli(around, new RealBuilds(), new Interrupts(working -> {}), System::nanoTime).run(arguments);
        return new Said(status, out.toString(UTF_8), err.toString(UTF_8));
    }
}
