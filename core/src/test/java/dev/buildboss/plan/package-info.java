/** Tests of the plan: rules one by one, and random interleavings. */
@NullMarked
package dev.buildboss.plan;

import org.jspecify.annotations.NullMarked;
