package dev.buildboss;

import org.jspecify.annotations.Nullable;

/** The root of what Buildboss throws when an edge breaks: settings, disk, machines. Its message is one line for a person. */
public class BuildbossException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the thing and the way out. */
    public BuildbossException(String message) {
        super(message);
    }

    /** With the cause kept. */
    public BuildbossException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
