package dev.buildboss.worker;

import dev.buildboss.exec.OutputWatch;
import dev.buildboss.jobserver.JobServer;
import dev.buildboss.protocol.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Which boards somebody follows, and the output of those that are being built: sent as it comes to who follows, and its end kept
 * for who begins to.
 *
 * <p>Safe for threads. A piece goes out on the thread that read it from the make, so a boss that does not read slows the make
 * down and nothing piles up.
 */
final class FollowedBoards {

    /** What is kept of a make's output, in characters, for who begins to follow in the middle of it. */
    private static final int MAX_KEPT = 64 * 1024;

    private final ResponseSink sink;
    private final Map<String, Integer> watchers = new HashMap<>();
    private final Map<String, CompletableFuture<Void>> changes = new HashMap<>();
    private final Map<String, Kept> building = new HashMap<>();

    FollowedBoards(ResponseSink sink) {
        this.sink = sink;
    }

    /** One cell's command and its output so far. Its lock keeps the pieces in order. */
    private static final class Kept {
        private final String board;
        private final int commit;
        private final StringBuilder text = new StringBuilder();

        Kept(String board, int commit) {
            this.board = board;
            this.commit = commit;
        }

        void add(String piece) {
            text.append(piece);
            if (text.length() > 2 * MAX_KEPT) {
                text.delete(0, text.length() - MAX_KEPT);
            }
        }
    }

    /** So many people follow that board from now on. Returns at once. */
    void follow(String board, int count) {
        Optional<Kept> kept;
        synchronized (this) {
            boolean begins = count > 0 && !watchers.containsKey(board);
            kept = begins ? Optional.ofNullable(building.get(board)) : Optional.empty();
            if (kept.isEmpty()) {
                note(board, count);
            }
        }
        // Apart, as sending may wait for the boss, and this thread reads what the boss writes.
        kept.ifPresent(text -> {
            Thread thread = new Thread(() -> catchUp(text, count), "worker-follow");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private void catchUp(Kept kept, int count) {
        synchronized (kept) {
            send(kept, kept.text.toString());
            synchronized (this) {
                note(kept.board, count);
            }
        }
    }

    private void note(String board, int count) {
        if (count > 0) {
            watchers.put(board, count);
        } else {
            watchers.remove(board);
        }
        CompletableFuture<Void> change = changes.remove(board);
        if (change != null) {
            change.complete(null);
        }
    }

    /** How many people follow a board. */
    synchronized int watchers(String board) {
        return watchers.getOrDefault(board, 0);
    }

    /** Who follows a board, for its commands that wait for a slot. */
    JobServer.Watchers of(String board) {
        return new JobServer.Watchers() {
            @Override
            public int count() {
                return watchers(board);
            }

            @Override
            public CompletableFuture<Void> change() {
                synchronized (FollowedBoards.this) {
                    return changes.computeIfAbsent(board, key -> new CompletableFuture<>());
                }
            }
        };
    }

    /** What is to see the output of a board's next command, beside another watch; the command itself goes before it: makes are silent. */
    OutputWatch watch(String board, int commit, List<String> command, Optional<OutputWatch> other) {
        Kept kept = new Kept(board, commit);
        synchronized (this) {
            building.put(board, kept);
        }
        see(kept, "+ " + String.join(" ", command) + "\n");
        return piece -> {
            see(kept, piece);
            return other.flatMap(watch -> watch.see(piece));
        };
    }

    private void see(Kept kept, String piece) {
        synchronized (kept) {
            kept.add(piece);
            if (watchers(kept.board) > 0) {
                send(kept, piece);
            }
        }
    }

    /** The board is through here. */
    synchronized void ended(String board) {
        building.remove(board);
        changes.remove(board);
    }

    private void send(Kept kept, String text) {
        if (!text.isEmpty()) {
            sink.send(new Response.Log(kept.board, kept.commit, text));
        }
    }
}
