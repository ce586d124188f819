package dev.buildboss.report.summary;

import static java.util.Objects.requireNonNull;

import dev.buildboss.report.results.ImageSize;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * By how much a board's images grew at a commit.
 *
 * @param board its target
 * @param arch its architecture; may be empty
 * @param since the commit (by index) that it is compared with
 * @param deltas bytes by image and part: {@code text} for U-Boot proper, {@code spl/u-boot-spl:text} for other images; those
 *     that changed, sorted by name
 */
public record SizeChange(String board, String arch, int since, SortedMap<String, Long> deltas) {

    private static final String MAIN_IMAGE = "u-boot";

    /** Copies the map. */
    public SizeChange {
        requireNonNull(board, "board");
        requireNonNull(arch, "arch");
        deltas = Collections.unmodifiableSortedMap(new TreeMap<>(deltas));
    }

    /** The differences between two lists of images; an image that is only in one of them is no difference. */
    static SortedMap<String, Long> between(List<ImageSize> before, List<ImageSize> now) {
        SortedMap<String, Long> deltas = new TreeMap<>();
        if (before.equals(now)) {
            return deltas; // as of most boards at most commits
        }
        for (ImageSize size : now) {
            for (int i = before.size() - 1; i >= 0; i--) {
                ImageSize was = before.get(i);
                if (was.image().equals(size.image())) {
                    add(was.parts(), size, deltas);
                    break;
                }
            }
        }
        return deltas;
    }

    private static void add(List<ImageSize.Part> before, ImageSize now, SortedMap<String, Long> deltas) {
        String prefix = now.image().equals(MAIN_IMAGE) ? "" : now.image() + ":";
        List<ImageSize.Part> parts = now.parts();
        for (int i = 0; i < parts.size(); i++) {
            long delta = parts.get(i).bytes() - before.get(i).bytes();
            if (delta != 0) {
                deltas.put(prefix + parts.get(i).name(), delta);
            }
        }
    }
}
