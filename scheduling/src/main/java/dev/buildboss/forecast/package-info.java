/** When a run will end, and how sure that is. The way in is {@link dev.buildboss.forecast.Forecast}. */
@NullMarked
package dev.buildboss.forecast;

import org.jspecify.annotations.NullMarked;
