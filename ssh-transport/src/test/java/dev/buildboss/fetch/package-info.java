@NullMarked
package dev.buildboss.fetch;

import org.jspecify.annotations.NullMarked;
