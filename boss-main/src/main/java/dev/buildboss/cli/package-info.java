/** The {@code boss} command line. */
@NullMarked
package dev.buildboss.cli;

import org.jspecify.annotations.NullMarked;
