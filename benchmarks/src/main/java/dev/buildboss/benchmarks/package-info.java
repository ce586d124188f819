/** Measurements: JMH benchmarks, and figures of the whole system. */
@NullMarked
package dev.buildboss.benchmarks;

import org.jspecify.annotations.NullMarked;
