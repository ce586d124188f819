@NullMarked
package dev.buildboss.report.format;

import org.jspecify.annotations.NullMarked;
