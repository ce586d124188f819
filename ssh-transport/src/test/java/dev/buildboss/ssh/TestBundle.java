package dev.buildboss.ssh;

import dev.buildboss.spi.WorkerBundle;
import dev.buildboss.workermain.WorkerMain;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** A bundle of one jar with the test's own {@link WorkerMain}. */
record TestBundle(List<Jar> jars) implements WorkerBundle {

    static TestBundle create(String version) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String name = WorkerMain.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream jar = new JarOutputStream(bytes);
                InputStream in = WorkerMain.class.getClassLoader().getResourceAsStream(name)) {
            jar.putNextEntry(entry(name));
            in.transferTo(jar);
            jar.putNextEntry(entry("version"));
            jar.write(version.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TestBundle(List.of(new Content("worker.jar", HexFormat.of().formatHex(bytes.toByteArray()))));
    }

    /** With a fixed time, so that the same version is the same jar. */
    private static JarEntry entry(String name) {
        JarEntry entry = new JarEntry(name);
        entry.setTime(0);
        return entry;
    }

    private record Content(String name, String hex) implements Jar {
        private byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }

        @Override
        public String sha256() {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes()));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public long size() {
            return hex.length() / 2;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes());
        }
    }
}
