/** Tests of the settings. */
@NullMarked
package dev.buildboss.settings;

import org.jspecify.annotations.NullMarked;
