/**
 * Results read back from disk, whoever wrote them: this project or U-Boot's {@code buildman}.
 *
 * <p>The way in is {@link dev.buildboss.report.results.ResultsReader}, which makes a {@link
 * dev.buildboss.report.results.Matrix} of a directory; with {@link dev.buildboss.report.results.CellFiles} the bigger files of
 * one cell are read. All text in these values is as it was found: escape it ({@link dev.buildboss.text.Printable}) before a
 * terminal or a page shows it.
 */
@NullMarked
package dev.buildboss.report.results;

import org.jspecify.annotations.NullMarked;
