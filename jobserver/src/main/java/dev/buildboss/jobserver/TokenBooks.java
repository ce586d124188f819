package dev.buildboss.jobserver;

import dev.buildboss.jobserver.JobServer.Token;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The books of a pool in this JVM: who waits for a token, which ones are out, and the thread that takes them from the pipe. Every
 * token is in the pipe, out, or in that thread's hand.
 *
 * <p>Safe for threads. No caller's code runs under the lock.
 */
final class TokenBooks implements AutoCloseable {

    /** Stands for the slot that this process has without a token. */
    static final int IMPLICIT = -1;
    /** Stands for a made-up token. */
    static final int CHEAT = -2;

    private static final long CLOSE_STEP_MS = 50;

    /*
     * One thread reads, and only while somebody waits: a blocked read of a pipe can't be interrupted, and a byte that poll()
     * or available() announced may be gone to another process. A read that has outlived its waiters takes a token at some
     * time, finds nobody, and puts it back.
     */
    private final TokenPipe pipe;
    private final Sharing sharing;
    private final int size;
    private final boolean own;
    private final Thread taker;
    private final Object lock = new Object();

    // Guarded by lock.
    private final Deque<CompletableFuture<Token>> waiting = new ArrayDeque<>();
    private final Set<Token> out = new LinkedHashSet<>();
    private boolean implicitFree;
    private int cheats;
    private boolean entered;
    private boolean reading;
    private boolean closed;
    private boolean ended;
    private int surplus;

    /** Books of a pipe whose tokens are there already; parameters as in {@link JobServer}. */
    TokenBooks(TokenPipe pipe, Sharing sharing, int size, boolean own, boolean implicit) {
        this.pipe = pipe;
        this.sharing = sharing;
        this.size = size;
        this.own = own;
        this.implicitFree = implicit;
        this.taker = new Thread(this::takeTokens, "jobserver-" + pipe.path());
        taker.setDaemon(true);
        taker.start();
    }

    /**
     * Asks for a token.
     *
     * @param first whether before all others that wait
     */
    CompletableFuture<Token> request(boolean first) {
        CompletableFuture<Token> request = new CompletableFuture<>();
        synchronized (lock) {
            if (closed) {
                request.cancel(false);
            } else if (first) {
                waiting.addFirst(request);
            } else {
                waiting.add(request);
            }
            lock.notifyAll();
        }
        return request;
    }

    /** Withdraws a request; what it got just before that is returned. */
    Optional<Token> withdraw(CompletableFuture<Token> request) {
        if (request.cancel(false)) {
            synchronized (lock) {
                waiting.removeIf(CompletableFuture::isDone);
                leaveIfIdle();
            }
        }
        try {
            return Optional.of(request.join());
        } catch (CancellationException e) {
            return Optional.empty();
        }
    }

    /** A made-up token; empty if there are as many as that. */
    Optional<Token> cheat(int most) {
        synchronized (lock) {
            if (closed) {
                throw new CancellationException("the job pool is closed");
            }
            if (cheats >= most) {
                return Optional.empty();
            }
            cheats++;
            return Optional.of(new Token(CHEAT, this));
        }
    }

    /** Made-up tokens that are out. */
    int cheats() {
        synchronized (lock) {
            return cheats;
        }
    }

    /** As {@link JobServer#restore}. */
    int restore() throws IOException {
        synchronized (lock) {
            waiting.removeIf(CompletableFuture::isDone);
            if (isUsed()) {
                return 0;
            }
            int lent = 0;
            if (reading) {
                if (!own) {
                    return 0; // a token lent to our own read might go to another program's
                }
                // A read without a waiter: let it end, so that no token is between the pipe and our books.
                pipe.write(TokenPipe.TOKEN);
                lent = 1;
                awaitReader();
                if (isUsed()) {
                    surplus += lent; // not idle any more: the next token that comes back pays for it
                    return 0;
                }
            }
            int extra = lent;
            int[] missing = new int[1];
            sharing.alone(() -> {
                missing[0] = size - (pipe.available() - extra);
                pipe.fill(size);
            });
            return missing[0];
        }
    }

    private boolean isUsed() {
        return closed || !out.isEmpty() || cheats > 0 || !waiting.isEmpty();
    }

