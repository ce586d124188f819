/** How long builds took, learnt from each result and kept from run to run. The way in is {@link dev.buildboss.history.History}. */
@NullMarked
package dev.buildboss.history;

import org.jspecify.annotations.NullMarked;
