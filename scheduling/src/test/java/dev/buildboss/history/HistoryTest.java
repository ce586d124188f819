package dev.buildboss.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    /** For a disk that takes its time: it only decides how late a failure shows. */
    private static final Duration LONG = Duration.ofMinutes(2);

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
                try (History history = History.open(file, LONG)) {
                    for (int i = 0; i < 10; i++) {
                        history.add(List.of(build("a", false, 1, i), build("b", false, 1, i)));
                    }
                }
            }));
        }
        bosses.forEach(CompletableFuture::join);

        try (History history = History.open(file)) {
            assertThat(history.boards()).extracting(BoardTimes::builds).containsExactly(40, 40);
        }
    }

    @Test
    void waitsForAnotherBossThatMakesTheFile() throws Exception {
        Path file = directory.resolve("history.db");
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TABLE other (one INTEGER)");
            statement.execute("BEGIN IMMEDIATE"); // SQLite itself begins no write-ahead log meanwhile, and doesn't wait
            assertThatThrownBy(() -> History.open(file, Duration.ofMillis(1)))
                    .isInstanceOfSatisfying(
                            HistoryException.class, e -> assertThat(e.isBusy()).isTrue());

            CompletableFuture<Boolean> end = CompletableFuture.supplyAsync(
                    () -> ended(statement), CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
            try (History history = History.open(file, LONG)) {
                assertThat(history.builds()).isEmpty();
            }
            assertThat(end).succeedsWithin(LONG);
        }
    }

    private static boolean ended(Statement transaction) {
        try {
            return transaction.execute("COMMIT");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
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
    void keepsNoMoreOfABoardThanIsEverRead() {
        try (History history = History.open(directory.resolve("history.db"))) {
            for (int i = 0; i < 70; i++) {
                history.add(List.of(build("busy", false, i, i), build("busy", true, i, 1000 + i)));
            }
            history.add(List.of(build("other", false, 1, 5), build("busy", false, 1, 0)));

            assertThat(history.boards())
                    .extracting(BoardTimes::board, BoardTimes::builds)
                    .containsExactly(tuple("busy", 2 * History.KEPT), tuple("other", 1));
            assertThat(history.builds())
                    .filteredOn(build -> build.board().equals("busy"))
                    .hasSize(History.KEPT)
                    .extracting(Build::seconds)
                    .endsWith(69.0);
        }
    }

    @Test
    void forgetsLittleAtOnceOfWhatAnOlderVersionKept() throws SQLException {
        Path file = directory.resolve("history.db");
        int many = 2 * History.PORTION + 10;
        try (History history = History.open(file);
                Connection raw = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = raw.createStatement()) {
            statement.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + many
                    + ") INSERT INTO build SELECT 'a', 'arm', 'c0ffee', 'm', 1, 9.0, 1, i, 0, 0, 0 FROM n");

            history.add(List.of(build("a", true, 9, many + 1)));
            assertThat(history.boards()).extracting(BoardTimes::builds).containsExactly(many + 1 - 100);

            Instant now = Instant.ofEpochSecond(1_000_000);
            List<Integer> gone = new ArrayList<>();
            for (int portion = 1; portion > 0; ) {
                portion = history.prune(now, Duration.ofSeconds(60));
                gone.add(portion);
            }
            assertThat(gone).containsExactly(History.PORTION, History.PORTION - 89, 0);
        }
    }

    @Test
    void saysThatAnotherProgramHasTheFile() throws SQLException {
        Path file = directory.resolve("history.db");
        try (History history = History.open(file, Duration.ofMillis(1));
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");

            assertThatThrownBy(() -> history.add(List.of(build("a", true, 1, 1))))
                    .isInstanceOfSatisfying(
                            HistoryException.class, e -> assertThat(e.isBusy()).isTrue());
            assertThatThrownBy(() -> history.prune(Instant.EPOCH, Duration.ofDays(1)))
                    .isInstanceOfSatisfying(
                            HistoryException.class, e -> assertThat(e.isBusy()).isTrue());

            statement.execute("COMMIT");
            history.add(List.of(build("a", true, 1, 1)));
            assertThat(history.builds()).hasSize(1);
        }
    }

    @Test
    void knowsTheLatestBuildsOfEachBoardAndWhatCommitsChange() {
        Path file = directory.resolve("history.db");
        try (History history = History.open(file)) {
            Build whole = new Build("a", "arm", "c0ffee", "fast", true, 9, 3, 100, 8, 1.5, 40);
            history.add(List.of(whole, build("a", false, 2, 90)));
            for (int i = 0; i < 50; i++) {
                history.add(List.of(build("busy", false, i, 1000 + i)));
            }
            history.addChanges(Map.of("c0ffee", new ChangedFiles(1, 2, 3, 4, 5)), 200);

            assertThat(history.builds()).contains(whole, build("a", false, 2, 90));
            assertThat(history.builds().stream().filter(b -> b.board().equals("busy")))
                    .hasSize(24)
                    .last()
                    .isEqualTo(build("busy", false, 49, 1049));
            assertThat(history.changes()).containsExactly(Map.entry("c0ffee", new ChangedFiles(1, 2, 3, 4, 5)));
        }
    }

    @Test
    void aFileOfTheFirstLayoutKeepsItsBuilds() throws SQLException {
        Path file = directory.resolve("history.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE build (board TEXT NOT NULL, arch TEXT NOT NULL, commit_hash TEXT NOT NULL,"
                    + " machine TEXT NOT NULL, first INTEGER NOT NULL, seconds REAL NOT NULL, sharing INTEGER NOT NULL,"
                    + " at INTEGER NOT NULL)");
            statement.execute("CREATE INDEX build_board ON build (board)");
            statement.execute("INSERT INTO build VALUES ('a', 'arm', 'c0ffee', 'fast', 1, 30.0, 2, 100)");
            statement.execute("PRAGMA user_version = 1");
        }
        List<CompletableFuture<List<Build>>> bosses = new ArrayList<>();
        for (int boss = 0; boss < 4; boss++) {
            bosses.add(CompletableFuture.supplyAsync(() -> {
                try (History history = History.open(file, LONG)) {
                    return history.builds();
                }
            }));
        }

        bosses.forEach(builds -> assertThat(builds.join()).containsExactly(build("a", true, 30, 100)));
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