    private void awaitReader() throws IOException {
        try {
            while (reading && !closed) {
                lock.wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the job pool was counted", e);
        }
    }

    private void takeTokens() {
        try {
            while (awaitWaiter()) {
                handOver(next());
            }
        } catch (IOException e) {
            breakDown(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitWaiter() throws InterruptedException, IOException {
        synchronized (lock) {
            while (!closed && waiting.isEmpty()) {
                lock.wait();
            }
            if (!closed && !entered) {
                sharing.enter();
                entered = true;
            }
            reading = !closed;
            return !closed;
        }
    }

    private int next() throws IOException {
        synchronized (lock) {
            if (implicitFree) {
                implicitFree = false;
                return IMPLICIT;
            }
        }
        return pipe.read();
    }

    private void handOver(int value) throws IOException {
        @Nullable CompletableFuture<Token> next;
        Token token = new Token(value, this);
        synchronized (lock) {
            reading = false;
            next = waiting.poll();
            if (next == null) {
                putBack(value);
                leaveIfIdle();
                if (closed && !own) {
                    pipe.close(); // of others: our end was left to this read
                }
            } else {
                out.add(token);
            }
            lock.notifyAll();
        }
        // Outside the lock: completing runs the callers' stages.
        if (next != null && !next.complete(token)) {
            token.close();
        }
    }

    /**
     * While somebody always waits, there is no idle moment to count in. But when nothing of ours is out, no client runs: then all
     * tokens are in the pipe, but for the one that our own read may have in hand.
     */
    private void refillForWaiters() {
        if (!own || !out.isEmpty() || cheats > 0 || waiting.isEmpty()) {
            return;
        }
        try {
            for (int i = pipe.available(); i < size - (reading ? 1 : 0); i++) {
                pipe.write(TokenPipe.TOKEN);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void putBack(int value) throws IOException {
        if (value == IMPLICIT) {
            implicitFree = true;
        } else if (value != CHEAT) {
            pipe.write(value);
        }
    }

    private void leaveIfIdle() {
        if (entered && !reading && out.isEmpty() && waiting.isEmpty()) {
            entered = false;
            try {
                sharing.leave();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void breakDown(IOException cause) {
        List<CompletableFuture<Token>> left;
        boolean expected;
        synchronized (lock) {
            reading = false;
            expected = closed;
            closed = true;
            left = new ArrayList<>(waiting);
            waiting.clear();
            lock.notifyAll();
        }
        for (CompletableFuture<Token> request : left) {
            if (expected) {
                request.cancel(false);
            } else {
                request.completeExceptionally(cause);
            }
        }
    }

    /** Takes a token back that {@link #request} or {@link #cheat} gave out, once. */
    void giveBack(Token token) {
        @Nullable CompletableFuture<Token> next = null;
        Token again = new Token(token.value(), this);
        synchronized (lock) {
            if (token.value() == CHEAT) {
                cheats--;
                return;
            }
            if (!out.remove(token) || closed) {
                return;
            }
            if (token.value() == IMPLICIT && !waiting.isEmpty()) {
                next = waiting.poll(); // the reader may be waiting for the pipe, where this slot never comes
                out.add(again);
            } else if (surplus > 0 && token.value() != IMPLICIT) {
                surplus--;
            } else {
                try {
                    putBack(token.value());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            refillForWaiters();
            leaveIfIdle();
        }
        if (next != null && !next.complete(again)) {
            again.close();
        }
    }

    /** As {@link JobServer#close}. */
    @Override
    public void close() throws IOException {
        List<CompletableFuture<Token>> left;
        boolean leftToReader;
        synchronized (lock) {
            if (ended) {
                return;
            }
            ended = true;
            left = new ArrayList<>(waiting);
            waiting.clear();
            if (!own) {
                List.copyOf(out).forEach(Token::close);
            }
            closed = true;
            leftToReader = reading && !own;
            lock.notifyAll();
        }
        left.forEach(request -> request.cancel(false));
        try {
            // A read that hangs is ended by a token; a client may be quicker, so try as often as there can be clients.
            for (int i = 0; own && taker.isAlive() && i < size; i++) {
                pipe.write(TokenPipe.TOKEN);
                taker.join(CLOSE_STEP_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sharing.close();
            if (!leftToReader) {
                pipe.close();
            }
        }
    }
}
