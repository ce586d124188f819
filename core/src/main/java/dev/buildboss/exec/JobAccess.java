package dev.buildboss.exec;

import static java.util.Objects.requireNonNull;

import dev.buildboss.jobserver.MakeClient;
import java.nio.file.Path;

/**
 * How a program reaches the job pool that it is a client of.
 *
 * @param pipe the pool's pipe
 * @param way how the program gets at it
 * @param shared whether others use the pool too: the program is then ended in order, so that it gives back what it holds
 */
public record JobAccess(Path pipe, MakeClient way, boolean shared) {
    /** Checks the parts. */
    public JobAccess {
        requireNonNull(pipe, "pipe");
        requireNonNull(way, "way");
    }

    String flags() {
        return way.flags(pipe);
    }

    /** The pipe that the shell opens for it; empty: it opens it by its name. */
    String descriptorPath() {
        return way == MakeClient.DESCRIPTORS ? pipe.toString() : "";
    }
}
