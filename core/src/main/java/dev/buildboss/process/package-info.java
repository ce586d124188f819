/**
 * Workers as processes of this computer: local builds, and the demo's machines. {@link
 * dev.buildboss.process.ProcessTransport} is the way in.
 */
@NullMarked
package dev.buildboss.process;

import org.jspecify.annotations.NullMarked;
