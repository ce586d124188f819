package dev.buildboss.model;

import static java.util.Objects.requireNonNull;

/**
 * A compiler and what it is, wherever it is.
 *
 * @param path where it is on its machine
 * @param version what it calls its version, such as {@code 12.2.0}
 * @param target what it compiles for, such as {@code arm-linux-gnueabi}
 * @param identity tells builds of one version apart: a hash of what it says of its configuration and its built-in specs, with the
 *     directories that it was installed to left out; empty: not known
 */
public record Compiler(String path, String version, String target, String identity) {
    /** Checks the parts. */
    public Compiler {
        requireNonNull(path, "path");
        requireNonNull(version, "version");
        requireNonNull(target, "target");
        requireNonNull(identity, "identity");
    }

    /** How much alike two machines' compilers for an architecture must be ({@code toolchains.require}). */
    public enum Likeness {
        /** The same build of the same version. */
        IDENTICAL,
        /** The same version for the same target. */
        SAME_VERSION,
        /** Any two. */
        ANY
    }

    /** Whether another one is as much like this one as that. Without knowledge of identities, versions are compared. */
    public boolean isLike(Compiler other, Likeness wanted) {
        return switch (wanted) {
            case ANY -> true;
            case SAME_VERSION -> isSameVersion(other);
            case IDENTICAL ->
                isSameVersion(other)
                        && (identity.isEmpty() || other.identity.isEmpty() || identity.equals(other.identity));
        };
    }

    private boolean isSameVersion(Compiler other) {
        return version.equals(other.version) && target.equals(other.target);
    }

    /** In what another machine's differs from this computer's, in words; for two that are different. */
    public String difference(Compiler there) {
        if (isSameVersion(there)) {
            return "another build of " + version + " " + target + " there (" + there.path + ")";
        }
        boolean sameTarget = target.equals(there.target);
        return there.version + (sameTarget ? "" : " " + there.target) + " there, " + version
                + (sameTarget ? "" : " " + target) + " here";
    }

    /** Its version and target in one text. */
    public String name() {
        return version + " " + target;
    }
}
