package dev.buildboss.fetch;

import dev.buildboss.BuildbossException;
import dev.buildboss.settings.Settings;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The compilers that can be fetched: a tree laid out as kernel.org's crosstool is,
 * {@code <url>/<host>/<version>/<host>-gcc-<version>-nolibc-<target>.tar.xz} with {@code sha256sums.asc} beside them.
 *
 * <p>Blocking; for one thread. What was read once is kept.
 */
public final class Crosstool {

    private static final Pattern VERSION = Pattern.compile("\\d{1,4}(\\.\\d{1,4}){1,3}");
    private static final String SUMS = "sha256sums.asc";

    /** Older versions that are looked at for an architecture which the newest doesn't have. */
    private static final int VERSIONS_ASKED = 6;

    private final Source source;
    private final Settings.Fetch settings;
    private final Map<String, List<String>> aliases;
    private final Map<String, List<String>> versions = new HashMap<>();
    private final Map<String, List<Archive>> archives = new HashMap<>();

    Crosstool(Source source, Settings.Fetch settings, Map<String, List<String>> aliases) {
        this.source = source;
        this.settings = settings;
        this.aliases = Map.copyOf(aliases);
    }

    /** The index that the settings name; nothing is read yet. */
    public static Crosstool of(Settings settings) {
        return new Crosstool(
                new UrlSource(settings.fetch().stallTimeout()),
                settings.fetch(),
                settings.toolchains().aliases());
    }

    Source source() {
        return source;
    }

    /** The index's word for what {@code uname -m} says. */
    public static String host(String machine) {
        return switch (machine) {
            case "aarch64" -> "arm64";
            case "amd64" -> "x86_64";
            default -> machine;
        };
    }

    /**
     * The newest compiler for an architecture.
     *
     * @param arch an architecture, one of its other names, or a whole target such as {@code arm-linux-gnueabi}
     * @param host what it must run on, in the index's words
     * @param version the only version to take; empty: that of the settings, or the newest that has one
     * @throws BuildbossException saying what there is, if there is none
     */
    public Archive find(String arch, String host, Optional<String> version) {
        List<String> asked = version.or(settings::version).map(Crosstool::one).orElseGet(() -> versions(host));
        TreeSet<String> known = new TreeSet<>();
        for (String each : asked.subList(0, Math.min(asked.size(), VERSIONS_ASKED))) {
            List<Archive> there = archives(host, each);
            Optional<Archive> found = choose(there, arch);
            if (found.isPresent()) {
                return found.get();
            }
            there.forEach(archive -> known.add(archive.arch()));
        }
        throw new BuildbossException("no compiler for '" + Printable.line(arch) + "' to run on " + host + " in "
                + settings.url() + (asked.isEmpty() ? "" : " (" + String.join(", ", asked) + ")")
                + (known.isEmpty() ? ": nothing is there for " + host : "; it has " + String.join(", ", known)));
    }

    private Optional<Archive> choose(List<Archive> there, String arch) {
        Stream<String> names = Stream.concat(Stream.of(arch), aliases.getOrDefault(arch, List.of()).stream());
        return names.flatMap(name -> there.stream()
                        .filter(archive ->
                                archive.arch().equals(name) || archive.target().equals(name)))
                .findFirst();
    }

    /** All compilers of the newest version (or that of the settings), by target. */
    public List<Archive> all(String host) {
        List<String> asked = settings.version().map(Crosstool::one).orElseGet(() -> versions(host));
        if (asked.isEmpty() || archives(host, asked.get(0)).isEmpty()) {
            throw new BuildbossException("no compilers to run on " + host + " in " + settings.url()
                    + asked.stream().findFirst().map(v -> "/" + host + "/" + v).orElse(""));
        }
        return archives(host, asked.get(0));
    }

    private static List<String> one(String version) {
        if (!VERSION.matcher(version).matches()) {
            throw new BuildbossException(
                    "not a version of a compiler: '" + Printable.line(version) + "' (such as 13.2.0)");
        }
        return List.of(version);
    }

    /** Versions that there are, newest first. */
    private List<String> versions(String host) {
        return versions.computeIfAbsent(
                host,
                key -> read(
                        key,
                        at -> source.names(at).stream()
                                .filter(name -> VERSION.matcher(name).matches())
                                .sorted(Crosstool::newerFirst)
                                .toList()));
    }

    static int newerFirst(String a, String b) {
        String[] left = a.split("\\.", -1);
        String[] right = b.split("\\.", -1);
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            int l = i < left.length ? Integer.parseInt(left[i]) : 0;
            int r = i < right.length ? Integer.parseInt(right[i]) : 0;
            if (l != r) {
                return Integer.compare(r, l);
            }
        }
        return 0;
    }

    private List<Archive> archives(String host, String version) {
        return archives.computeIfAbsent(host + "/" + version, key -> read(key, at -> list(host, version, at)));
    }

    private List<Archive> list(String host, String version, URI at) throws IOException {
        Map<String, String> sums =
                source.text(URI.create(at + "/" + SUMS)).map(Checksums::parse).orElse(Map.of());
        Pattern file = Pattern.compile(Pattern.quote(host + "-gcc-" + version + "-nolibc-")
                + "([A-Za-z0-9_][A-Za-z0-9_.+-]*)\\.tar\\.(xz|gz)");
        // The checksums name the files too; a mirror need not list its directories.
        List<String> names = new ArrayList<>(sums.keySet());
        if (names.isEmpty()) {
            names.addAll(source.names(at));
        }
        names.sort(Comparator.reverseOrder()); // xz, which comes last here, wins
        Map<String, Archive> byTarget = new TreeMap<>();
        for (String name : names) {
            Matcher matcher = file.matcher(name);
            if (matcher.matches()) {
                Archive archive = new Archive(
                        host,
                        version,
                        matcher.group(1),
                        URI.create(at + "/" + name),
                        Optional.ofNullable(sums.get(name)));
                byTarget.putIfAbsent(archive.target(), archive);
            }
        }
        return List.copyOf(byTarget.values());
    }

    private interface Reading<T> {
        T read(URI at) throws IOException;
    }

    private <T> T read(String path, Reading<T> reading) {
        String base = settings.url().endsWith("/")
                ? settings.url().substring(0, settings.url().length() - 1)
                : settings.url();
        URI at = URI.create(base + "/" + path);
        try {
            return reading.read(at);
        } catch (IOException e) {
            throw new BuildbossException(
                    at + " can't be read: " + words(e) + " (fetch.url names another place, file: URLs too)", e);
        }
    }

    /** An exception's words; some of the JDK's have only a name. */
    static String words(Throwable failure) {
        String kind = failure.getClass().getSimpleName();
        String message = failure.getMessage();
        return switch (kind) {
            case "UnknownHostException" -> "unknown host " + message;
            case "SocketTimeoutException" -> "no answer in time";
            default -> message == null ? kind : message;
        };
    }
}
