/** Running other programs with limits on time and output, and without leaving any of them behind. */
@NullMarked
package dev.buildboss.exec;

import org.jspecify.annotations.NullMarked;
