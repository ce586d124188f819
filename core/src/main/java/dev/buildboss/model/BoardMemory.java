package dev.buildboss.model;

import java.util.Optional;

/** How many boards at once there is memory for where nobody says how many there shall be (pure). */
public final class BoardMemory {
    private static final long MIB = 1 << 20;

    private BoardMemory() {}

    /**
     * What a worker offers.
     *
     * @param boards boards at once, at least 1
     * @param notice why that is fewer than one for each thread; empty: it is not
     */
    public record Offer(int boards, Optional<String> notice) {}

    /**
     * One board for each thread, but no more than there is memory for.
     *
     * @param availableBytes available memory; 0: not known
     * @param boardBytes what a board is taken to need; 0: it is not asked
     */
    public static Offer offer(int threads, long availableBytes, long boardBytes) {
        if (availableBytes <= 0 || boardBytes <= 0 || availableBytes / boardBytes >= threads) {
            return new Offer(threads, Optional.empty());
        }
        int boards = (int) Math.max(1, availableBytes / boardBytes);
        return new Offer(
                boards,
                Optional.of("memory for " + boards + " boards at once and not one for each of " + threads + " threads: "
                        + availableBytes / MIB + " MiB are available, a board is taken to need " + boardBytes / MIB
                        + " MiB (worker.board-memory; the machine's max-boards says otherwise)"));
    }
}
