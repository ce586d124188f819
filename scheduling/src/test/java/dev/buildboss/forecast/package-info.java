/** Tests of forecasts. */
@NullMarked
package dev.buildboss.forecast;

import org.jspecify.annotations.NullMarked;
