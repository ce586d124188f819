package dev.buildboss.exec;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The whole of a program's output in a file. A disk that refuses ends the copy and never the program. Safe for threads. */
final class OutputCopy implements Closeable {

    private @Nullable OutputStream file;

    /** Adds to a file, which is made if it is not there; empty: copies nothing. */
    OutputCopy(Optional<Path> path) {
        if (path.isPresent()) {
            try {
                file = Files.newOutputStream(path.get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                file = null;
            }
        }
    }

    synchronized void add(byte[] bytes, int length) {
        OutputStream open = file;
        if (open != null) {
            try {
                open.write(bytes, 0, length);
            } catch (IOException e) {
                close();
            }
        }
    }

    @Override
    public synchronized void close() {
        OutputStream open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                return; // a copy: what is in it is in it
            }
        }
    }
}
