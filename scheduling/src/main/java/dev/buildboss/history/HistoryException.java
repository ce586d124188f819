package dev.buildboss.history;

import dev.buildboss.BuildbossException;

/** The history can't be read or written; its message names the file. */
public final class HistoryException extends BuildbossException {
    private static final long serialVersionUID = 1L;

    HistoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
