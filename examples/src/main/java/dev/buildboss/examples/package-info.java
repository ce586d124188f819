/** Programs that embed Buildboss, small enough to read in one go. */
@NullMarked
package dev.buildboss.examples;

import org.jspecify.annotations.NullMarked;
