package dev.buildboss.jobserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

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

    /** How long somebody who may cheat waits for a real token: redo's figures. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(10);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final TokenPipe pipe;
    private final int size;
    private final boolean own;
    private final TokenBooks books;

    /**
     * A pool on that pipe, whose tokens are there already.
     *
     * @param size jobs at once
     * @param own whether nobody but this JVM's clients uses it
     * @param implicit whether this process has a slot that is not in the pipe
     */
    JobServer(TokenPipe pipe, Sharing sharing, int size, boolean own, boolean implicit) {
        this.pipe = pipe;
        this.size = size;
        this.own = own;
        this.books = new TokenBooks(pipe, sharing, size, own, implicit);
    }

    /** As {@link JobPools#create}. */
    public static JobServer create(Path parent, int tokens) throws IOException {
        return JobPools.create(parent, tokens);
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
        return books.request(false);
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
            books.withdraw(request).ifPresent(Token::close);
            throw e;
        }
    }

    /** Takes a token if there is one within that time. */
    public Optional<Token> tryAcquire(Duration timeout) throws InterruptedException {
        return await(request(), timeout);
    }

    /** How many people watch some work, as they come and go. Safe for threads; never waits. */
    public interface Watchers {

        /** So many, always. */
        static Watchers always(int count) {
            return new Watchers() {
                @Override
                public int count() {
                    return count;
                }

                @Override
                public CompletableFuture<Void> change() {
                    return new CompletableFuture<>();
                }
            };
        }

        /** How many watch it now. */
        int count();

        /** Completes when the number has changed after this call. */
        CompletableFuture<Void> change();
    }

    /**
     * Takes a token for work that somebody watches and that must not starve: before all others of this JVM, and, where none is
     * to be had at once, a made-up one (it <em>cheats</em>). A made-up token is never given to the pool, so the books stay right.
     *
     * @param watchers there may be one made-up token at once for each; with none of them it waits like {@link #acquire}, until one comes
     * @throws CancellationException if the pool is closed meanwhile
     */
    public Token acquireOrCheat(Watchers watchers) throws InterruptedException {
        Duration wait = FIRST_WAIT;
        while (true) {
            CompletableFuture<Void> change = watchers.change();
            int most = watchers.count();
            Optional<Token> real = most > 0 ? await(books.request(true), wait) : await(request(), change);
            if (real.isPresent()) {
                return real.get();
            }
            if (most == 0) {
                continue;
            }
            Optional<Token> cheat = books.cheat(most);
            if (cheat.isPresent()) {
                return cheat.get();
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
            return books.withdraw(request);
        } catch (InterruptedException e) {
            books.withdraw(request).ifPresent(Token::close);
            throw e;
        }
    }

    private Optional<Token> await(CompletableFuture<Token> request, CompletableFuture<Void> change)
            throws InterruptedException {
        try {
            CompletableFuture.anyOf(request.handle((token, failure) -> true), change)
                    .get();
            return request.isDone() ? Optional.of(request.get()) : books.withdraw(request);
        } catch (ExecutionException e) {
            throw broken(e);
        } catch (InterruptedException e) {
            books.withdraw(request).ifPresent(Token::close);
            throw e;
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
        return books.cheats();
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
        return books.restore();
    }

    /**
     * Ends the pool's use; requests that wait are cancelled. Of our own pool the pipe is removed, and tokens that are out are void;
     * to others' pools they are given back. Clients that still run go on with what they hold. Idempotent.
     */
    @Override
    public void close() throws IOException {
        books.close();
    }

    /** One job slot. Closing gives it back, once. Safe for threads. */
    public static final class Token implements AutoCloseable {

        private final int value;
        private final TokenBooks books;
        private final AtomicBoolean done = new AtomicBoolean();

        Token(int value, TokenBooks books) {
            this.value = value;
            this.books = books;
        }

        /** Whether it is made up: somebody watches what runs on it, and there was no other. */
        public boolean isCheat() {
            return value == TokenBooks.CHEAT;
        }

        /** The byte that stands for it. */
        int value() {
            return value;
        }

        @Override
        public void close() {
            if (done.compareAndSet(false, true)) {
                books.giveBack(this);
            }
        }
    }
}
