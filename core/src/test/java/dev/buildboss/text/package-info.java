/** Tests of the helps with text. */
@NullMarked
package dev.buildboss.text;

import org.jspecify.annotations.NullMarked;
