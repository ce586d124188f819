/** Tests of commit series, the current source and the verdict. */
@NullMarked
package dev.buildboss.report;

import org.jspecify.annotations.NullMarked;
