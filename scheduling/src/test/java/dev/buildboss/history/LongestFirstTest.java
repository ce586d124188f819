package dev.buildboss.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import java.util.List;
import org.junit.jupiter.api.Test;

class LongestFirstTest {

    private static BoardTimes took(String board, String arch, double first) {
        return new BoardTimes(board, arch, 1, first, 0, 1, 0);
    }

    private static List<String> order(List<Board> boards, BoardTimes... known) {
        return LongestFirst.order(boards, List.of(known)).stream()
                .map(Board::target)
                .toList();
    }

    @Test
    void aBoardThatWasNeverBuiltTakesWhatItsArchitectureDoes() {
        List<Board> boards = List.of(
                Board.of("short", "arm"),
                Board.of("unknown-x86", "x86"),
                Board.of("unknown", "mips"),
                Board.of("long", "arm"));

        assertThat(order(boards, took("short", "arm", 5), took("long", "arm", 90), took("other", "x86", 80)))
                .containsExactly("long", "unknown-x86", "unknown", "short");
    }

    @Test
    void boardsOfWhichNothingIsKnownKeepTheirOrder() {
        List<Board> boards = List.of(Board.of("b", "arm"), Board.of("a", "arm"), Board.of("c", "x86"));

        assertThat(order(boards)).containsExactly("b", "a", "c");
    }
}
