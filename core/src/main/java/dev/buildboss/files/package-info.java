/** What {@link java.nio.file.Files} lacks. */
@NullMarked
package dev.buildboss.files;

import org.jspecify.annotations.NullMarked;
