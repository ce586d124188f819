package dev.buildboss.files;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much room is left on file systems.
 *
 * <p>Asked of the kernel (statvfs), not of the table of mounts as {@link Files#getFileStore} does, which fails in a chroot: there the
 * table has no root.
 */
public final class FreeSpace {

    private FreeSpace() {}

    /** Bytes that this user may still write where that file or directory is; plenty, if it is not there. */
    public static long of(Path file) {
        return Files.exists(file) ? file.toFile().getUsableSpace() : Long.MAX_VALUE;
    }
}
