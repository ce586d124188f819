package dev.buildboss.jobserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Where pools come from: made, shared with other programs of this host, or joined below a parent's. Stateless but for one slot. */
public final class JobPools {

    /** The variable that makes hand their pool on in. */
    public static final String VARIABLE = "MAKEFLAGS";

    /** The slot that this process has in its parent's pool can be handed out by one object only. */
    private static final AtomicBoolean IMPLICIT_TAKEN = new AtomicBoolean();

    private JobPools() {}

    /**
     * Makes a pool of this JVM's own.
     *
     * @param parent an existing directory, in which the pool makes a private one for its pipe
     * @param tokens jobs at once, of all clients together
     * @throws IOException if there can be no named pipe there
     */
    public static JobServer create(Path parent, int tokens) throws IOException {
        check(tokens);
        TokenPipe pipe = TokenPipe.create(parent);
        try {
            pipe.fill(tokens);
        } catch (IOException e) {
            pipe.close();
            throw e;
        }
        return new JobServer(pipe, Sharing.NOBODY, tokens, true, false);
    }

    /** As {@link #shared(Path, int, Consumer)}, where nobody is told. */
    public static JobServer shared(Path directory, int tokens) throws IOException {
        return shared(directory, tokens, text -> {});
    }

    /**
     * Opens, or makes, a pool that all programs of this host share that name the same directory.
     *
     * <p>The pool has as many tokens as the program says that counted last; they should all say the same. One JVM can have it open
     * once at a time.
     *
     * <p>What a program had that was killed is put back once all that it had started has ended: by the next that restores, and,
     * where others wait for it, within about a second.
     *
     * @param directory the pool's directory, made if it is not there; its rights say who may share
     * @param tokens jobs at once, of all programs together
     * @param say told, in one line, of a process that outlived a killed program and keeps its tokens from being put back
     * @throws IOException if there can be no named pipe there
     */
    public static JobServer shared(Path directory, int tokens, Consumer<String> say) throws IOException {
        check(tokens);
        Files.createDirectories(directory);
        HostSharing sharing = new HostSharing(directory.resolve("lock"), say);
        try {
            TokenPipe pipe = TokenPipe.openOrCreate(directory.resolve("tokens"));
            // A pipe that nobody has open forgets what was in it; whoever comes first fills it.
            sharing.putRight(pipe, tokens);
            return new JobServer(pipe, sharing, tokens, false, false);
        } catch (IOException e) {
            sharing.close();
            throw e;
        }
    }

    /**
     * Joins the pool of the make (or other server) that started this program.
     *
     * <p>The first that joins in this JVM has the slot that the process was started with; what else there is takes tokens only.
     *
     * @param environment this process's own
     * @param jobs how many jobs to count with where the parent does not say it
     * @param say told, in one line, why a pool that is named can't be used
     * @return the pool; empty: there is none, and the program is alone
     */
    public static Optional<JobServer> joinParent(Map<String, String> environment, int jobs, Consumer<String> say) {
        MakeFlags flags = MakeFlags.parse(environment.getOrDefault(VARIABLE, ""));
        if (flags.auth().isEmpty()) {
            return Optional.empty();
        }
        JobserverAuth auth = flags.auth().get();
        try {
            TokenPipe pipe = auth instanceof JobserverAuth.Fifo fifo
                    ? TokenPipe.open(fifo.path())
                    : TokenPipe.open((JobserverAuth.Descriptors) auth);
            boolean implicit = IMPLICIT_TAKEN.compareAndSet(false, true);
            return Optional.of(new JobServer(pipe, Sharing.PARENT, jobs, false, implicit));
        } catch (IOException e) {
            say.accept("the job pool of MAKEFLAGS (" + auth.value() + ") can't be used: " + e.getMessage()
                    + "; going on without it (put '+' before the command in the Makefile)");
            return Optional.empty();
        }
    }

    /**
     * Hands this process's place in its parent's pool on to one child: the pool and the slot that this process was started with, which
     * it must not use itself then. A child of the JVM inherits no descriptors, so it gets the pipe by a name, good as long as this process
     * lives.
     *
     * @param environment this process's own
     * @return the MAKEFLAGS for the child; empty: they are best left as they are (there is no pool, or it can't be used, as {@link
     *     #joinParent} will tell the child)
     */
    public static Optional<String> handOn(Map<String, String> environment) {
        MakeFlags flags = MakeFlags.parse(environment.getOrDefault(VARIABLE, ""));
        if (flags.auth().isPresent() && flags.auth().get() instanceof JobserverAuth.Descriptors descriptors) {
            try {
                return Optional.of(flags.withAuth(new JobserverAuth.Fifo(TokenPipe.path(descriptors)))
                        .value());
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static void check(int tokens) {
        if (tokens < 1 || tokens > JobServer.MAX_TOKENS) {
            throw new IllegalArgumentException("tokens: " + tokens);
        }
    }
}
