package dev.buildboss;

import org.jspecify.annotations.Nullable;

/** A machine could not be reached, prepared or used; the message begins with the machine's name. */
public final class MachineException extends BuildbossException {
    private static final long serialVersionUID = 1L;

    private final String machine;
    private final String reason;

    /** Names the machine and the reason. */
    public MachineException(String machine, String reason, @Nullable Throwable cause) {
        super(machine + ": " + reason, cause);
        this.machine = machine;
        this.reason = reason;
    }

    /** The machine's name in the settings. */
    public String machine() {
        return machine;
    }

    /** The reason alone, without the name. */
    public String reason() {
        return reason;
    }
}
