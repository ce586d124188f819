/** Locks that are files, are held by a process, go with it however it ends, and name their owner. */
@NullMarked
package dev.buildboss.lock;

import org.jspecify.annotations.NullMarked;
