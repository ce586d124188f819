package dev.buildboss.spi;

/**
 * What a push did.
 *
 * @param refs how many refs were written
 * @param durationMs how long it took, in milliseconds
 */
public record PushReport(int refs, long durationMs) {}
