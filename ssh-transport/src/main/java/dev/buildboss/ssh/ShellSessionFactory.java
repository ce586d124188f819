package dev.buildboss.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/** Gives JGit commands over a shell that is open already, whatever the host in the URI; closing ends the commands. */
final class ShellSessionFactory extends SshSessionFactory implements AutoCloseable {

    private final RemoteShell shell;
    private final RemoteRunner runner;
    private final Duration limit;
    private final List<RemoteRunner.Limit> limits = new ArrayList<>();
    private final List<RemoteProcess> processes = new ArrayList<>();

    ShellSessionFactory(RemoteShell shell, RemoteRunner runner, Duration limit) {
        this.shell = shell;
        this.runner = runner;
        this.limit = limit;
    }

    @Override
    public RemoteSession getSession(URIish uri, @Nullable CredentialsProvider credentials, FS fs, int timeoutMs) {
        return new RemoteSession() {
            @Override
            public Process exec(String command, int timeoutSeconds) throws IOException {
                RemoteProcess process = shell.exec(command);
                processes.add(process);
                limits.add(runner.limit(process, limit));
                return new Adapter(process);
            }

            @Override
            public void disconnect() {
                // The shell is its owner's.
            }
        };
    }

    @Override
    public String getType() {
        return "buildboss";
    }

    @Override
    public void close() {
        limits.forEach(RemoteRunner.Limit::close);
        processes.forEach(RemoteProcess::kill);
    }

    /** A command there in the form that JGit knows. */
    private static final class Adapter extends Process {
        private final RemoteProcess process;

        Adapter(RemoteProcess process) {
            this.process = process;
        }

        @Override
        public OutputStream getOutputStream() {
            return process.stdin();
        }

        @Override
        public InputStream getInputStream() {
            return process.stdout();
        }

        @Override
        public InputStream getErrorStream() {
            return process.stderr();
        }

        @Override
        public int waitFor() throws InterruptedException {
            try {
                return process.exited().toCompletableFuture().get(1, TimeUnit.MINUTES);
            } catch (ExecutionException | TimeoutException e) {
                return -1;
            }
        }

        @Override
        public int exitValue() {
            Integer status = process.exited().toCompletableFuture().getNow(null);
            if (status == null) {
                throw new IllegalThreadStateException("still running");
            }
            return status;
        }

        @Override
        public void destroy() {
            process.kill();
        }
    }
}
