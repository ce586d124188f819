/** Tests of the demo fleet. */
@NullMarked
package dev.buildboss.cli.fleet;

import org.jspecify.annotations.NullMarked;
