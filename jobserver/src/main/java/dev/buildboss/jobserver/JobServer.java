package dev.buildboss.jobserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A pool of job slots that any number of makes share: GNU make's jobserver, held or joined by the JVM. {@link JobPools} makes them.
 *
 * <p>The pool has as many tokens as there may be jobs. Whoever starts a make takes a {@link Token} first (the make's implicit
 * slot), starts it with {@link #command}, and closes the token when the make has ended, however it ended. The make takes and
 * gives back the tokens for its further jobs itself. Unlike make's own server, which keeps one slot for itself, one of our own
 * builds nothing: all its tokens are in the pipe. In a parent's pool this process owns one slot that is in no pipe, and
 * that is handed out first.
 *
 * <p>A make that is killed with SIGKILL keeps what it held, so the pool shrinks: {@link #restore} fills it up again when
 * nothing runs. SIGTERM and SIGINT lose nothing.
 *
 * <p>Safe for threads. Requests of this JVM are served in their order; against other processes the kernel decides.
 */
public final class JobServer implements AutoCloseable {

    /** The most tokens that fit into a pipe of the smallest size that Linux gives (one page). */
    public static final int MAX_TOKENS = 4096;

    private static final int TOKEN = '+';
    /** Stands for the slot that this process has without a token. */
    private static final int IMPLICIT = -1;
    /** Stands for a made-up token. */
    private static final int CHEAT = -2;

    private static final long CLOSE_STEP_MS = 50;
    /** How long somebody who may cheat waits for a real token: redo's figures. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(10);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

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

    /**
     * A pool on that pipe, whose tokens are there already.
     *
     * @param size jobs at once
     * @param own whether nobody but this JVM's clients uses it
     * @param implicit whether this process has a slot that is not in the pipe
     */
    JobServer(TokenPipe pipe, Sharing sharing, int size, boolean own, boolean implicit) {
        this.pipe = pipe;
        this.sharing = sharing;
        this.size = size;
        this.own = own;
        this.implicitFree = implicit;
        this.taker = new Thread(this::takeTokens, "jobserver-" + pipe.path());
        taker.setDaemon(true);
        taker.start();
    }

    /** As {@link JobPools#create}. */
    public static JobServer create(Path parent, int tokens) throws IOException {
        return JobPools.create(parent, tokens);
    }

    static void fill(TokenPipe pipe, int tokens) throws IOException {
        for (int i = pipe.available(); i < tokens; i++) {
            pipe.write(TOKEN);
        }
        for (int i = pipe.available(); i > tokens; i--) {
            pipe.read();
        }
    }

    /** Jobs at once, of all clients together; of a parent's pool: as many as this process was told to count with. */
    public int size() {
        return size;
    }

    /** Whether it is this JVM's alone; else others may hold its tokens too, and a make that is killed may cost them. */
    public boolean isOwn() {
        return own;
    }

    /** The pipe, for clients that open it themselves. */
    public Path fifo() {
        return pipe.path();
    }

    /** The arguments that start a command as a client of this pool: see {@link MakeClient#command}. */
    public List<String> command(MakeClient way, List<String> command) {
        return way.command(pipe.path(), command);
    }

    /**
     * Asks for a token. Cancel the future to withdraw; a future that is complete with a token can't be cancelled, and that
     * token must be closed. Dependent stages run on the pool's own thread, or that of who gives a token back, and must not
     * block. Cancelled if the pool is closed.
     */
    public CompletableFuture<Token> request() {
        return request(false);
    }

    private CompletableFuture<Token> request(boolean first) {
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

    /**
     * Takes a token, waiting as long as it takes.
     *
     * @throws CancellationException if the pool is closed meanwhile
     */
    public Token acquire() throws InterruptedException {
        CompletableFuture<Token> request = request();
        try {
            return request.get();
        } catch (ExecutionException e) {
            throw broken(e);
        } catch (InterruptedException e) {
            withdraw(request).ifPresent(Token::close);
            throw e;
        }
    }

    /** Takes a token if there is one within that time. */
    public Optional<Token> tryAcquire(Duration timeout) throws InterruptedException {
        return await(request(), timeout);
    }

    /**
     * Takes a token for work that somebody watches and that must not starve: before all others of this JVM, and, where none is
     * to be had at once, a made-up one (it <em>cheats</em>). A made-up token is never given to the pool, so the books stay right.
     *
     * @param most made-up tokens that there may be at once: one for each watcher
     * @throws CancellationException if the pool is closed meanwhile
     */
    public Token acquireOrCheat(int most) throws InterruptedException {
        Duration wait = FIRST_WAIT;
        while (true) {
            Optional<Token> real = await(request(true), wait);
            if (real.isPresent()) {
                return real.get();
            }
            synchronized (lock) {
                if (closed) {
                    throw new CancellationException("the job pool is closed");
                }
                if (cheats < most) {
                    cheats++;
                    return new Token(CHEAT);
                }
            }
            Duration twice = wait.multipliedBy(2);
            wait = twice.compareTo(LONGEST_WAIT) < 0 ? twice : LONGEST_WAIT;
        }
    }

    private Optional<Token> await(CompletableFuture<Token> request, Duration timeout) throws InterruptedException {
        try {
            return Optional.of(request.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            throw broken(e);
        } catch (TimeoutException e) {
            return withdraw(request);
        } catch (InterruptedException e) {
            withdraw(request).ifPresent(Token::close);
            throw e;
        }
    }

    /** Withdraws a request; what it got just before that is returned. */
    private Optional<Token> withdraw(CompletableFuture<Token> request) {
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

    private static UncheckedIOException broken(ExecutionException e) {
        return new UncheckedIOException(new IOException("the job pool is broken", e.getCause()));
    }

    /**
     * Tokens in the pipe that nobody holds at this moment.
     *
     * @throws IOException if the pool is closed or broken
     */
    public int free() throws IOException {
        return pipe.available();
    }

    /** Made-up tokens that are out. */
    public int cheats() {
        synchronized (lock) {
            return cheats;
        }
    }

    /**
     * Fills the pool up with the tokens that killed clients took along, and takes out any that were never in it.
     *
     * <p>Call it when no client of this JVM's runs, as those hold tokens that are not lost. Does nothing while this JVM holds or
     * waits for tokens, while another program of a host's pool may hold some, and ever in a parent's pool.
     *
     * @return how many were missing; negative: how many were too many; 0 also if it did nothing
     * @throws IOException if the pool is closed or broken
     */
    public int restore() throws IOException {
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
                pipe.write(TOKEN);
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
                fill(pipe, size);
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
        Token token = new Token(value);
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
                pipe.write(TOKEN);
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

    private void giveBack(Token token) {
        @Nullable CompletableFuture<Token> next = null;
        Token again = new Token(token.value);
        synchronized (lock) {
            if (token.value == CHEAT) {
                cheats--;
                return;
            }
            if (!out.remove(token) || closed) {
                return;
            }
            if (token.value == IMPLICIT && !waiting.isEmpty()) {
                next = waiting.poll(); // the reader may be waiting for the pipe, where this slot never comes
                out.add(again);
            } else if (surplus > 0 && token.value != IMPLICIT) {
                surplus--;
            } else {
                try {
                    putBack(token.value);
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

    /**
     * Ends the pool's use; requests that wait are cancelled. Of our own pool the pipe is removed, and tokens that are out are void;
     * to others' pools they are given back. Clients that still run go on with what they hold. Idempotent.
     */
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
                pipe.write(TOKEN);
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

    /** One job slot. Closing gives it back, once. */
    public final class Token implements AutoCloseable {

        private final int value;
        private boolean done;

        private Token(int value) {
            this.value = value;
        }

        /** Whether it is made up: somebody watches what runs on it, and there was no other. */
        public boolean isCheat() {
            return value == CHEAT;
        }

        /** The byte that stands for it. */
        int value() {
            return value;
        }

        @Override
        public void close() {
            synchronized (lock) {
                if (done) {
                    return;
                }
                done = true;
            }
            giveBack(this);
        }
    }
}
