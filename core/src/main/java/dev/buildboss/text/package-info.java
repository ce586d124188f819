/** Small helps with text that a person reads: the nearest right name, and terminal escapes made visible. */
@NullMarked
package dev.buildboss.text;

import org.jspecify.annotations.NullMarked;
