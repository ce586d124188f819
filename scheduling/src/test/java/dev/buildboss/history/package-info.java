/** Tests of the history of builds. */
@NullMarked
package dev.buildboss.history;

import org.jspecify.annotations.NullMarked;
