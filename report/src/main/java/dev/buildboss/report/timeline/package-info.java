/**
 * Who built what when: {@link dev.buildboss.report.timeline.TimelineRecorder} makes slices of a run's events, {@link
 * dev.buildboss.report.timeline.TimelineFile} keeps them beside the results, {@link dev.buildboss.report.timeline.TraceFile}
 * writes them for Perfetto.
 */
@NullMarked
package dev.buildboss.report.timeline;

import org.jspecify.annotations.NullMarked;
