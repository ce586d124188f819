package dev.buildboss.report.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bigger files of one cell, read when asked for: function sizes, configuration, environment, logs. What isn't there or can't
 * be read is empty; of what is too long the beginning is read. Safe for threads; blocks.
 */
public final class CellFiles {

    private static final String SIZES_SUFFIX = ".sizes";
    private static final int HEX = 16;
    private static final Pattern FUNCTION = Pattern.compile("([0-9a-fA-F]{1,16}) (\\S) (\\S+)");
    private static final Pattern DEFINE = Pattern.compile("#define\\s+(CONFIG_\\w+)(?:\\s+(.*))?");
    private static final Pattern ASSIGN = Pattern.compile("(CONFIG_\\w+)=(.*)");

    private final Path dir;
    private final Limits limits;

    /**
     * The files of a cell.
     *
     * @param dir the cell's directory; it need not be there
     */
    public CellFiles(Path dir, Limits limits) {
        this.dir = requireNonNull(dir, "dir");
        this.limits = requireNonNull(limits, "limits");
    }

    /** The compiler: {@code gcc}, {@code path}, {@code cross}, {@code arch}. */
    public Map<String, String> toolchain() {
        Map<String, String> result = new HashMap<>();
        text("toolchain").lines().forEach(line -> {
            int space = line.indexOf(' ');
            if (space > 0) {
                result.putIfAbsent(
                        line.substring(0, space), line.substring(space + 1).strip());
            }
        });
        return result;
    }

    /** The beginning of one of its files as text. */
    public String text(String name) {
        return new String(bytes(name), UTF_8);
    }

    /** The sizes of functions and variables in bytes, by image ({@code u-boot}, {@code spl-u-boot-spl}) and name. */
    public SortedMap<String, SortedMap<String, Long>> functions() {
        SortedMap<String, SortedMap<String, Long>> images = new TreeMap<>();
        for (String name : names(SIZES_SUFFIX)) {
            SortedMap<String, Long> sizes = new TreeMap<>();
            text(name).lines().forEach(line -> {
                Matcher function = FUNCTION.matcher(line.strip());
                if (function.matches()) {
                    sizes.merge(function.group(3), Long.parseUnsignedLong(function.group(1), HEX), Long::sum);
                }
            });
            images.put(name.substring(0, name.length() - SIZES_SUFFIX.length()), sizes);
        }
        return images;
    }

    /** The configuration, by file ({@code .config}, {@code u-boot.cfg}, {@code u-boot-spl.cfg}, …) and option. */
    public SortedMap<String, SortedMap<String, String>> config() {
        SortedMap<String, SortedMap<String, String>> files = new TreeMap<>();
        for (String name : configFiles()) {
            SortedMap<String, String> values = new TreeMap<>();
            text(name).lines().forEach(line -> {
                Matcher define = DEFINE.matcher(line);
                Matcher assign = ASSIGN.matcher(line);
                if (define.matches()) {
                    values.put(define.group(1), define.group(2) == null ? "" : define.group(2));
                } else if (assign.matches()) {
                    values.put(assign.group(1), assign.group(2));
                }
            });
            files.put(name, values);
        }
        return files;
    }

    /** The names of the files that {@link #config} reads. */
    public List<String> configFiles() {
        String[] names = dir.toFile()
                .list((d, name) -> name.equals(".config")
                        || name.endsWith(".cfg")
                        || (name.startsWith("autoconf") && (name.endsWith(".mk") || name.endsWith(".h"))));
        return names == null ? List.of() : Arrays.stream(names).sorted().toList();
    }

    /** The default environment: variable to value. */
    public SortedMap<String, String> environment() {
        SortedMap<String, String> values = new TreeMap<>();
        for (String entry : text("uboot.env").split("\0", -1)) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                values.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return values;
    }

    /** Whether some files of two cells are the same, byte for byte, which is most often so and spares reading them as text. */
    public boolean isSame(CellFiles other, List<String> files) {
        return files.stream().allMatch(name -> Arrays.equals(bytes(name), other.bytes(name)));
    }

    /** The names of its files that end so, sorted. */
    public List<String> names(String suffix) {
        String[] names = dir.toFile().list((d, name) -> name.endsWith(suffix) && name.length() > suffix.length());
        return names == null ? List.of() : Arrays.stream(names).sorted().toList();
    }

    private byte[] bytes(String name) {
        File file = new File(dir.toString(), name);
        if (!file.isFile()) {
            return new byte[0];
        }
        try (FileInputStream in = new FileInputStream(file)) {
            return in.readNBytes(Math.toIntExact(Math.min(limits.maxDetail(), Integer.MAX_VALUE - 8L)));
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
