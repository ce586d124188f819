package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildRequest;
import dev.buildboss.history.Build;
import dev.buildboss.history.History;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.Commit;
import dev.buildboss.settings.Settings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingDisplayTest {

    private static final Duration BUSY = Duration.ofMillis(1);

    @TempDir
    Path temp;

    private final KeepingDisplay screen = new KeepingDisplay();
    private Path file = Path.of("");
    private long nowNs;

    @BeforeEach
    void makeHistory() {
        file = temp.resolve("history.db");
        History.open(file).close();
    }

    private RecordingDisplay display() {
        return new RecordingDisplay(
                screen,
                new Settings.History(true, file.toString(), Duration.ofDays(180), BUSY),
                temp,
                BuildRequest.of(
                        temp.resolve(".git"),
                        List.of(Board.of("elm", "arm")),
                        List.of(new Commit("a".repeat(40), "first")),
                        temp.resolve("out")),
                () -> nowNs,
                Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC));
    }

    /** Cells of one board, a tenth of a second each. */
    private void builds(Display display, int cells) {
        display.event(new BuildEvent.BoardStarted("elm", "m1", cells));
        for (int i = 0; i < cells; i++) {
            nowNs += 100_000_000L;
            display.event(new BuildEvent.CellDone(
                    new Cell("elm", i), String.format("%040x", i), Optional.of("m1"), Built.of(0, false), ""));
        }
    }

    private void passes(Display display, Duration time) {
        nowNs += time.toNanos();
        display.tick();
    }

    private List<Build> written() {
        try (History history = History.open(file)) {
            return history.builds();
        }
    }

    @Test
    void writesWhatItCouldNotWhileAnotherBossHadTheFile() throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement();
                RecordingDisplay display = display()) {
            statement.execute("BEGIN IMMEDIATE");
            builds(display, 3);
            passes(display, Duration.ofSeconds(3));
            passes(display, Duration.ofSeconds(31));
            assertThat(screen.notes)
                    .singleElement()
                    .asString()
                    .contains("SQLITE_BUSY", file.toString())
                    .endsWith("; it is tried again every 30 s");

            statement.execute("COMMIT");
            builds(display, 2);
            passes(display, Duration.ofSeconds(3));
            assertThat(written()).as("nobody is asked again at once").isEmpty();
            passes(display, Duration.ofSeconds(31));
            assertThat(written()).hasSize(5);
            builds(display, 1);
            passes(display, Duration.ofSeconds(3));
            assertThat(written()).hasSize(6);
        }
        assertThat(screen.notes).hasSize(1);
    }

    @Test
    void keepsTheLatestOfWhatWaitsAndTellsWhatIsLost() throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            try (RecordingDisplay display = display()) {
                statement.execute("BEGIN IMMEDIATE");
                builds(display, RecordingDisplay.MOST_KEPT + 50);
                statement.execute("COMMIT");
            }
            assertThat(screen.notes)
                    .hasSize(2)
                    .last()
                    .isEqualTo("50 durations were not kept: the history of builds was busy");
            assertThat(written())
                    .last()
                    .satisfies(build -> assertThat(build.commit())
                            .isEqualTo(String.format("%040x", RecordingDisplay.MOST_KEPT + 49)));

            statement.execute("BEGIN IMMEDIATE");
            try (RecordingDisplay display = display()) {
                builds(display, 1);
            }
            assertThat(screen.notes).last().isEqualTo("1 duration was not kept: the history of builds was busy");
        }
    }

    @Test
    void forgetsOldBuildsPortionByPortionBetweenItsOwn() {
        try (History history = History.open(file)) {
            history.add(List.of(new Build("old", "arm", "c0ffee", "m1", true, 9, 1, 1)));
        }
        try (RecordingDisplay display = display()) {
            builds(display, 1);
            passes(display, Duration.ofSeconds(3));
        }
        assertThat(written()).extracting(Build::board).containsExactly("elm");
    }
}
