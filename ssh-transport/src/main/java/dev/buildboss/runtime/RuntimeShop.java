package dev.buildboss.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.BuildbossException;
import dev.buildboss.exec.Exec;
import dev.buildboss.exec.Execution;
import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.fetch.Repacker;
import dev.buildboss.files.FileTrees;
import dev.buildboss.settings.Settings;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Finds a Java runtime for a kind of machine: one that the user prepared, or one made by jlink from the JDK that runs this program,
 * for machines of its own kind. What was packed is kept in the user's cache, so that it is made once. Blocking; safe for threads.
 */
public final class RuntimeShop {

    private static final int OLDEST = 17;
    private static final int ID_DIGITS = 32;
    private static final int MAX_OUTPUT = 16 * 1024;
    private static final Duration KILL_GRACE = Duration.ofMillis(500);

    private final Settings.Runtimes settings;
    private final Path javaHome;
    private final Path home;
    private final Path cache;
    private final Clock clock;
    private final Map<RuntimeKind, Optional<RuntimeImage>> known = new ConcurrentHashMap<>();

    /**
     * A shop; nothing is made yet.
     *
     * @param javaHome the JDK to make runtimes from
     * @param home what {@code ~} of the settings stands for
     * @param cache where packed runtimes are kept
     */
    public RuntimeShop(Settings.Runtimes settings, Path javaHome, Path home, Path cache, Clock clock) {
        this.settings = settings;
        this.javaHome = javaHome;
        this.home = home;
        this.cache = cache;
        this.clock = clock;
    }

    /**
     * A runtime for such a machine; empty: there is none, or none is to be sent.
     *
     * @throws BuildbossException in words, if one can't be made or packed
     */
    public Optional<RuntimeImage> find(RuntimeKind kind) {
        if (!settings.ship()) {
            return Optional.empty();
        }
        synchronized (this) { // several machines of a kind ask at once
            return known.computeIfAbsent(kind, this::look);
        }
    }

    /** Whether {@link #find} has one for such a machine; makes none. */
    public boolean serves(RuntimeKind kind) {
        return settings.ship() && (isPrepared(kind) || canBeMade(kind));
    }

    private boolean isPrepared(RuntimeKind kind) {
        return Files.isExecutable(prepared().resolve(kind.name()).resolve("bin/java"));
    }

    private boolean canBeMade(RuntimeKind kind) {
        return kind.equals(own()) && Files.isDirectory(javaHome.resolve("jmods"));
    }

    /** What could be done for machines of that kind, for messages. */
    public String advice(RuntimeKind kind) {
        return settings.ship()
                ? "a JDK here of its kind (with jmods), or a runtime in " + settings.directory() + "/" + kind.name()
                        + ", would let it be sent"
                : "runtimes.ship = true would let one be sent";
    }

