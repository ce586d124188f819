/** Tests of the wire's framing. */
@NullMarked
package dev.buildboss.protocol.stream;

import org.jspecify.annotations.NullMarked;
