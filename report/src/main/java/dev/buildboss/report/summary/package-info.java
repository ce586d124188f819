/**
 * What each commit changed, worked out of a {@link dev.buildboss.report.results.Matrix}, and told as text.
 *
 * <p>The way in is {@link dev.buildboss.report.summary.Summary}: one {@link dev.buildboss.report.summary.CommitChanges} a commit.
 * Formats are built on these; {@link dev.buildboss.report.summary.TextSummary} is the one for terminals.
 */
@NullMarked
package dev.buildboss.report.summary;

import org.jspecify.annotations.NullMarked;
