package dev.buildboss.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What the program carries in its jars beside its classes: scripts for machines, pages, examples. */
public final class Carried {

    private Carried() {}

    /**
     * A text in UTF-8.
     *
     * @param by the class in whose package it is
     * @param name its name there, or from the root if it begins with a slash
     * @throws IllegalStateException if the program does not carry it
     * @throws UncheckedIOException if its jar can't be read
     */
    public static String text(Class<?> by, String name) {
        return new String(bytes(by, name), UTF_8);
    }

    /** The same as bytes. */
    public static byte[] bytes(Class<?> by, String name) {
        try (InputStream in = by.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this program does not carry " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " can't be read from the program's jar", e);
        }
    }
}
