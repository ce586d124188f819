/** Looking after workers that were left behind: what runs on a machine, whether anybody still uses it, and ending it. */
@NullMarked
package dev.buildboss.sweep;

import org.jspecify.annotations.NullMarked;
