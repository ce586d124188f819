package dev.buildboss.ssh;

import dev.buildboss.spi.WorkerBundle;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The name of a bundle's directory: a hash over its jars' names and hashes, so that each version has a place of its own. */
final class BundleId {

    private static final int DIGITS = 32;

    private BundleId() {}

    static String of(WorkerBundle bundle) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (WorkerBundle.Jar jar : bundle.jars()) {
                SshHost.requireWord("jar name", jar.name());
                if (jar.name().contains("/") || !jar.sha256().matches("[0-9a-f]{64}")) {
                    throw new IllegalArgumentException("not a jar of a bundle: '" + jar.name() + "'");
                }
                sha.update((jar.sha256() + "  " + jar.name() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(sha.digest()).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The jars in the form that sha256sum checks. */
    static String sums(WorkerBundle bundle) {
        StringBuilder sums = new StringBuilder();
        bundle.jars()
                .forEach(jar -> sums.append(jar.sha256())
                        .append("  ")
                        .append(jar.name())
                        .append('\n'));
        return sums.toString();
    }
}
