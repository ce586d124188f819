package dev.buildboss.model;

import static java.util.Objects.requireNonNull;

/**
 * How a cell ended: built, with what the compiler said of it, or not built, with the reason.
 *
 * <p>Only a built cell gets a {@code done} file; a cell that was not built heals by itself in a later run.
 */
public sealed interface CellOutcome {

    /** The build ran to its end, and its result is stored. */
    record Built(Kind kind, int returnCode) implements CellOutcome {
        /** Checks the kind. */
        public Built {
            requireNonNull(kind, "kind");
        }

        /** The outcome by the rule of the results on disk: a code other than 0 failed, else any error text warns. */
        public static Built of(int returnCode, boolean hasErrorText) {
            Kind kind = returnCode != 0 ? Kind.FAILED : hasErrorText ? Kind.WARNING : Kind.OK;
            return new Built(kind, returnCode);
        }
    }

    /** No verdict on the source was reached. */
    record NotBuilt(Reason reason, String detail) implements CellOutcome {
        /** Checks the parts. */
        public NotBuilt {
            requireNonNull(reason, "reason");
            requireNonNull(detail, "detail");
        }
    }

    /** What a finished build said of the source. */
    enum Kind {
        /** Return code 0 and nothing on stderr. */
        OK,
        /** Return code 0 with text on stderr. */
        WARNING,
        /** Any other return code. */
        FAILED
    }

    /** Why a cell has no verdict. */
    enum Reason {
        /** Every machine that took it was lost, or its attempts are used up. */
        MACHINE_LOST("machine lost"),
        /** No machine could take it: none was usable, or none was there. */
        NO_MACHINE("no machine"),
        /** No usable machine has a compiler for the board's architecture. */
        NO_TOOLCHAIN("no toolchain"),
        /** It took several machines down with it and is not tried again. */
        POISONED("poisoned"),
        /** The machine or the boss ran out of disk space. */
        DISK_FULL("disk full"),
        /** The compiler was killed or the like: the machine's fault, seen through make's code. */
        INFRASTRUCTURE("infrastructure failure"),
        /** The worker's answer broke the rules or was over a limit. */
        RESULT_REFUSED("result refused"),
        /** The user stopped the run first. */
        CANCELLED("cancelled");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /** The reason in the words that reports use. */
        public String words() {
            return words;
        }
    }
}
