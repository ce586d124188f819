/** Tests of simulated runs. */
@NullMarked
package dev.buildboss.simulate;

import org.jspecify.annotations.NullMarked;
