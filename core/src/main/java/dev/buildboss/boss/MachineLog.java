package dev.buildboss.boss;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/**
 * {@code worker-<machine>.log}: the protocol both ways, time-stamped; {@code >>} sent, {@code <<} received, {@code !!} trouble.
 *
 * <p>Lines are cut and the file is bounded; what would make it longer is left out, and the last line says so. A disk that refuses
 * ends the log and never the run. Safe for threads.
 */
final class MachineLog implements Closeable {

    private static final int MAX_LINE_BYTES = 1000;

    /** What is kept of a piece of a file: whose it is, not what is in it. */
    private static final int MAX_PIECE_BYTES = 160;

    private static final byte[] PIECE = "BM> {\"resp\":\"artefact\"".getBytes(UTF_8);

    /** How long a line may wait in memory: who follows the log, or looks at it after a crash, misses no more. */
    private static final long FLUSH_MS = 1000;

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private static final byte[] SENT = " >> ".getBytes(US_ASCII);
    private static final byte[] RECEIVED = " << ".getBytes(US_ASCII);
    private static final byte[] TROUBLE = " !! ".getBytes(US_ASCII);
    private static final byte[] NOTE = " -- ".getBytes(US_ASCII);

    private final OutputStream out;
    private final Clock clock;
    private long left;
    private long flushedMs;
    private boolean ended;
    private long stampSecond;
    private byte[] stamp = {};

    private MachineLog(OutputStream out, Clock clock, long maxBytes) {
        this.out = out;
        this.clock = clock;
        this.left = maxBytes;
    }

    /**
     * A machine's log; a file that can't be made is a log that keeps nothing.
     *
     * @param again whether this is a further connection of the same run, which goes on in the same file
     */
    static MachineLog open(Path outputDir, String machine, Clock clock, long maxBytes, boolean again) {
        Path path = outputDir.resolve("worker-" + machine + ".log");
        try {
            if (!again) {
                Files.deleteIfExists(path); // a link goes, what it leads to stays
            }
            OutputStream file = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            MachineLog log =
                    new MachineLog(new BufferedOutputStream(file, 16 * 1024), clock, maxBytes - Files.size(path));
            log.write(
                    NOTE,
                    ("connection of " + LocalDate.ofInstant(clock.instant(), ZoneId.systemDefault())).getBytes(UTF_8));
            return log;
        } catch (IOException e) {
            return new MachineLog(OutputStream.nullOutputStream(), clock, 0);
        }
    }

    void sent(byte[] line) {
        write(SENT, line);
    }

    void received(byte[] line) {
        write(RECEIVED, line);
    }

    void trouble(String text) {
        write(TROUBLE, text.getBytes(UTF_8));
        flush();
    }

    private synchronized void write(byte[] sign, byte[] line) {
        boolean piece = line.length > PIECE.length && Arrays.equals(line, 0, PIECE.length, PIECE, 0, PIECE.length);
        int most = piece ? MAX_PIECE_BYTES : MAX_LINE_BYTES;
        int length = Math.min(line.length, most);
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r')) {
            length--;
        }
        if (ended) {
            return;
        }
        left -= length + 20;
        try {
            if (left < 0) {
                ended = true;
                out.write("!! the log ends here: it reached its limit\n".getBytes(UTF_8));
                return;
            }
            long nowMs = clock.millis();
            stamp(nowMs);
            out.write(sign);
            out.write(line, 0, length);
            if (length == most) {
                out.write("…".getBytes(UTF_8));
            }
            out.write('\n');
            if (nowMs - flushedMs >= FLUSH_MS) {
                flushedMs = nowMs;
                out.flush();
            }
        } catch (IOException e) {
            ended = true;
        }
    }

    /** The second's text is kept: time zones are not to be asked for each line. */
    private void stamp(long nowMs) throws IOException {
        long second = Math.floorDiv(nowMs, 1000L);
        if (second != stampSecond || stamp.length == 0) {
            stampSecond = second;
            stamp = STAMP.format(LocalTime.ofInstant(Instant.ofEpochSecond(second), ZoneId.systemDefault()))
                    .getBytes(US_ASCII);
        }
        out.write(stamp);
        int ms = (int) Math.floorMod(nowMs, 1000L);
        out.write('.');
        out.write('0' + ms / 100);
        out.write('0' + ms / 10 % 10);
        out.write('0' + ms % 10);
    }

    synchronized void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            ended = true;
        }
    }

    @Override
    public synchronized void close() {
        ended = true;
        try {
            out.close();
        } catch (IOException e) {
            // nothing more can be done for a log
        }
    }
}
