@NullMarked
package dev.buildboss.clean;

import org.jspecify.annotations.NullMarked;
