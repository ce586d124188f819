package dev.buildboss.boss;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * {@code worker-<machine>.log}: the protocol both ways, time-stamped; {@code >>} sent, {@code <<} received, {@code !!} trouble.
 *
 * <p>Lines are cut and the file is bounded; what would make it longer is left out, and the last line says so. A disk that refuses
 * ends the log and never the run. Safe for threads.
 */
final class MachineLog implements Closeable {

    private static final int MAX_LINE_BYTES = 1000;

    private final OutputStream out;
    private final Clock clock;
    private long left;
    private boolean ended;

    private MachineLog(OutputStream out, Clock clock, long maxBytes) {
        this.out = out;
        this.clock = clock;
        this.left = maxBytes;
    }

    /** Starts a machine's log afresh; a file that can't be made is a log that keeps nothing. */
    static MachineLog open(Path outputDir, String machine, Clock clock, long maxBytes) {
        try {
            OutputStream file = Files.newOutputStream(outputDir.resolve("worker-" + machine + ".log"));
            return new MachineLog(new BufferedOutputStream(file, 16 * 1024), clock, maxBytes);
        } catch (IOException e) {
            return new MachineLog(OutputStream.nullOutputStream(), clock, 0);
        }
    }

    void sent(byte[] line) {
        write(" >> ", line);
    }

    void received(byte[] line) {
        write(" << ", line);
    }

    void trouble(String text) {
        write(" !! ", text.getBytes(UTF_8));
        flush();
    }

    private synchronized void write(String sign, byte[] line) {
        int length = Math.min(line.length, MAX_LINE_BYTES);
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
            LocalTime now =
                    LocalTime.ofInstant(clock.instant(), ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS);
            out.write((now + sign).getBytes(UTF_8));
            out.write(line, 0, length);
            if (length == MAX_LINE_BYTES) {
                out.write("…".getBytes(UTF_8));
            }
            out.write('\n');
        } catch (IOException e) {
            ended = true;
        }
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
