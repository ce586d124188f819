/**
 * Which board goes where: decisions only, in plain Java without clock, input and output, threads or actors, so that tests and
 * simulators replay them.
 */
@NullMarked
package dev.buildboss.plan;

import org.jspecify.annotations.NullMarked;
