package dev.buildboss.exec;

import java.util.Optional;

/** Looks at a running program's output, to end one that would never end by itself. */
@FunctionalInterface
public interface OutputWatch {

    /**
     * Sees the next piece of output (stdout and stderr mixed, pieces cut anywhere). Called from one thread at a time; must
     * return at once.
     *
     * @return why the program has to be ended; empty: it may go on
     */
    Optional<String> see(String piece);
}
