/** The values that every part of Buildboss speaks of: boards, commits, cells and their outcomes. */
@NullMarked
package dev.buildboss.model;

import org.jspecify.annotations.NullMarked;
