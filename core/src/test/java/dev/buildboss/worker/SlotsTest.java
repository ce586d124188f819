package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.protocol.Command.BoardSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Map<String, GivenBoard> boards = new HashMap<>();

    private GivenBoard board(String name) {
        return boards.computeIfAbsent(
                name, key -> new GivenBoard(new BoardSpec(key, "arm", List.of(), List.of()), response -> {}));
    }

    @Test
    void startsABoardAsSoonAsOneWorktreeIsThere() {
        Slots slots = new Slots(2);
        slots.add(board("a"));
        assertThat(slots.next()).isEmpty();
        slots.ready(1);
        assertThat(slots.next()).contains(new Slots.Start(1, board("a")));
        assertThat(slots.next()).isEmpty();
    }

    @Test
    void givesBoardsOutInTheOrderInWhichTheyCame() {
        Slots slots = new Slots(1);
        slots.ready(0);
        slots.add(board("a"));
        slots.add(board("b"));
        assertThat(slots.next().orElseThrow().board()).isEqualTo(board("a"));
        slots.ended(0, true);
        assertThat(slots.next().orElseThrow().board()).isEqualTo(board("b"));
    }

    @Test
    void isIdleOnlyWhenWorktreesAndBoardsAreThrough() {
        Slots slots = new Slots(2);
        assertThat(slots.isIdle()).isFalse();
        slots.ready(0);
        slots.broken(1, "disk full");
        assertThat(slots.isIdle()).isTrue();
        slots.add(board("a"));
        slots.next();
        assertThat(slots.isIdle()).isFalse();
        slots.ended(0, false);
        assertThat(slots.isIdle()).isTrue();
        assertThat(slots.exceptions()).isEqualTo(1);
    }

    @Test
    void givesBoardsUpOnlyWhenEverySlotIsBroken() {
        Slots slots = new Slots(2);
        slots.add(board("a"));
        slots.broken(0, "no");
        assertThat(slots.hopeless()).isEmpty();
        slots.broken(1, "why");
        assertThat(slots.hopeless()).containsExactly(board("a"));
        assertThat(slots.trouble()).isEqualTo("why");
        assertThat(slots.isIdle()).isTrue();
    }

    @Test
    void countsWaitingBoardsAsAlive() {
        Slots slots = new Slots(1);
        slots.ready(0);
        slots.add(board("a"));
        slots.add(board("b"));
        slots.next();
        assertThat(slots.alive())
                .extracting(start -> start.board().spec().board())
                .containsExactly("a", "b");
    }
}
