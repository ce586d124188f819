package dev.buildboss.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Where archives come from. Blocking; each wait is bounded. */
interface Source {

    /** A file that is being read; {@code from} is where it begins, {@code total} the whole file's size or −1. */
    record Opened(InputStream in, long from, long total) {}

    /** Names in a directory, without the slash of directories; empty: there is none. */
    List<String> names(URI directory) throws IOException;

    /** A small text; empty: there is none. */
    Optional<String> text(URI file) throws IOException;

    /**
     * Opens a file, at an offset if the other side can do that, else at its begin.
     *
     * @return empty: there is none
     */
    Optional<Opened> open(URI file, long from) throws IOException;
}
