/** Tests of the job pool. */
@NullMarked
package dev.buildboss.jobserver;

import org.jspecify.annotations.NullMarked;
