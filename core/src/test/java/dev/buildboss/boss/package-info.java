/** Tests of the boss's actors and what they are made of. */
@NullMarked
package dev.buildboss.boss;

import org.jspecify.annotations.NullMarked;
