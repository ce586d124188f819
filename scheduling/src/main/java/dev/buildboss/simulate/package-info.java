/** Builds that only take virtual time: what a placement is worth. The way in is {@link dev.buildboss.simulate.Simulation}. */
@NullMarked
package dev.buildboss.simulate;

import org.jspecify.annotations.NullMarked;
