/** The git program, run with limits and without any of the user's habits. */
@NullMarked
package dev.buildboss.git;

import org.jspecify.annotations.NullMarked;
