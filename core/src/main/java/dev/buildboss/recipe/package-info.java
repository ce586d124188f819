/** The recipes that come with Buildboss. */
@NullMarked
package dev.buildboss.recipe;

import org.jspecify.annotations.NullMarked;
