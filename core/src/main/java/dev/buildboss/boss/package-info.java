/**
 * The boss's actors: {@code Boss} runs a matrix, {@code BoardPool} owns the plan, a {@code WorkerProxy} speaks for each machine.
 * Internal: {@link dev.buildboss.BuildScheduler} is the way in.
 */
@NullMarked
package dev.buildboss.boss;

import org.jspecify.annotations.NullMarked;
