package dev.buildboss.follow;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One person who follows some boards: their logs are shown whole, one after the other, in the order in which they started, and so are
 * the builds of a board that several machines build at once, or a cell of it twice. What comes of a board or a build whose turn it is
 * not, or faster than it is read, waits here, up to a bound; more is cut and said. Safe for threads.
 */
public final class Follower {

    /** Characters of one board that may wait to be shown. */
    static final int MAX_WAITING = 4 * 1024 * 1024;

    private static final String NOT_BUILT = "not built to its end";

    private final Set<String> boards;
    private final Set<String> open;
    private final Map<String, Waiting> started = new LinkedHashMap<>();
    private final Deque<String> ready = new ArrayDeque<>();
    private boolean over;

    /** What of a board waits, its builds in the order in which they started. */
    private static final class Waiting {
        private final Deque<Part> parts = new ArrayDeque<>();

        int length() {
            return parts.stream().mapToInt(part -> part.text.length()).sum();
        }

        /** The one that a machine is at. */
        Optional<Part> openOn(String machine) {
            return parts.stream()
                    .filter(part -> !part.ended && part.machine.equals(machine))
                    .findFirst();
        }
    }

    /** One build of a cell, or the last words about a board. */
    private static final class Part {
        private final int commit;
        private final String machine;
        private final String name;
        private final StringBuilder text = new StringBuilder();
        private long cut;
        private boolean shown;
        private boolean ended;

        Part(String board, int commit, String machine) {
            this.commit = commit;
            this.machine = machine;
            this.name = "== " + board + ", commit " + (commit + 1) + ", on " + machine;
        }

        void end(String how) {
            ended = true;
            text.append(takeCut()).append(name).append(": ").append(how).append('\n');
        }

        String take() {
            shown = true;
            String all = text + takeCut();
            text.setLength(0);
            return all;
        }

        private String takeCut() {
            String notice = cut == 0 ? "" : "\n[... " + cut + " characters not shown ...]\n";
            cut = 0;
            return notice;
        }
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
        Optional<Part> at = waiting.openOn(machine);
        if (at.isPresent() && at.get().commit != commit) {
            at.get().ended = true;
            at = Optional.empty();
        }
        if (at.isEmpty() && waiting.length() >= MAX_WAITING) {
            waiting.parts.getLast().cut += text.length();
            return;
        }
        Part part = at.orElseGet(() -> begin(waiting, board, commit, machine));
        if (part.cut > 0 || text.length() > MAX_WAITING - waiting.length()) {
            part.cut += text.length();
        } else {
            part.text.append(text);
        }
        notifyAll();
    }

    private static Part begin(Waiting waiting, String board, int commit, String machine) {
        Part part = new Part(board, commit, machine);
        part.text.append(part.name).append('\n');
        waiting.parts.add(part);
        return part;
    }

    /** A machine has built a cell: no more will come of that build. */
    synchronized void built(String board, int commit, String machine) {
        Waiting waiting = started.get(board);
        if (waiting != null) {
            waiting.openOn(machine).filter(part -> part.commit == commit).ifPresent(part -> part.ended = true);
            notifyAll();
        }
    }

    /**
     * A cell has its outcome, from that machine: other builds of it that are under way still are ended, and what is not shown of them yet
     * is dropped.
     */
    synchronized void decided(String board, int commit, Optional<String> machine) {
        Waiting waiting = started.get(board);
        if (waiting == null) {
            return;
        }
        Predicate<Part> underWay = part -> !part.ended && part.commit == commit;
        Predicate<Part> elsewhere = underWay.and(part -> machine.isPresent() && !part.machine.equals(machine.get()));
        waiting.parts.removeIf(elsewhere.and(part -> !part.shown));
        waiting.parts.stream().filter(elsewhere).forEach(part -> part.end("ended, as it was built elsewhere"));
        waiting.parts.stream().filter(underWay).forEach(part -> part.ended = true);
        notifyAll();
    }

    /** A machine builds no more. */
    synchronized void left(String machine) {
        started.values().forEach(waiting -> waiting.openOn(machine).ifPresent(part -> part.end(NOT_BUILT)));
        notifyAll();
    }

    /** No more will come of a board. */
    synchronized void ended(String board, String how) {
        if (open.remove(board)) {
            Waiting waiting = started.computeIfAbsent(board, key -> new Waiting());
            waiting.parts.forEach(part -> part.ended = true);
            Part last = new Part(board, 0, "");
            last.ended = true;
            last.text.append("== ").append(board).append(": ").append(how).append('\n');
            waiting.parts.add(last);
            notifyAll();
        }
    }

    /** The run is over, or whoever reads is gone. */
    synchronized void end() {
        Set.copyOf(open).forEach(board -> ended(board, NOT_BUILT));
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

    /** Takes what the build whose turn it is has to say; one that has ended gives the turn to the next. */
    private void turn() {
        while (!started.isEmpty() && ready.isEmpty()) {
            Map.Entry<String, Waiting> first = started.entrySet().iterator().next();
            Deque<Part> parts = requireNonNull(first.getValue()).parts;
            Part part = parts.peek();
            if (part != null) {
                String text = part.take();
                if (!text.isEmpty()) {
                    ready.add(text);
                }
                if (!part.ended) {
                    return;
                }
                parts.remove();
            } else if (open.contains(first.getKey())) {
                return;
            } else {
                started.remove(first.getKey());
            }
        }
    }
}
