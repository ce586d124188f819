package dev.buildboss.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of hosts, in files of the form that sshd(8) describes ("SSH_KNOWN_HOSTS FILE FORMAT"): plain, wildcard and hashed
 * names, {@code [host]:port}, {@code @revoked}. {@code @cert-authority} lines are for certificates, which are not asked for.
 *
 * <p>A host is known by one key of any kind: a host that is on file and shows a key that isn't has changed. New keys are
 * written under a lock, as one line, after a second look, so that several links (and bosses) may record at once.
 */
final class KnownHosts {

    /**
     * Serializes this JVM's writers, as a {@link FileLock} keeps out other processes only, and its readers: to close a file gives up
     * all locks that the process has on it.
     */
    private static final Object FILES = new Object();

    /** How a file is read. */
    private interface Reading {
        byte[] all(Path file) throws IOException;
    }

    private final List<Path> userFiles;
    private final List<Path> globalFiles;
    private final boolean hashed;

    KnownHosts(List<Path> userFiles, List<Path> globalFiles, boolean hashed) {
        this.userFiles = List.copyOf(userFiles);
        this.globalFiles = List.copyOf(globalFiles);
        this.hashed = hashed;
    }

    /** What the files say about a key. */
    sealed interface Verdict {
        /** It is the host's. */
        record Known() implements Verdict {}

        /** The host isn't on file. */
        record Unknown() implements Verdict {}

        /** The host is on file with another key, at that {@code file:line}; {@code path} is the file. */
        record Changed(String where, Path path) implements Verdict {}

        /** The key is marked as stolen at that {@code file:line}. */
        record Revoked(String where) implements Verdict {}
    }

    private record Line(Path file, int number, String marker, String hosts, String type, String key) {
        String where() {
            return file + ":" + number;
        }
    }

    /** Judges a key ({@code type}: its algorithm's name; {@code key}: in base64). */
    Verdict check(String name, String type, String key) throws IOException {
        return judge(lines(), name, type, key);
    }

    private static Verdict judge(List<Line> lines, String name, String type, String key) {
        Optional<Line> other = Optional.empty();
        boolean known = false;
        for (Line line : lines) {
            if (!names(line.hosts(), name)) {
                continue;
            }
            boolean same = line.type().equals(type) && line.key().equals(key);
            if (line.marker().equals("@revoked")) {
                if (same) {
                    return new Verdict.Revoked(line.where());
                }
            } else if (line.marker().isEmpty()) {
                known |= same;
                other = other.isPresent() || same ? other : Optional.of(line);
            }
        }
        if (known) {
            return new Verdict.Known();
        }
        return other.<Verdict>map(line -> new Verdict.Changed(line.where(), line.file()))
                .orElseGet(Verdict.Unknown::new);
    }

    /** The key types on file for a host, so that it is asked for one of them. */
    Set<String> types(String name) throws IOException {
        Set<String> types = new LinkedHashSet<>();
        for (Line line : lines()) {
            if (line.marker().isEmpty() && names(line.hosts(), name)) {
                types.add(line.type());
            }
        }
        return types;
    }

    /** Writes an unknown host's key down, and judges again: somebody else may have recorded one meanwhile. */
    Verdict record(String name, String type, String key) throws IOException {
        if (userFiles.isEmpty()) {
            return new Verdict.Known();
        }
        Path file = userFiles.get(0);
        synchronized (FILES) {
            makeDirectory(file.toAbsolutePath().resolveSibling(""));
            try (FileChannel channel = FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    FileLock lock = channel.lock()) {
                Reading locked = one -> Files.isSameFile(one, file) ? all(channel) : Files.readAllBytes(one);
                Verdict again = judge(lines(locked), name, type, key);
                if (!(again instanceof Verdict.Unknown) || !lock.isValid()) {
                    return again;
                }
                String line = (hashed ? hash(name) : name.toLowerCase(Locale.ROOT)) + " " + type + " " + key + "\n";
                append(file, endsInLine(channel) ? line : "\n" + line);
                return new Verdict.Known();
            }
        }
    }

    private static void makeDirectory(Path dir) throws IOException {
        if (!Files.isDirectory(dir)) {
            Files.createDirectories(
                    dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private static boolean endsInLine(FileChannel channel) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return channel.size() == 0 || (channel.read(last, channel.size() - 1) == 1 && last.get(0) == '\n');
    }

    private static byte[] all(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
            // goes on
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** The last thing that is done under the lock, which ends with it. At the end wherever that is: ssh itself heeds no lock. */
    private static void append(Path file, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        try (FileChannel end = FileChannel.open(file, StandardOpenOption.APPEND)) {
            while (bytes.hasRemaining()) {
                end.write(bytes);
            }
            end.force(false);
        }
    }

    private List<Line> lines() throws IOException {
        synchronized (FILES) {
            return lines(Files::readAllBytes);
        }
    }

    private List<Line> lines(Reading reading) throws IOException {
        List<Line> lines = new ArrayList<>();
        List<Path> files = new ArrayList<>(userFiles);
        files.addAll(globalFiles);
        for (Path file : files) {
            if (Files.isRegularFile(file) && (userFiles.contains(file) || Files.isReadable(file))) {
                int number = 0;
                for (String text : new String(reading.all(file), UTF_8).split("\n", -1)) {
                    number++;
                    parse(file, number, text.strip()).ifPresent(lines::add);
                }
            }
        }
        return lines;
    }

    private static Optional<Line> parse(Path file, int number, String text) {
        if (text.isEmpty() || text.startsWith("#")) {
            return Optional.empty();
        }
        String[] words = text.split("[ \t]+", -1);
        int first = words[0].startsWith("@") ? 1 : 0;
        if (words.length < first + 3) {
            return Optional.empty();
        }
        return Optional.of(new Line(
                file,
                number,
                first == 1 ? words[0].toLowerCase(Locale.ROOT) : "",
                words[first],
                words[first + 1],
                words[first + 2]));
    }

    private static boolean names(String hosts, String name) {
        if (hosts.startsWith("|1|")) {
            String[] parts = hosts.split("\\|", -1);
            return parts.length == 4 && sameHash(parts[2], parts[3], name);
        }
        return HostPatterns.matches(List.of(hosts.split(",", -1)), name);
    }

    private static boolean sameHash(String salt, String hash, String name) {
        try {
            return MessageDigest.isEqual(
                    Base64.getDecoder().decode(hash), hmac(Base64.getDecoder().decode(salt), name));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static String hash(String name) {
        byte[] salt = new byte[20];
        new SecureRandom().nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder();
        return "|1|" + base64.encodeToString(salt) + "|" + base64.encodeToString(hmac(salt, name));
    }

    /** HMAC-SHA1 with the salt as its key: the file format's own choice. */
    private static byte[] hmac(byte[] salt, String name) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(salt, "HmacSHA1"));
            return mac.doFinal(name.toLowerCase(Locale.ROOT).getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA1", e);
        }
    }
}
