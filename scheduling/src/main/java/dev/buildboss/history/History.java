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
import java.util.List;

/**
 * Durations of builds, in an SQLite file that several bosses may use at once and a killed one does not harm (a write-ahead log, and
 * every {@link #add} is one transaction). Not safe for threads: each opens its own.
 */
public final class History implements AutoCloseable {

    /** How long a boss waits for another one's transaction. */
    private static final int BUSY_MS = 5000;

    /** The layout of the tables; a file of a later one is refused. */
    private static final int LAYOUT = 1;

    private static final String TABLES = """
            CREATE TABLE IF NOT EXISTS build (
              board TEXT NOT NULL, arch TEXT NOT NULL, commit_hash TEXT NOT NULL, machine TEXT NOT NULL,
              first INTEGER NOT NULL, seconds REAL NOT NULL, sharing INTEGER NOT NULL, at INTEGER NOT NULL)
            """;

    private final Path file;
    private final Connection connection;

    private History(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /**
     * Opens a history, and makes it if it is not there.
     *
     * @throws HistoryException if that can't be, as when the file is none of ours
     */
    public static History open(Path file) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
            try {
                prepare(connection);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            return new History(file, connection);
        } catch (SQLException | IOException e) {
            throw new HistoryException(
                    "cannot open the history of builds " + file + ": " + e.getMessage()
                            + " (remove the file to begin anew)",
                    e);
        }
    }

    private static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + BUSY_MS);
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = NORMAL");
            int layout;
            try (ResultSet found = statement.executeQuery("PRAGMA user_version")) {
                layout = found.next() ? found.getInt(1) : 0;
            }
            if (layout > LAYOUT) {
                throw new SQLException("it was written by a later version of Buildboss");
            }
            statement.execute(TABLES);
            statement.execute("CREATE INDEX IF NOT EXISTS build_board ON build (board)");
            statement.execute("CREATE INDEX IF NOT EXISTS build_at ON build (at)");
            if (layout < LAYOUT) {
                statement.execute("PRAGMA user_version = " + LAYOUT);
            }
        }
    }

    /** Adds builds, all or none. */
    public void add(List<Build> builds) {
        String insert = "INSERT INTO build VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        try {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                for (Build build : builds) {
                    statement.setString(1, build.board());
                    statement.setString(2, build.arch());
                    statement.setString(3, build.commit());
                    statement.setString(4, build.machine());
                    statement.setBoolean(5, build.first());
                    statement.setDouble(6, build.seconds());
                    statement.setInt(7, build.sharing());
                    statement.setLong(8, build.at());
                    statement.addBatch();
                }
                statement.executeBatch();
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
     * Forgets what is older than that.
     *
     * @return how many builds
     */
    public int prune(Instant now, Duration keep) {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM build WHERE at < ?")) {
            statement.setLong(1, now.minus(keep).getEpochSecond());
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw failed("write", e);
        }
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
