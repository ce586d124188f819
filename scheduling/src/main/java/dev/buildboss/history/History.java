package dev.buildboss.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Durations of builds, in an SQLite file that several bosses may use at once and a killed one does not harm (a write-ahead log, and
 * every {@link #add} is one transaction). Not safe for threads: each opens its own.
 */
public final class History implements AutoCloseable {

    /** How long a boss waits for another one's transaction, where nobody says. */
    private static final Duration BUSY = Duration.ofSeconds(5);

    /** After that, the log of a new file is begun again. */
    private static final Duration PAUSE = Duration.ofMillis(10);

    /** The layout of the tables; a file of a later one is refused. */
    private static final int LAYOUT = 2;

    /** What makes each layout of the one before it. */
    private static final List<List<String>> STEPS = List.of(
            List.of(
                    """
                    CREATE TABLE IF NOT EXISTS build (
                      board TEXT NOT NULL, arch TEXT NOT NULL, commit_hash TEXT NOT NULL, machine TEXT NOT NULL,
                      first INTEGER NOT NULL, seconds REAL NOT NULL, sharing INTEGER NOT NULL, at INTEGER NOT NULL)
                    """,
                    "CREATE INDEX IF NOT EXISTS build_board ON build (board)",
                    "CREATE INDEX IF NOT EXISTS build_at ON build (at)"),
            List.of(
                    "ALTER TABLE build ADD COLUMN threads INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE build ADD COLUMN configure_s REAL NOT NULL DEFAULT 0",
                    "ALTER TABLE build ADD COLUMN cpu_s REAL NOT NULL DEFAULT 0",
                    "DROP INDEX IF EXISTS build_board",
                    "CREATE INDEX build_kind ON build (board, first, at)",
                    """
                    CREATE TABLE commit_files (
                      commit_hash TEXT PRIMARY KEY, config INTEGER NOT NULL, make INTEGER NOT NULL,
                      headers INTEGER NOT NULL, sources INTEGER NOT NULL, others INTEGER NOT NULL, at INTEGER NOT NULL)
                    """));

    /** The latest builds of a board from the beginning, and as many others of it, that {@link #builds} knows. */
    private static final int REMEMBERED = 24;

    /** As many are kept of each: some room for what another look at them would want. */
    static final int KEPT = 2 * REMEMBERED;

    /** What one more build of a board takes with it of those that are too many, where an older version kept them all. */
    private static final int SURPLUS_AT_ONCE = 100;

    /** What {@link #prune} takes at once, while other bosses wait: tenths of a second on a busy computer. */
    static final int PORTION = 2_000;

    private final Path file;
    private final Connection connection;

    private History(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /**
     * Opens a history, and makes it if it is not there; waits 5 s for another boss.
     *
     * @throws HistoryException if that can't be, as when the file is none of ours
     */
    public static History open(Path file) {
        return open(file, BUSY);
    }

    /**
     * The same.
     *
     * @param busy how long another boss's transaction is waited for, here and from now on
     */
    public static History open(Path file, Duration busy) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
            try {
                prepare(connection, busy);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            return new History(file, connection);
        } catch (SQLException | IOException e) {
            throw new HistoryException(
                    "cannot open the history of builds " + file + ": " + e.getMessage()
                            + (HistoryException.isBusy(e) ? "" : " (remove the file to begin anew)"),
                    e);
        }
    }

    private static void prepare(Connection connection, Duration busy) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + busy.toMillis());
            beginLog(statement, busy);
            statement.execute("PRAGMA synchronous = NORMAL");
            if (layout(statement) < LAYOUT) {
                statement.execute("BEGIN IMMEDIATE"); // only one boss brings the file up to date
                try {
                    for (int from = layout(statement); from < LAYOUT; from++) {
                        for (String step : STEPS.get(from)) {
                            statement.execute(step);
                        }
                    }
                    statement.execute("PRAGMA user_version = " + LAYOUT);
                    statement.execute("COMMIT");
                } catch (SQLException e) {
                    statement.execute("ROLLBACK");
                    throw e;
                }
            }
        }
    }

    /** Begins the write-ahead log of a new file. SQLite heeds no busy timeout there if another boss is just doing the same. */
    private static void beginLog(Statement statement, Duration busy) throws SQLException {
        long begunNs = System.nanoTime();
        while (true) {
            try {
                statement.execute("PRAGMA journal_mode = WAL");
                return;
            } catch (SQLException e) {
                boolean late = System.nanoTime() - begunNs >= busy.toNanos();
                boolean ends = late || Thread.currentThread().isInterrupted();
                if (ends || !HistoryException.isBusy(e)) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static int layout(Statement statement) throws SQLException {
        try (ResultSet found = statement.executeQuery("PRAGMA user_version")) {
            int layout = found.next() ? found.getInt(1) : 0;
            if (layout > LAYOUT) {
                throw new SQLException("it was written by a later version of Buildboss");
            }
            return layout;
        }
    }

    private interface Rows {
        void fill(PreparedStatement statement) throws SQLException;
    }

    private interface Writing {
        void run() throws SQLException;
    }

    /** Adds builds, all or none; of each board's, those are forgotten that are older than many others of their kind. */
    public void add(List<Build> builds) {
        transaction(() -> {
            insert(builds);
            forget(builds);
        });
    }

    private void insert(List<Build> builds) throws SQLException {
        batch("INSERT INTO build VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", statement -> {
            for (Build build : builds) {
                statement.setString(1, build.board());
                statement.setString(2, build.arch());
                statement.setString(3, build.commit());
                statement.setString(4, build.machine());
                statement.setBoolean(5, build.first());
                statement.setDouble(6, build.seconds());
                statement.setDouble(7, build.sharing());
                statement.setLong(8, build.at());
                statement.setInt(9, build.threads());
                statement.setDouble(10, build.configureS());
                statement.setDouble(11, build.cpuS());
                statement.addBatch();
            }
        });
    }

    private void forget(List<Build> since) throws SQLException {
        String surplus = """
                DELETE FROM build WHERE rowid IN (
                  SELECT rowid FROM build WHERE board = ? AND first = ? ORDER BY at DESC, rowid DESC LIMIT ? OFFSET ?)
                """;
        Map<String, Set<Boolean>> kinds = new HashMap<>();
        since.forEach(build ->
                kinds.computeIfAbsent(build.board(), board -> new HashSet<>()).add(build.first()));
        batch(surplus, statement -> {
            for (Map.Entry<String, Set<Boolean>> board : kinds.entrySet()) {
                for (boolean first : board.getValue()) {
                    statement.setString(1, board.getKey());
                    statement.setBoolean(2, first);
                    statement.setInt(3, SURPLUS_AT_ONCE);
                    statement.setInt(4, KEPT);
                    statement.addBatch();
                }
            }
        });
    }

    /** Adds what commits change, by hash; {@code at} in seconds since 1970. */
    public void addChanges(Map<String, ChangedFiles> changes, long at) {
        Rows rows = statement -> {
            for (Map.Entry<String, ChangedFiles> entry : changes.entrySet()) {
                ChangedFiles files = entry.getValue();
                statement.setString(1, entry.getKey());
                statement.setInt(2, files.config());
                statement.setInt(3, files.make());
                statement.setInt(4, files.headers());
                statement.setInt(5, files.sources());
                statement.setInt(6, files.others());
                statement.setLong(7, at);
                statement.addBatch();
            }
        };
        transaction(() -> batch("INSERT OR REPLACE INTO commit_files VALUES (?, ?, ?, ?, ?, ?, ?)", rows));
    }

    private void batch(String sql, Rows rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            rows.fill(statement);
            statement.executeBatch();
        }
    }

    private void transaction(Writing writing) {
        try {
            connection.setAutoCommit(false);
            try {
                writing.run();
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw failed("write", e);
        }
    }

    /** The latest builds of each board, oldest first: no more than a {@link CostModel} has a use for. */
    public List<Build> builds() {
        String query = """
                SELECT board, arch, commit_hash, machine, first, seconds, sharing, at, threads, configure_s, cpu_s FROM (
                  SELECT *, rowid AS place,
                    row_number() OVER (PARTITION BY board, first ORDER BY at DESC, rowid DESC) AS age FROM build)
                WHERE age <= ? ORDER BY at, place
                """;
        List<Build> result = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setInt(1, REMEMBERED);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    result.add(build(row));
                }
            }
        } catch (SQLException e) {
            throw failed("read", e);
        }
        return result;
    }

    private static Build build(ResultSet row) throws SQLException {
        return new Build(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getBoolean(5),
                row.getDouble(6),
                row.getDouble(7),
                row.getLong(8),
                row.getInt(9),
                row.getDouble(10),
                row.getDouble(11));
    }

    /** What commits change, by hash, as far as is known. */
    public Map<String, ChangedFiles> changes() {
        Map<String, ChangedFiles> result = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT commit_hash, config, make, headers, sources, others FROM commit_files")) {
            while (row.next()) {
                result.put(
                        row.getString(1),
                        new ChangedFiles(row.getInt(2), row.getInt(3), row.getInt(4), row.getInt(5), row.getInt(6)));
            }
        } catch (SQLException e) {
            throw failed("read", e);
        }
        return result;
    }

    /** What is known of each board, by name. */
    public List<BoardTimes> boards() {
        String query = """
                SELECT board, max(arch), count(*), coalesce(avg(CASE WHEN first THEN seconds END), 0),
                  coalesce(avg(CASE WHEN NOT first THEN seconds END), 0), count(DISTINCT machine), max(at)
                FROM build GROUP BY board ORDER BY board
                """;
        List<BoardTimes> result = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                result.add(new BoardTimes(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getDouble(4),
                        row.getDouble(5),
                        row.getInt(6),
                        row.getLong(7)));
            }
        } catch (SQLException e) {
            throw failed("read", e);
        }
        return result;
    }

    /**
     * Forgets a portion of what is older than that, so that no other boss waits for long; what is left is for another call.
     *
     * @return how much; 0: there was nothing
     */
    public int prune(Instant now, Duration keep) {
        int gone = 0;
        for (String table : List.of("build", "commit_files")) {
            String old =
                    "DELETE FROM " + table + " WHERE rowid IN (SELECT rowid FROM " + table + " WHERE at < ? LIMIT ?)";
            try (PreparedStatement statement = connection.prepareStatement(old)) {
                statement.setLong(1, now.minus(keep).getEpochSecond());
                statement.setInt(2, PORTION);
                gone += statement.executeUpdate();
            } catch (SQLException e) {
                throw failed("write", e);
            }
        }
        return gone;
    }

    private HistoryException failed(String what, SQLException cause) {
        return new HistoryException(
                "cannot " + what + " the history of builds " + file + ": " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed("close", e);
        }
    }
}
