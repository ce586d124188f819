package dev.buildboss.report.summary;

/** How a board's outcome changed at a commit, against its last result before. */
public enum Change {
    /** It fails now. */
    BROKEN,
    /** It builds now, with warnings (or nothing but missing blobs on its stderr). */
    WARNS,
    /** It failed or warned, and is well now. */
    FIXED,
    /** It has its first result here, though this is not the first commit, and is well. */
    NEW
}
