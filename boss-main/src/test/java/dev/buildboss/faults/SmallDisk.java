package dev.buildboss.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small file system of its own, where this user may mount one. */
final class SmallDisk implements AutoCloseable {

    private static final int MAX_BYTES = 64 << 20;

    private final Path place;
    private final boolean there;

    private SmallDisk(Path place, boolean there) {
        this.place = place;
        this.there = there;
    }

    /** Mounts one on a directory, if that may be. */
    static SmallDisk mount(Path place, String size) {
        try {
            String unused =
                    StubTree.run(List.of("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", place.toString()));
            return new SmallDisk(place, true);
        } catch (IOException e) {
            return new SmallDisk(place, false);
        }
    }

    boolean isThere() {
        return there;
    }

    /** Writes a file until nothing more goes in. */
    static void fill(Path file) {
        byte[] block = new byte[1024];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < MAX_BYTES / block.length; i++) {
                out.write(block);
            }
        } catch (IOException e) {
            return;
        }
        throw new AssertionError(file + " took " + MAX_BYTES + " bytes");
    }

    @Override
    public void close() throws IOException {
        if (there) {
            String unused = StubTree.run(List.of("umount", "-l", place.toString()));
        }
    }
}
