/**
 * Compilers from the net: which there are ({@link dev.buildboss.fetch.Crosstool}), getting one whole and unpacking it here
 * ({@link dev.buildboss.fetch.ToolchainFetch}), and giving it to machines ({@link dev.buildboss.fetch.Delivery}).
 */
@NullMarked
package dev.buildboss.fetch;

import org.jspecify.annotations.NullMarked;
