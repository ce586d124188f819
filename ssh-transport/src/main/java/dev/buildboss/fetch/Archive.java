package dev.buildboss.fetch;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A compiler that can be fetched.
 *
 * @param host the machine that it runs on, as the index says it ({@code x86_64}, {@code arm64})
 * @param version its version, such as {@code 13.2.0}
 * @param target what it builds for, such as {@code arm-linux-gnueabi}
 * @param uri where it is
 * @param sha256 its published checksum in lower-case hex; empty: there is none
 */
public record Archive(String host, String version, String target, URI uri, Optional<String> sha256) {

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]*");

    /** Refuses words that could leave a directory: they come from another computer. */
    public Archive {
        for (String word : new String[] {host, version, target}) {
            if (!WORD.matcher(word).matches()) {
                throw new IllegalArgumentException("not a word of an archive's name: '" + word + "'");
            }
        }
        requireNonNull(uri, "uri");
        requireNonNull(sha256, "sha256");
    }

    /** The file's name. */
    public String fileName() {
        String path = uri.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Where it belongs below the directory of fetched compilers, as users know it. */
    public String place() {
        return "gcc-" + version + "-nolibc/" + target;
    }

    /** The architecture: the target's first part. */
    public String arch() {
        int dash = target.indexOf('-');
        return dash < 0 ? target : target.substring(0, dash);
    }
}
