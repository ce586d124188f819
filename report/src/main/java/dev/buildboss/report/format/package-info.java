/**
 * A summary in the forms that programs and pages read: JSON, JUnit, SARIF, Markdown, HTML.
 *
 * <p>The way in is {@link dev.buildboss.report.format.ReportFormats}. Whatever logs and names say is inert in each of them.
 */
@NullMarked
package dev.buildboss.report.format;

import org.jspecify.annotations.NullMarked;
