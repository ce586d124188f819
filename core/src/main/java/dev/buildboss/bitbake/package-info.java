/** Yocto's recipes for several MACHINEs: the recipe of workers, and what it shares with {@code boss bitbake}. */
@NullMarked
package dev.buildboss.bitbake;

import org.jspecify.annotations.NullMarked;
