/** What can be plugged into Buildboss: transports to workers, the worker's own bundle, and recipes. */
@NullMarked
package dev.buildboss.spi;

import org.jspecify.annotations.NullMarked;
