/** Tests of the results on disk. */
@NullMarked
package dev.buildboss.results;

import org.jspecify.annotations.NullMarked;
