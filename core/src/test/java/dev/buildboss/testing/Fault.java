package dev.buildboss.testing;

/** What can go wrong with a machine of a {@link FaultyFleet}. */
public enum Fault {
    /** The transport refuses the machine. */
    LINK_REFUSED(Stage.OPENING),
    /** The look at the machine fails. */
    PROBE_FAILS(Stage.OPENING),
    /** The machine is busy. */
    UNFIT(Stage.OPENING),
    /** The worker can't be started. */
    START_FAILS(Stage.OPENING),
    /** The worker starts and says nothing. */
    NEVER_READY(Stage.OPENING),
    /** The worker says `error` in place of `ready`. */
    REFUSAL(Stage.OPENING),
    /** The worker ends before `ready`. */
    DIES_AT_ONCE(Stage.OPENING),
    /** The source does not get there. */
    PUSH_FAILS(Stage.OPENING),
    /** `configure` gets no answer. */
    CONFIGURE_UNANSWERED(Stage.OPENING),
    /** `configure` gets an error. */
    CONFIGURE_REFUSED(Stage.OPENING),
    /** The worker has no compiler (the feature toolchains, or else not used). */
    NO_COMPILER(Stage.OPENING),
    /** The worker ends while it makes worktrees. */
    DIES_PREPARING(Stage.OPENING),
    /** `build_prepare` gets no answer. */
    PREPARE_UNANSWERED(Stage.OPENING),

    /** The worker is killed. */
    DIES(Stage.BUILDING),
    /** Its output ends, and it does not. */
    OUTPUT_ENDS(Stage.BUILDING),
    /** It ends, and its output does not. */
    ONLY_EXITS(Stage.BUILDING),
    /** The connection breaks, and nobody knows about the worker. */
    BREAKS(Stage.BUILDING),
    /** The worker is killed in the middle of a result's line. */
    DIES_IN_A_LINE(Stage.BUILDING),
    /** SIGSTOP. */
    FREEZES(Stage.BUILDING),
    /** SIGSTOP, and SIGCONT after a while. */
    FREEZES_FOR_A_WHILE(Stage.BUILDING),
    /** Packets are dropped, both ways. */
    IS_CUT_OFF(Stage.BUILDING),
    /** A line of the protocol that is no JSON. */
    GARBAGE(Stage.BUILDING),
    /** A part of a line is lost. */
    LOST_BYTES(Stage.BUILDING),
    /** Lines that are not the protocol's. */
    NOISE(Stage.BUILDING),
    /** A response that nobody knows. */
    UNKNOWN_RESPONSE(Stage.BUILDING),
    /** A result once more. */
    DUPLICATE(Stage.BUILDING),
    /** A result of a board that was not leased there. */
    FOREIGN_BOARD(Stage.BUILDING),
    /** A commit's index out of range. */
    BAD_INDEX(Stage.BUILDING),
    /** A file's name that leaves the directory. */
    BAD_NAME(Stage.BUILDING),
    /** An error that answers nothing. */
    UNASKED_ERROR(Stage.BUILDING),
    /** A line over the limit that names no cell. */
    HUGE_LINE(Stage.BUILDING),
    /** Answers to questions of another time. */
    OUT_OF_TURN(Stage.BUILDING),

    /** No verdict: the machine's fault. */
    INFRASTRUCTURE(Stage.CELL),
    /** No verdict: its disk is full. */
    WORKER_DISK_FULL(Stage.CELL),
    /** Code 10, the base protocol's word for no compiler. */
    TOOLCHAIN_ERROR(Stage.CELL),
    /** An interrupted make. */
    NO_CHILD(Stage.CELL),
    /** A result over the limit on lines. */
    HUGE_RESULT(Stage.CELL),
    /** Files over the limit on a cell. */
    HUGE_CELL(Stage.CELL),

    /** `quit` is not heeded. */
    QUIT_IGNORED(Stage.ENDING),
    /** `build_done` is not answered. */
    BUILD_DONE_IGNORED(Stage.ENDING),
    /** The link does not get the machine tidy. */
    TIDY_HANGS(Stage.ENDING),
    /** A killed worker goes on for some seconds. */
    OUTLIVES_ITS_KILL(Stage.ENDING);

    /** When a fault strikes. */
    public enum Stage {
        /** Until boards can come. */
        OPENING,
        /** At a moment of its own, once boards can come. */
        BUILDING,
        /** In place of a cell's result. */
        CELL,
        /** When the connection ends. */
        ENDING
    }

    private final Stage stage;

    Fault(Stage stage) {
        this.stage = stage;
    }

    /** When it strikes. */
    public Stage stage() {
        return stage;
    }
}
