package dev.buildboss;

import static java.util.Objects.requireNonNull;

import dev.buildboss.spi.WorkerBundle;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker bundle made of jar files, or of jars that travel inside another jar as resources.
 *
 * <p>A jar is read once to learn its hash, when a transport first asks for it. Safe for threads.
 */
public final class WorkerJars implements WorkerBundle {

    /** Where Buildboss's own distribution carries the worker. */
    public static final String RESOURCE = "dev/buildboss/worker/buildboss-worker.jar";

    private final List<Jar> jars;

    private WorkerJars(List<Jar> jars) {
        this.jars = List.copyOf(jars);
    }

    /**
     * Jars on this computer, in class path order: the worker's own first, then those with recipes of yours.
     *
     * @throws BuildbossException naming a file that is not there
     */
    public static WorkerJars ofFiles(Path... files) {
        List<Jar> jars = new ArrayList<>();
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new BuildbossException("no such worker jar: " + file);
            }
            jars.add(new JarAt(String.valueOf(file.getFileName()), () -> Files.newInputStream(file)));
        }
        return new WorkerJars(jars);
    }

    /**
     * The worker that a class loader finds as a resource.
     *
     * @param loader the class loader of a distribution
     * @param resource the resource's name, such as {@link #RESOURCE}
     * @throws BuildbossException if it is not there
     */
    public static WorkerJars ofResource(ClassLoader loader, String resource) {
        URL url = loader.getResource(resource);
        if (url == null) {
            throw new BuildbossException(
                    "the worker is not in this distribution (" + resource + "): build it with mvn package");
        }
        String name = resource.substring(resource.lastIndexOf('/') + 1);
        return new WorkerJars(List.of(new JarAt(name, url::openStream)));
    }

    /**
     * These jars, and after them some with recipes of one's own.
     *
     * @throws BuildbossException naming a file that is not there, or whose name another one has
     */
    public WorkerJars and(List<Path> files) {
        List<Jar> all = new ArrayList<>(jars);
        for (Jar jar : ofFiles(files.toArray(Path[]::new)).jars()) {
            if (all.stream().anyMatch(other -> other.name().equals(jar.name()))) {
                throw new BuildbossException(
                        "two jars of the worker are called " + jar.name() + "; rename one of them");
            }
            all.add(jar);
        }
        return new WorkerJars(all);
    }

    @Override
    public List<Jar> jars() {
        return jars;
    }

    /** Where a jar's bytes come from. */
    @FunctionalInterface
    private interface Content {
        InputStream open() throws IOException;
    }

    private record Digest(String sha256, long size) {}

    private static final class JarAt implements Jar {
        private final String name;
        private final Content content;
        private @Nullable Digest digest;

        private JarAt(String name, Content content) {
            this.name = requireNonNull(name);
            this.content = content;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String sha256() {
            return digest().sha256();
        }

        @Override
        public long size() {
            return digest().size();
        }

        @Override
        public InputStream open() throws IOException {
            return content.open();
        }

        private synchronized Digest digest() {
            Digest known = digest;
            if (known != null) {
                return known;
            }
            try (InputStream in = new BufferedInputStream(content.open())) {
                MessageDigest sha = MessageDigest.getInstance("SHA-256");
                DigestInputStream counted = new DigestInputStream(in, sha);
                long size = counted.transferTo(java.io.OutputStream.nullOutputStream());
                Digest read = new Digest(HexFormat.of().formatHex(sha.digest()), size);
                digest = read;
                return read;
            } catch (IOException e) {
                throw new BuildbossException("worker jar " + name + ": " + e.getMessage(), e);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java runtime has SHA-256", e);
            }
        }
    }
}
