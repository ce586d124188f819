/** Machines reached by ssh: sessions, the worker's stream, and what is pushed to them. */
@NullMarked
package dev.buildboss.ssh;

import org.jspecify.annotations.NullMarked;
