package dev.buildboss;

import org.jspecify.annotations.Nullable;

/** A machine could not be reached, prepared or used; the message begins with the machine's name. */
public final class MachineException extends BuildbossException {
    private static final long serialVersionUID = 1L;

    private final String machine;
    private final String reason;
    private final boolean busy;

    /** Names the machine and the reason. */
    public MachineException(String machine, String reason, @Nullable Throwable cause) {
        this(machine, reason, false, cause);
    }

    private MachineException(String machine, String reason, boolean busy, @Nullable Throwable cause) {
        super(machine + ": " + reason, cause);
        this.busy = busy;
        this.machine = machine;
        this.reason = reason;
    }

    /**
     * The machine is somebody else's for the moment.
     *
     * @param what what is in use, and by whom
     */
    public static MachineException busy(String machine, String what) {
        return new MachineException(machine, "BUSY: " + what, true, null);
    }

    /** Whether somebody else has the machine: it may be asked again later. */
    public boolean isBusy() {
        return busy;
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
