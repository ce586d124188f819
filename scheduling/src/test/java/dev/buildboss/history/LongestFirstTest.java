package dev.buildboss.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LongestFirstTest {

    private static Build took(String board, String arch, double seconds) {
        return new Build(board, arch, "c0ffee", "m", true, seconds, 1, 0);
    }

    private static List<String> order(List<Board> boards, Build... known) {
        CostModel model = CostModel.learn(List.of(known), Map.of());
        return LongestFirst.order(boards, 1, model.estimates(boards, List.of(), Map.of(), Map.of())).stream()
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
