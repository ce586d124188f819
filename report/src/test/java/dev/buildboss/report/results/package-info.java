@NullMarked
package dev.buildboss.report.results;

import org.jspecify.annotations.NullMarked;
