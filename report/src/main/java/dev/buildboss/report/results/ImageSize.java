package dev.buildboss.report.results;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * How big one image is, as a line of {@code sizes} tells; bytes.
 *
 * @param image its path in the build: {@code u-boot}, {@code spl/u-boot-spl}, {@code tpl/u-boot-tpl}, …
 * @param text code and constants without {@code rodata}
 * @param data initialised data
 * @param bss zeroed data
 * @param rodata constants
 */
public record ImageSize(String image, long text, long data, long bss, long rodata) {

    private static final int FIELDS = 6;
    private static final int HEX = 16;
    private static final long MOST = 1L << 48;

    /** Checks the name. */
    public ImageSize {
        requireNonNull(image, "image");
    }

    /** All of it. */
    public long all() {
        return text + data + bss + rodata;
    }

    /** The image's parts by the names that size reports use, in their order. */
    public List<Part> parts() {
        return List.of(
                new Part("all", all()),
                new Part("bss", bss),
                new Part("data", data),
                new Part("rodata", rodata),
                new Part("text", text));
    }

    /** One part of an image and its bytes. */
    public record Part(String name, long bytes) {}

    /**
     * Reads a line: {@code text data bss dec hex name}, and {@code rodata} in hex where it is known.
     *
     * @return empty if it is no such line
     */
    public static Optional<ImageSize> parse(String line) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length < FIELDS || fields.length > FIELDS + 1) {
            return Optional.empty();
        }
        try {
            long text = size(fields[0], 10);
            long data = size(fields[1], 10);
            long bss = size(fields[2], 10);
            long rodata = fields.length > FIELDS ? size(fields[FIELDS], HEX) : 0;
            return Optional.of(new ImageSize(fields[FIELDS - 1], text - rodata, data, bss, rodata));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static long size(String field, int radix) {
        long value = Long.parseLong(field, radix);
        if (value < 0 || value > MOST) {
            throw new NumberFormatException(field);
        }
        return value;
    }
}
