package dev.buildboss.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoardMemoryTest {

    private static final long MIB = 1 << 20;

    @Test
    void offersABoardForEachThreadWhereThereIsMemory() {
        assertThat(BoardMemory.offer(8, 2048 * MIB, 256 * MIB)).isEqualTo(new BoardMemory.Offer(8, Optional.empty()));
    }

    @Test
    void offersFewerWhereMemoryIsShortAndSaysTheNumbers() {
        BoardMemory.Offer offer = BoardMemory.offer(8, 2047 * MIB, 256 * MIB);

        assertThat(offer.boards()).isEqualTo(7);
        assertThat(offer.notice())
                .contains(
                        "memory for 7 boards at once and not one for each of 8 threads: 2047 MiB are available, a board is"
                                + " taken to need 256 MiB (worker.board-memory; the machine's max-boards says otherwise)");
    }

    @Test
    void offersOneBoardHoweverLittleThereIs() {
        assertThat(BoardMemory.offer(8, MIB, 256 * MIB).boards()).isEqualTo(1);
    }

    @Test
    void asksNothingOfMemoryThatIsNotKnownOrNotLimited() {
        assertThat(BoardMemory.offer(64, 0, 256 * MIB).boards()).isEqualTo(64);
        assertThat(BoardMemory.offer(64, MIB, 0).boards()).isEqualTo(64);
    }
}
