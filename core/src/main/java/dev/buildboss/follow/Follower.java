package dev.buildboss.follow;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One person who follows some boards: their logs are shown whole, one after the other, in the order in which they started. What comes
 * of a board whose turn it is not, or faster than it is read, waits here, up to a bound; more is cut and said. Safe for threads.
 */
public final class Follower {

    /** Characters of one board that may wait to be shown. */
    static final int MAX_WAITING = 4 * 1024 * 1024;

    private final Set<String> boards;
    private final Set<String> open;
    private final Map<String, Waiting> started = new LinkedHashMap<>();
    private final Deque<String> ready = new ArrayDeque<>();
    private boolean over;

    /** What of a board waits. */
    private static final class Waiting {
        private final StringBuilder text = new StringBuilder();
        private int commit = -1;
        private long cut;
    }

    /** Somebody who follows those boards, of which none has said anything yet. */
    Follower(Set<String> boards) {
        this.boards = Set.copyOf(boards);
        this.open = new HashSet<>(boards);
    }

    /** Whom it follows. */
    public Set<String> boards() {
        return boards;
    }

    synchronized void log(String board, int commit, String machine, String text) {
        if (over || !open.contains(board)) {
            return;
        }
        Waiting waiting = started.computeIfAbsent(board, key -> new Waiting());
        if (waiting.commit != commit) {
            waiting.commit = commit;
            add(waiting, "== " + board + ", commit " + (commit + 1) + ", on " + machine + "\n");
        }
        add(waiting, text);
        notifyAll();
    }

    private static void add(Waiting waiting, String text) {
        int room = MAX_WAITING - waiting.text.length();
        if (waiting.cut > 0 || text.length() > room) {
            waiting.cut += text.length();
        } else {
            waiting.text.append(text);
        }
    }

    /** No more will come of a board. */
    synchronized void ended(String board, String how) {
        if (open.remove(board)) {
            Waiting waiting = started.computeIfAbsent(board, key -> new Waiting());
            waiting.text
                    .append(cutNotice(waiting))
                    .append("== ")
                    .append(board)
                    .append(": ")
                    .append(how)
                    .append('\n');
            notifyAll();
        }
    }

    private static String cutNotice(Waiting waiting) {
        String notice = waiting.cut == 0 ? "" : "\n[... " + waiting.cut + " characters not shown ...]\n";
        waiting.cut = 0;
        return notice;
    }

    /** The run is over, or whoever reads is gone. */
    synchronized void end() {
        Set.copyOf(open).forEach(board -> ended(board, "not built to its end"));
        over = true;
        notifyAll();
    }

    /** The next piece to show, waiting for it; empty: all boards are through. */
    Optional<String> next() throws InterruptedException {
        synchronized (this) {
            while (true) {
                turn();
                String piece = ready.poll();
                if (piece != null) {
                    return Optional.of(piece);
                }
                if (started.isEmpty() && (open.isEmpty() || over)) {
                    return Optional.empty();
                }
                wait();
            }
        }
    }

    /** Takes what the board whose turn it is has to say; one that has ended gives the turn to the next. */
    private void turn() {
        while (!started.isEmpty() && ready.isEmpty()) {
            Map.Entry<String, Waiting> first = started.entrySet().iterator().next();
            Waiting waiting = requireNonNull(first.getValue());
            if (waiting.text.length() > 0) {
                ready.add(waiting.text + cutNotice(waiting));
                waiting.text.setLength(0);
            }
            if (open.contains(first.getKey())) {
                return;
            }
            started.remove(first.getKey());
        }
    }
}
