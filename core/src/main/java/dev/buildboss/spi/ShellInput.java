package dev.buildboss.spi;

import java.io.IOException;
import java.io.OutputStream;

/** What a script on a machine gets on its standard input. */
@FunctionalInterface
public interface ShellInput {

    /** Writes all of it; blocks where the machine is slow. The stream is closed by the caller. */
    void write(OutputStream out) throws IOException;
}
