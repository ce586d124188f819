/**
 * The results on disk, in the layout that U-Boot's {@code buildman} keeps: each can read the other's.
 *
 * <p>The way in is {@link dev.buildboss.results.ResultStore}.
 */
@NullMarked
package dev.buildboss.results;

import org.jspecify.annotations.NullMarked;
