/**
 * Buildboss as a library: {@link dev.buildboss.BuildScheduler} builds a matrix of boards × commits on this computer and on
 * machines that it can ssh to.
 */
@NullMarked
package dev.buildboss;

import org.jspecify.annotations.NullMarked;
