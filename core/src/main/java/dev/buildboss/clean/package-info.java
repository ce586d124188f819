/** What Buildboss leaves on machines, and its removal: what there is, what of it goes, and how. */
@NullMarked
package dev.buildboss.clean;

import org.jspecify.annotations.NullMarked;
