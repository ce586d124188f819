@NullMarked
package dev.buildboss.report.timeline;

import org.jspecify.annotations.NullMarked;
