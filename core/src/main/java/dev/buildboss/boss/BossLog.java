package dev.buildboss.boss;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * {@code .buildman.log}: the boss's events, and a status line for each machine every minute. Bounded; a disk that refuses ends
 * the log and never the run. Used by one actor.
 */
final class BossLog implements Closeable {

    private static final int MAX_LINES = 200_000;

    private final Writer out;
    private final Clock clock;
    private int left = MAX_LINES;

    private BossLog(Writer out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    static BossLog open(Path outputDir, Clock clock) {
        Path file = outputDir.resolve(".buildman.log");
        try {
            Files.deleteIfExists(file); // a link goes, what it leads to stays
            return new BossLog(new BufferedWriter(new OutputStreamWriter(Files.newOutputStream(file), UTF_8)), clock);
        } catch (IOException e) {
            return new BossLog(Writer.nullWriter(), clock);
        }
    }

    void line(String text) {
        if (left-- <= 0) {
            return;
        }
        try {
            out.write(LocalDateTime.ofInstant(clock.instant(), ZoneId.systemDefault())
                            .truncatedTo(ChronoUnit.MILLIS)
                    + " " + Words.line(text) + "\n");
            out.flush();
        } catch (IOException e) {
            left = 0;
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            left = 0;
        }
    }
}
