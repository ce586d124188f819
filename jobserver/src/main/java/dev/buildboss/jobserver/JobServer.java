package dev.buildboss.jobserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A pool of job slots that any number of makes share: GNU make's jobserver, held by the JVM.
 *
 * <p>The pool has as many tokens as there may be jobs. Whoever starts a make takes a {@link Token} first (the make's implicit
 * slot), starts it with {@link #command}, and closes the token when the make has ended, however it ended. The make takes and
 * gives back the tokens for its further jobs itself. Unlike make's own server, which keeps one slot for itself, this one
 * builds nothing: all its tokens are in the pipe.
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
    private static final long CLOSE_STEP_MS = 50;

    /*
     * One thread reads, and only while somebody waits: a blocked read of a pipe can't be interrupted, and a byte that poll()
     * or available() announced may be gone to another process. A read that has outlived its waiters takes a token at some
     * time, finds nobody, and puts it back.
     */
    private final TokenPipe pipe;
    private final int size;
    private final Thread taker;
    private final Object lock = new Object();

    // Guarded by lock.
    private final Deque<CompletableFuture<Token>> waiting = new ArrayDeque<>();
    private int held;
    private boolean reading;
    private boolean closed;
    private boolean ended;
    private int surplus;

    private JobServer(TokenPipe pipe, int size) {
        this.pipe = pipe;
        this.size = size;
        this.taker = new Thread(this::takeTokens, "jobserver-" + pipe.path());
        taker.setDaemon(true);
    }

    /**
     * Makes a pool.
     *
     * @param parent an existing directory, in which the pool makes a private one for its pipe
     * @param tokens jobs at once, of all clients together
     * @throws IOException if there can be no named pipe there
     */
    public static JobServer create(Path parent, int tokens) throws IOException {
        if (tokens < 1 || tokens > MAX_TOKENS) {
            throw new IllegalArgumentException("tokens: " + tokens);
        }
        TokenPipe pipe = TokenPipe.create(parent);
        try {
            for (int i = 0; i < tokens; i++) {
                pipe.write(TOKEN);
            }
        } catch (IOException e) {
            pipe.close();
            throw e;
        }
        JobServer server = new JobServer(pipe, tokens);
        server.taker.start();
        return server;
    }

    /** Jobs at once, of all clients together. */
    public int size() {
        return size;
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
     * token must be closed. Dependent stages run on the pool's own thread and must not block. Cancelled if the pool is closed.
     */
    public CompletableFuture<Token> request() {
        CompletableFuture<Token> request = new CompletableFuture<>();
        synchronized (lock) {
            if (closed) {
                request.cancel(false);
                return request;
            }
            waiting.add(request);
            lock.notifyAll();
        }
        return request;
    }

    /** Takes a token, waiting as long as it takes. */
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
        CompletableFuture<Token> request = request();
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
     * Tokens that nobody holds at this moment.
     *
     * @throws IOException if the pool is closed or broken
     */
    public int free() throws IOException {
        return pipe.available();
    }

    /**
     * Fills the pool up with the tokens that killed clients took along, and takes out any that were never in it.
     *
     * <p>Call it when no client of the pool runs, as those hold tokens that are not lost. Does nothing while this JVM itself
     * holds or waits for tokens.
     *
     * @return how many were missing; negative: how many were too many; 0 also if it did nothing
     * @throws IOException if the pool is closed or broken
     */
    public int restore() throws IOException {
        synchronized (lock) {
            waiting.removeIf(CompletableFuture::isDone);
            if (closed || held > 0 || !waiting.isEmpty()) {
                return 0;
            }
            int lent = 0;
            if (reading) {
                // A read without a waiter: let it end, so that no token is between the pipe and our books.
                pipe.write(TOKEN);
                lent = 1;
                awaitReader();
                if (closed || held > 0 || !waiting.isEmpty()) {
                    surplus += lent; // not idle any more: the next token that comes back pays for it
                    return 0;
                }
            }
            int missing = size - (pipe.available() - lent);
            for (int i = pipe.available(); i < size; i++) {
                pipe.write(TOKEN);
            }
            for (int i = pipe.available(); i > size; i--) {
                pipe.read();
            }
            return missing;
        }
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
                int token = pipe.read();
                handOver(token);
            }
        } catch (IOException e) {
            breakDown(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitWaiter() throws InterruptedException {
        synchronized (lock) {
            while (!closed && waiting.isEmpty()) {
                lock.wait();
            }
            reading = !closed;
            return !closed;
        }
    }

    private void handOver(int value) throws IOException {
        Token token = new Token(value);
        Optional<CompletableFuture<Token>> next = Optional.empty();
        synchronized (lock) {
            reading = false;
            held++;
            next = Optional.ofNullable(waiting.poll());
            if (next.isEmpty()) {
                held--;
                pipe.write(value);
            }
            lock.notifyAll();
        }
        // Outside the lock: completing runs the callers' stages.
        if (next.isPresent() && !next.get().complete(token)) {
            token.close();
        }
    }

    private void breakDown(IOException cause) {
        Deque<CompletableFuture<Token>> left;
        boolean expected;
        synchronized (lock) {
            reading = false;
            expected = closed;
            closed = true;
            left = new ArrayDeque<>(waiting);
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

    private void giveBack(int value) {
        synchronized (lock) {
            held--;
            if (closed) {
                return;
            }
            if (surplus > 0) {
                surplus--;
                return;
            }
            try {
                pipe.write(value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Ends the pool and removes its pipe; requests that wait are cancelled, tokens that are out are void. Clients that still
     * run go on with what they hold. Idempotent.
     */
    @Override
    public void close() throws IOException {
        Deque<CompletableFuture<Token>> left;
        synchronized (lock) {
            if (ended) {
                return;
            }
            ended = true;
            closed = true;
            left = new ArrayDeque<>(waiting);
            waiting.clear();
            lock.notifyAll();
        }
        left.forEach(request -> request.cancel(false));
        try {
            // A read that hangs is ended by a token; a client may be quicker, so try as often as there can be clients.
            for (int i = 0; taker.isAlive() && i < size; i++) {
                pipe.write(TOKEN);
                taker.join(CLOSE_STEP_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pipe.close();
        }
    }

    /** One job slot. Closing gives it back, once. */
    public final class Token implements AutoCloseable {

        private final int value;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Token(int value) {
            this.value = value;
        }

        /** The byte that stands for it. */
        int value() {
            return value;
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                giveBack(value);
            }
        }
    }
}
