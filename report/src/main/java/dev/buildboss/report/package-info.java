/** Results read back from disk: summaries, formats and history. */
@NullMarked
package dev.buildboss.report;

import org.jspecify.annotations.NullMarked;
