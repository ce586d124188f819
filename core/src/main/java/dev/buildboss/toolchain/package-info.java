/** Compilers: finding them, telling them apart, and what a build needs of one. */
@NullMarked
package dev.buildboss.toolchain;

import org.jspecify.annotations.NullMarked;
