/** Following boards live: what their makes say, from where they are built to a person's terminal. */
@NullMarked
package dev.buildboss.follow;

import org.jspecify.annotations.NullMarked;
