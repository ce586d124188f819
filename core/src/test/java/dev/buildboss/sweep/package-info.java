@NullMarked
package dev.buildboss.sweep;

import org.jspecify.annotations.NullMarked;
