/** The demo fleet: machines on loopback with simulated cores, and work that holds them. */
@NullMarked
package dev.buildboss.cli.fleet;

import org.jspecify.annotations.NullMarked;
