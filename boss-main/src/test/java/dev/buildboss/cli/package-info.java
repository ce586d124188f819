/** Tests of the command line, run in this process with a scheduler that builds nothing. */
@NullMarked
package dev.buildboss.cli;

import org.jspecify.annotations.NullMarked;
