package dev.buildboss.simulate;

/**
 * A stretch of a timeline: a machine built a cell from then to then.
 *
 * @param won whether its result counted
 */
public record Segment(int machine, int lane, int board, int commit, double fromS, double toS, boolean won) {}
