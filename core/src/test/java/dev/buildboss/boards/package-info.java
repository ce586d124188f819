/** Tests of board lists and choices. */
@NullMarked
package dev.buildboss.boards;

import org.jspecify.annotations.NullMarked;
