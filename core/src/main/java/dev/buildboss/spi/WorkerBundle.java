package dev.buildboss.spi;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The worker's program as jars, for transports to put on machines; content-addressed, so that each version travels once.
 *
 * <p>An embedder that brings a recipe of its own adds its jar to the list; the worker finds it by {@code ServiceLoader}.
 */
public interface WorkerBundle {

    /** The main class of every worker bundle. */
    String MAIN_CLASS = "dev.buildboss.workermain.WorkerMain";

    /** The jars of the class path, in order; names are unique. */
    List<Jar> jars();

    /** One jar. */
    interface Jar {
        /** The file name, such as {@code buildboss-worker.jar}. */
        String name();

        /** The SHA-256 of the content in lower-case hex. */
        String sha256();

        /** The size in bytes. */
        long size();

        /** Opens the content; the caller closes it. */
        InputStream open() throws IOException;
    }
}