    private Optional<RuntimeImage> look(RuntimeKind kind) {
        Path prepared = prepared().resolve(kind.name());
        try {
            if (isPrepared(kind)) {
                int major = major(release(prepared, "JAVA_VERSION"));
                if (major < OLDEST) {
                    throw new BuildbossException(prepared + " is of Java " + major + ": 17 or later is needed");
                }
                return Optional.of(packed(prepared, List.of(), false));
            }
            if (canBeMade(kind)) {
                return Optional.of(packed(javaHome, settings.modules(), true));
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new BuildbossException("a Java runtime for " + kind.name() + " can't be made: " + e, e);
        }
    }

    private Path prepared() {
        String directory = settings.directory();
        return directory.startsWith("~/") ? home.resolve(directory.substring(2)) : Path.of(directory);
    }

    /** This computer's kind, and its JDK's. */
    public RuntimeKind own() {
        String arch = System.getProperty("os.arch", "");
        String libc = release(javaHome, "LIBC").equals("musl") ? "musl" : "gnu";
        return new RuntimeKind(System.getProperty("os.name", ""), arch.equals("amd64") ? "x86_64" : arch, libc);
    }

    private static int major(String version) {
        String digits = version.replaceAll("^(\\d{1,4}).*", "$1");
        return digits.matches("\\d{1,4}") ? Integer.parseInt(digits) : 0;
    }

    /** A value of the file that every runtime has at its top. */
    private static String release(Path runtime, String key) {
        Properties values = new Properties();
        try (InputStream in = Files.newInputStream(runtime.resolve("release"))) {
            values.load(in);
        } catch (IOException | IllegalArgumentException e) {
            return "";
        }
        return values.getProperty(key, "").replace("\"", "");
    }

    /** What it is made of is its key: another JDK, or other modules, make another. */
    private RuntimeImage packed(Path from, List<String> modules, boolean link) throws IOException {
        Path image = from.resolve("lib/modules");
        FileTime time = Files.exists(image) ? Files.getLastModifiedTime(image) : FileTime.fromMillis(0);
        String text = from.toRealPath() + "\n" + release(from, "JAVA_VERSION") + "\n"
                + release(from, "JAVA_RUNTIME_VERSION") + "\n" + time.toMillis() + "\n" + String.join(",", modules);
        Path place = cache.resolve(hash(text));
        if (!Files.isRegularFile(place.resolve("sums"))) {
            make(from, modules, link, place);
        }
        Files.setLastModifiedTime(place, FileTime.from(clock.instant())); // it is in use: `boss clean` sees that
        String sums = Files.readString(place.resolve("sums"));
        Path archive = place.resolve("runtime.tgz");
        return new RuntimeImage(hash(sums), release(from, "JAVA_VERSION"), archive, Files.size(archive), sums);
    }

    private void make(Path from, List<String> modules, boolean link, Path place) throws IOException {
        Files.createDirectories(cache);
        Path aside = Files.createTempDirectory(
                cache, "new-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            Path runtime = aside.resolve("runtime");
            if (link) {
                link(modules, runtime);
            }
            Repacker.pack(link ? runtime : from, aside.resolve("runtime.tgz"));
            String sums = sums(link ? runtime : from);
            FileTrees.delete(runtime);
            Files.writeString(aside.resolve(".buildboss"), "packed runtime\n");
            Files.writeString(aside.resolve("sums"), sums);
            if (!FileTrees.isRealDirectory(place)) {
                Files.move(aside, place);
            }
        } finally {
            FileTrees.delete(aside);
        }
    }

    private void link(List<String> modules, Path into) {
        // Not compressed: it travels as .tar.gz, which is smaller than jlink's own, and starts faster so.
        List<String> argv = List.of(
                javaHome.resolve("bin/jlink").toString(),
                "--module-path",
                javaHome.resolve("jmods").toString(),
                "--add-modules",
                String.join(",", modules),
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                into.toString());
        try (ProcessRunner runner = new ProcessRunner(KILL_GRACE)) {
            Execution done = runner.run(
                    new Exec(argv, cache, System.getenv(), settings.makeTimeout(), MAX_OUTPUT, Optional.empty()));
            if (!done.ok()) {
                throw new BuildbossException("a Java runtime can't be made: jlink of " + javaHome + ": "
                        + Printable.line(
                                done.trouble().strip() + " " + done.out().strip()));
            }
        }
    }

    /** Each file's checksum, by its path from the top. */
    private static String sums(Path top) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(top)) {
            files = all.filter(file -> Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
        StringBuilder sums = new StringBuilder();
        for (Path file : files) {
            String name = top.relativize(file).toString();
            if (name.indexOf('\n') >= 0 || name.indexOf('\\') >= 0) {
                throw new IOException("a file with an odd name: " + Printable.line(name));
            }
            sums.append(sha256(file)).append("  ").append(name).append('\n');
        }
        return sums.toString();
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest sha = sha();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static String hash(String text) {
        return HexFormat.of().formatHex(sha().digest(text.getBytes(UTF_8))).substring(0, ID_DIGITS);
    }

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
