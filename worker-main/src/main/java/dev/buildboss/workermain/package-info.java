/** The worker program: the protocol on stdin and stdout of a process. */
@NullMarked
package dev.buildboss.workermain;

import org.jspecify.annotations.NullMarked;
