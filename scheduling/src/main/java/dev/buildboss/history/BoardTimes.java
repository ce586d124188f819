package dev.buildboss.history;

/**
 * What is known of a board.
 *
 * @param board its name
 * @param arch its architecture
 * @param builds how many of its cells are remembered
 * @param first the mean of builds from the beginning, in seconds; 0: none
 * @param next the mean of the others, in seconds; 0: none
 * @param machines on how many machines
 * @param last when it was built last, in seconds since 1970
 */
public record BoardTimes(String board, String arch, int builds, double first, double next, int machines, long last) {}
