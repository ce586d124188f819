@NullMarked
package dev.buildboss.report.summary;

import org.jspecify.annotations.NullMarked;
