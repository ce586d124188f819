package dev.buildboss.cli;

import dev.buildboss.fetch.FetchProgress;
import dev.buildboss.fetch.Sizes;
import dev.buildboss.text.Printable;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Tells how far transfers are: on a terminal in one line that is rewritten, elsewhere a line at the begin of each. Safe for
 * threads.
 */
final class TransferLine implements FetchProgress {

    private static final long EACH_NANOS = 100_000_000L;
    private static final double NANOS = 1e9;

    private final PrintStream out;
    private final PrintStream err;
    private final Screen screen;
    private final LongSupplier nanoTime;
    private final Map<String, Transfer> transfers = new TreeMap<>();
    private long shown;
    private boolean open;

    TransferLine(PrintStream out, PrintStream err, Screen screen, LongSupplier nanoTime) {
        this.out = out;
        this.err = err;
        this.screen = screen;
        this.nanoTime = nanoTime;
    }

    private static final class Transfer {
        private final long begun;
        private final long from;
        private long done;
        private long total;

        Transfer(long begun, long from) {
            this.begun = begun;
            this.from = from;
        }
    }

    @Override
    public synchronized void at(String what, long done, long total) {
        long now = nanoTime.getAsLong();
        Transfer transfer = transfers.get(what);
        if (transfer == null) {
            transfer = new Transfer(now, done);
            transfers.put(what, transfer);
            if (!screen.rewrites()) {
                out.println(Printable.line(what)
                        + (total > 0 ? " (" + Sizes.words(total) + ")" : "")
                        + (done > 0 ? ", going on at " + Sizes.words(done) : ""));
            }
        }
        transfer.done = done;
        transfer.total = total;
        boolean last = done == total;
        if (screen.rewrites() && (last || now - shown >= EACH_NANOS)) {
            shown = now;
            rewrite(now);
        }
        if (last) {
            transfers.remove(what);
        }
    }

    private void rewrite(long now) {
        String text = transfers.entrySet().stream()
                .map(entry -> words(entry.getKey(), entry.getValue(), now))
                .collect(Collectors.joining(" · "));
        int width = Math.max(1, screen.width().getAsInt() - 1);
        String line = Printable.line(text);
        out.print("\r\u001b[K" + (line.length() > width ? line.substring(0, width) : line));
        out.flush();
        open = true;
    }

    private static String words(String what, Transfer transfer, long now) {
        double seconds = Math.max((now - transfer.begun) / NANOS, 0.001);
        String rate = Sizes.words((long) ((transfer.done - transfer.from) / seconds)) + "/s";
        return transfer.total <= 0
                ? what + ": " + Sizes.words(transfer.done) + ", " + rate
                : String.format(
                        Locale.ROOT,
                        "%s: %d %% of %s, %s",
                        what,
                        transfer.done * 100 / transfer.total,
                        Sizes.words(transfer.total),
                        rate);
    }

    /** A line that stays; the moving one makes room. */
    synchronized void say(String line) {
        clear();
        out.println(line);
    }

    /** The same for what is wrong. */
    synchronized void complain(String line) {
        clear();
        err.println(line);
    }

    private void clear() {
        if (open) {
            out.print("\r\u001b[K");
            out.flush();
            open = false;
        }
    }
}
