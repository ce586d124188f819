package dev.buildboss.runtime;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A runtime that can be sent.
 *
 * @param id the name of its directory on machines: a hash over its files
 * @param version the Java version
 * @param archive a {@code .tar.gz} of it
 * @param bytes that archive's size
 * @param sums its files' checksums, as {@code sha256sum -c} reads them
 */
public record RuntimeImage(String id, String version, Path archive, long bytes, String sums) {
    /** Checks the parts. */
    public RuntimeImage {
        if (!id.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("not a runtime's id: " + id);
        }
        requireNonNull(version, "version");
        requireNonNull(archive, "archive");
        requireNonNull(sums, "sums");
    }
}
