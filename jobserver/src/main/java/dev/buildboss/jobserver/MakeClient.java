package dev.buildboss.jobserver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a command is started so that it, and every make below it, is a client of a pool. */
public enum MakeClient {

    /**
     * The pipe is opened as a descriptor of the command: works with every make.
     *
     * <p>A shell does it, as the JVM can't hand descriptors on. Each command opens the pipe for itself, so that what a make
     * does to its own descriptor (O_NONBLOCK) does not reach anybody else's.
     */
    DESCRIPTORS {
        @Override
        public String flags(Path fifo) {
            return MakeFlags.NONE
                    .withAuth(new JobserverAuth.Descriptors(DESCRIPTOR, DESCRIPTOR))
                    .value();
        }

        @Override
        public List<String> command(Path fifo, List<String> command) {
            return prefixed(
                    List.of("/bin/sh", "-c", SCRIPT, "jobserver-client", fifo.toString(), flags(fifo)), command);
        }
    },

    /** The pipe is named: make 4.4 and later only, and whoever else knows that form. */
    FIFO {
        @Override
        public String flags(Path fifo) {
            return MakeFlags.NONE.withAuth(new JobserverAuth.Fifo(fifo)).value();
        }

        @Override
        public List<String> command(Path fifo, List<String> command) {
            return prefixed(List.of("/usr/bin/env", "MAKEFLAGS=" + flags(fifo)), command);
        }
    };

    /** The descriptor that clients get: the highest that every POSIX shell can redirect; far from those that makefiles use. */
    public static final int DESCRIPTOR = 9;

    /** Nothing is pasted into the script: the pipe, the flags and the command are its arguments. */
    private static final String SCRIPT =
            "exec " + DESCRIPTOR + "<>\"$1\" || exit 127; MAKEFLAGS=$2; export MAKEFLAGS; shift 2; exec \"$@\"";

    private static final List<String> MAKES_OWN = List.of("MAKEFLAGS", "MFLAGS", "MAKELEVEL");
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final int VERSION_BYTES = 200;

    private static final Pattern VERSION = Pattern.compile("GNU Make (\\d{1,4})\\.(\\d{1,4})");

    /**
     * The arguments that start a command as a client; the process that they start becomes the command (same process id).
     *
     * <p>The command has one slot without asking (its implicit one), for which the caller must hold a {@link
     * JobServer.Token}. Flags that the caller has in its own MAKEFLAGS are not passed on. A {@code -jN} in the command would
     * leave the pool.
     *
     * @param fifo the pool's pipe
     * @param command a program and its arguments, in any characters
     */
    public abstract List<String> command(Path fifo, List<String> command);

    /** The value of MAKEFLAGS for a client; with {@link #DESCRIPTORS} it must have the pipe open as {@link #DESCRIPTOR}. */
    public abstract String flags(Path fifo);

    /**
     * The best way for a make.
     *
     * @param versionText the first line of {@code make --version}
     */
    public static MakeClient forVersion(String versionText) {
        Matcher version = VERSION.matcher(versionText);
        if (!version.find()) {
            return DESCRIPTORS;
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        return major > 4 || (major == 4 && minor >= 4) ? FIFO : DESCRIPTORS;
    }

    /** The same, where MAKEFLAGS can carry the pipe's name. */
    public static MakeClient forVersion(String versionText, Path fifo) {
        return JobserverAuth.Fifo.isSafe(fifo) ? forVersion(versionText) : DESCRIPTORS;
    }

    /**
     * The best way for the make that this process would start, which is asked for its version; {@link #DESCRIPTORS} if there is
     * none, or it does not answer within 10 s.
     *
     * @param fifo the pool's pipe
     * @throws InterruptedException when the thread is interrupted meanwhile
     */
    public static MakeClient installed(Path fifo) throws InterruptedException {
        return forVersion(firstWords(List.of("make", "--version"), ANSWER_LIMIT), fifo);
    }

    /** How a program's answer begins; empty if it can't be started or does not end in time, and then it is ended with all below it. */
    static String firstWords(List<String> command, Duration limit) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // A make before 4.4 that finds a pool's pipe in them ends before it answers.
        builder.environment().keySet().removeAll(MAKES_OWN);
        Process program;
        try {
            program = builder.start();
        } catch (IOException e) {
            return "";
        }
        try (InputStream said = program.getInputStream()) {
            program.getOutputStream().close();
            // What it says fits into the pipe.
            return program.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                    ? new String(said.readNBytes(VERSION_BYTES), StandardCharsets.UTF_8)
                    : "";
        } catch (IOException e) {
            return "";
        } finally {
            program.descendants().forEach(ProcessHandle::destroyForcibly);
            program.destroyForcibly();
        }
    }

    private static List<String> prefixed(List<String> prefix, List<String> command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(command);
        return List.copyOf(all);
    }
}
