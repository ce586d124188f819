package dev.buildboss.report.results;

/** What kind of thing a diagnostic is. */
public enum Severity {
    /** A compiler, linker or make said error. */
    ERROR,
    /** It said warning. */
    WARNING,
    /** A firmware blob that the image needs is not there: nothing that the source could mend. */
    MISSING_BLOB,
    /** Text on stderr that no rule knows; summaries show it as they show errors. */
    OTHER
}
