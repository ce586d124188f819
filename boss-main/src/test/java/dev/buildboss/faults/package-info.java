/**
 * The fault suite: real bosses, workers, makes and OpenSSH servers, and what happens to them; {@code docs/faults.md} is its table.
 *
 * <p>The way in is {@link dev.buildboss.faults.FaultBed}.
 */
@NullMarked
package dev.buildboss.faults;

import org.jspecify.annotations.NullMarked;
