@NullMarked
package dev.buildboss.lock;

import org.jspecify.annotations.NullMarked;
