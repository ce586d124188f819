/** The settings under {@code buildboss { … }}: typed, validated, and each with the place it came from. */
@NullMarked
package dev.buildboss.settings;

import org.jspecify.annotations.NullMarked;
