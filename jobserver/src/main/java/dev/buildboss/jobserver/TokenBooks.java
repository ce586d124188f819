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
import java.util.OptionalInt;
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

    private static final long CLOSE_MS = 2000;
    private static final long COUNT_STEP_MS = 20;

    /*
     * One thread reads, and only while somebody waits, as a byte that poll() or available() announced may be gone to another
     * process. Its read is ended when nobody waits any more, or the pool is to be counted; the token that it has taken
     * just before that finds nobody, and is put back.
     */
    private final TokenPipe pipe;
    private final Sharing sharing;
    private final int size;
    private final boolean own;
    private final TokenReader reader;
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

    /** Books of a pipe whose tokens are there already; parameters as in {@link JobServer}. */
    TokenBooks(TokenPipe pipe, Sharing sharing, int size, boolean own, boolean implicit) {
        this.pipe = pipe;
        this.sharing = sharing;
        this.size = size;
        this.own = own;
        this.implicitFree = implicit;
        this.reader = new TokenReader(pipe.path());
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
                if (waiting.isEmpty()) {
                    reader.end();
                }
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
            try {
                enter(); // the make that runs on it may take real ones
            } catch (IOException e) {
                throw new UncheckedIOException(e);
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
            // A read without a waiter: so that no token is between the pipe and our books.
            reader.end();
            awaitReader();
            if (isUsed()) {
                return 0;
            }
            leaveIfIdle();
            return sharing.putRight(pipe, size).orElse(0);
        }
    }

    private boolean isUsed() {
        return closed || !out.isEmpty() || cheats > 0 || !waiting.isEmpty();
    }

    private void awaitReader() throws IOException {
        try {
            while (reading && !isUsed()) {
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
                OptionalInt token = next();
                if (token.isPresent()) {
                    handOver(token.getAsInt());
                } else {
                    tookNone();
                }
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
            if (closed) {
                return false;
            }
            enter();
            reader.begin();
            reading = true;
            sharing.ringToCount(this::countIfStarved);
            return true;
        }
    }

    private void enter() throws IOException {
        if (!entered) {
            sharing.enter();
            entered = true;
        }
    }

    private OptionalInt next() throws IOException {
        synchronized (lock) {
            if (implicitFree) {
                implicitFree = false;
                return OptionalInt.of(IMPLICIT);
            }
        }
        return reader.read();
    }

    private void tookNone() throws IOException, InterruptedException {
        synchronized (lock) {
            reading = false;
            waiting.removeIf(CompletableFuture::isDone);
            lock.notifyAll();
            leaveIfIdle();
            while (isStarved()) {
                leave();
                if (sharing.putRight(pipe, size).isPresent() || !sharing.isTimeToCount()) {
                    return;
                }
                lock.wait(COUNT_STEP_MS); // another program may be about to end its read too
            }
        }
    }

    /** Whether we wait and have none, so that it may be up to us to look for lost ones. */
    private boolean isStarved() {
        return sharing.losesTokens() && !closed && !waiting.isEmpty() && out.isEmpty() && cheats == 0;
    }

    /** Ends the read under way; its thread then counts if it took none. */
    private void countIfStarved() {
        synchronized (lock) {
            if (reading && isStarved()) {
                reader.end();
            }
        }
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
        if (!reading && out.isEmpty() && cheats == 0 && waiting.isEmpty()) {
            try {
                leave();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void leave() throws IOException {
        if (entered) {
            entered = false;
            sharing.leave();
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
                countIfStarved();
                leaveIfIdle();
                return;
            }
            if (!out.remove(token) || closed) {
                return;
            }
            if (token.value() == IMPLICIT && !waiting.isEmpty()) {
                next = waiting.poll(); // the reader may be waiting for the pipe, where this slot never comes
                out.add(again);
            } else {
                countIfStarved(); // before it is back: perhaps no program has one now
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
            reader.end();
            lock.notifyAll();
        }
        left.forEach(request -> request.cancel(false));
        try {
            taker.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pipe.close();
            sharing.close(); // after the pipe: see HostSharing
        }
    }
}
