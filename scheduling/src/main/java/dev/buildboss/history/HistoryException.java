package dev.buildboss.history;

import dev.buildboss.BuildbossException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The history can't be read or written; its message names the file. */
public final class HistoryException extends BuildbossException {
    private static final long serialVersionUID = 1L;

    /** SQLite's code for a file that another connection's transaction has; extended codes have more in their higher bytes. */
    private static final int BUSY = 5;

    private static final int PRIMARY = 0xff;

    HistoryException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether another program had the file for longer than is waited for: the same may go well a while from now. */
    public boolean isBusy() {
        return isBusy(getCause());
    }

    static boolean isBusy(@Nullable Throwable cause) {
        for (Throwable one = cause; one != null; one = one.getCause()) {
            if (one instanceof SQLException sql && (sql.getErrorCode() & PRIMARY) == BUSY) {
                return true;
            }
        }
        return false;
    }
}
