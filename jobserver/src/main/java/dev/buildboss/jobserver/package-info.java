/** GNU make's jobserver, server and client: one pool of job slots for all makes of a machine. */
@NullMarked
package dev.buildboss.jobserver;

import org.jspecify.annotations.NullMarked;
