package dev.buildboss.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    @TempDir
    Path directory;

    private static Build build(String board, boolean first, double seconds, long at) {
        return new Build(board, "arm", "c0ffee", "fast", first, seconds, 2, at);
    }

    @Test
    void keepsBuildsFromRunToRun() {
        Path file = directory.resolve("deep/er/history.db");
        try (History history = History.open(file)) {
            history.add(List.of(build("a", true, 30, 100), build("a", false, 4, 110)));
        }
        try (History history = History.open(file)) {
            history.add(List.of(build("a", false, 6, 120), build("b", true, 9, 130)));

            assertThat(history.boards())
                    .containsExactly(
                            new BoardTimes("a", "arm", 3, 30, 5, 1, 120), new BoardTimes("b", "arm", 1, 9, 0, 1, 130));
        }
    }

    @Test
    void severalBossesWriteAtOnceAndNothingIsLost() {
        Path file = directory.resolve("history.db");
        List<CompletableFuture<Void>> bosses = new ArrayList<>();
        for (int boss = 0; boss < 4; boss++) {
            bosses.add(CompletableFuture.runAsync(() -> {
                try (History history = History.open(file)) {
                    for (int i = 0; i < 25; i++) {
                        history.add(List.of(build("a", false, 1, i), build("b", false, 1, i)));
                    }
                }
            }));
        }
        bosses.forEach(CompletableFuture::join);

        try (History history = History.open(file)) {
            assertThat(history.boards()).extracting(BoardTimes::builds).containsExactly(100, 100);
        }
    }

    @Test
    void forgetsWhatIsOlderThanItIsToKeep() {
        try (History history = History.open(directory.resolve("history.db"))) {
            history.add(List.of(build("old", true, 1, 1_000), build("new", true, 1, 100_000)));

            assertThat(history.prune(Instant.ofEpochSecond(100_010), Duration.ofSeconds(60)))
                    .isEqualTo(1);
            assertThat(history.boards()).extracting(BoardTimes::board).containsExactly("new");
        }
    }

    @Test
    void aFileThatIsNoHistoryIsNamedAndLeftAsItIs() throws IOException {
        Path file = directory.resolve("history.db");
        Files.writeString(file, "a shopping list, and long enough not to be taken for an empty file\n".repeat(20));

        assertThatThrownBy(() -> History.open(file))
                .isInstanceOf(HistoryException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("remove the file");
        assertThat(file).content().startsWith("a shopping list");
    }
}
