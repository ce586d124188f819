/** Java runtimes for machines that have none: made here by jlink, or prepared by the user ({@link dev.buildboss.runtime.RuntimeShop}). */
@NullMarked
package dev.buildboss.runtime;

import org.jspecify.annotations.NullMarked;
