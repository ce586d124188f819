package dev.buildboss.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.MachineException;
import dev.buildboss.fetch.Sizes;
import dev.buildboss.model.Machine;
import dev.buildboss.runtime.RuntimeImage;
import dev.buildboss.runtime.RuntimeKind;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Starts a worker in one exec: the script there checks, prepares and becomes the worker; only a machine without the bundle
 * costs a second round.
 */
final class WorkerStarter {

    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int CRASH = '#';
    private static final int LAST_WORDS_BYTES = 4096;

    private final Machine machine;
    private final LinkTools tools;
    private final TrafficCounter traffic;
    private final Supplier<RemoteShell> own;
    private final Supplier<RemoteShell> other;
    private final Optional<String> holder;
    private final List<String> notes = new ArrayList<>();
    private Optional<RuntimeImage> runtime = Optional.empty();

    /**
     * A starter.
     *
     * @param holder who holds the work directory's lock for an existing worker; empty: it is taken with the start
     */
    WorkerStarter(
            Machine machine,
            LinkTools tools,
            TrafficCounter traffic,
            Supplier<RemoteShell> own,
            Supplier<RemoteShell> other,
            Optional<String> holder) {
        this.holder = holder;
        this.machine = machine;
        this.tools = tools;
        this.traffic = traffic;
        this.own = own;
        this.other = other;
    }

    /** A worker that runs, and who holds the lock that it was started under. */
    record Started(WorkerChannel channel, String lockHolder) {}

    private enum Next {
        STARTED,
        INSTALL,
        FIND_RUNTIME,
        INSTALL_RUNTIME,
        WITHOUT_ARCHIVE
    }

    /** Blocks until the worker has written its first byte, or its script has said why not. */
    Started start(WorkerLaunch launch) {
        RemoteShell shell = own.get();
        boolean installed = false;
        boolean runtimeInstalled = false;
        boolean archive = true;
        try {
            while (true) {
                Attempt attempt = new Attempt(shell, launch, archive);
                switch (attempt.run()) {
                    case STARTED -> {
                        return attempt.started();
                    }
                    case FIND_RUNTIME -> runtime = Optional.of(findRuntime(attempt));
                    case INSTALL_RUNTIME -> {
                        if (runtimeInstalled) {
                            throw new MachineException(
                                    machine.name(), "a Java runtime was sent, and isn't there", null);
                        }
                        installRuntime(runtime.orElseThrow());
                        runtimeInstalled = true;
                    }
                    case INSTALL -> {
                        if (installed) {
                            throw new MachineException(
                                    machine.name(), "the worker's program was sent, and isn't there", null);
                        }
                        new BundleInstaller(machine.name(), tools.runner(machine), tools::nonce)
                                .install(
                                        other.get(),
                                        launch.bundle(),
                                        tools.settings().ssh().installTimeout());
                        installed = true;
                    }
                    case WITHOUT_ARCHIVE -> archive = false;
                }
            }
        } catch (RuntimeException e) {
            shell.close();
            throw e;
        }
    }

    /** The machine said what it is and that it has no Java. */
    private RuntimeImage findRuntime(Attempt attempt) {
        List<String> words = attempt.answerWords();
        if (runtime.isPresent() || words.size() < 3) {
            throw new MachineException(machine.name(), "needs a Java 17+ runtime", null);
        }
        RuntimeKind kind = new RuntimeKind(words.get(0), words.get(1), words.get(2));
        String found = String.join(" ", words.subList(3, words.size()));
        return tools.runtimes()
                .find(kind)
                .orElseThrow(() -> new MachineException(
                        machine.name(),
                        "needs a Java 17+ runtime: " + found + "; apt install openjdk-17-jre-headless there, or set the"
                                + " machine's java; " + tools.runtimes().advice(kind),
                        null));
    }

    private void installRuntime(RuntimeImage image) {
        long begun = System.nanoTime();
        new BundleInstaller(machine.name(), tools.runner(machine), tools::nonce)
                .install(other.get(), image, tools.settings().ssh().installTimeout());
        double seconds = (System.nanoTime() - begun) / 1e9;
        notes.add(String.format(
                Locale.ROOT,
                "has no Java: a runtime (%s, %s) was sent in %.1f s",
                image.version(),
                Sizes.words(image.bytes()),
                seconds));
    }

    /** One exec of the script. */
    private final class Attempt {
        private final RemoteShell shell;
        private final WorkerLaunch launch;
        private final boolean archive;
        private final RemoteProcess process;
        private final BufferedInputStream stdout;
        private final String nonce = tools.nonce();
        private String lockHolder = "";
        private List<String> words = List.of();

        Attempt(RemoteShell shell, WorkerLaunch launch, boolean archive) {
            this.shell = shell;
            this.launch = launch;
            this.archive = archive;
            try {
                this.process = shell.exec(Scripts.command(script()));
            } catch (IOException e) {
                throw new MachineException(machine.name(), "the worker can't be started: " + e.getMessage(), e);
            }
            this.stdout = new BufferedInputStream(process.stdout(), BUFFER_BYTES);
        }

        private String script() {
            return machine.workerCommand().isEmpty()
                    ? Scripts.start(
                            nonce,
                            machine,
                            launch,
                            archive,
                            tools.lock(launch.boss()),
                            tools.settings().runtimes().places(),
                            runtime)
                    : Scripts.startExisting(nonce, machine, launch.workDir(), holder, tools.lock(launch.boss()));
        }

        List<String> answerWords() {
            return words;
        }

        Started started() {
            return new Started(
                    new SshWorkerChannel(
                            process,
                            stdout,
                            shell,
                            traffic,
                            LinkTools.threads(machine.name() + "-stream"),
                            List.copyOf(notes)),
                    lockHolder);
        }

        Next run() {
            try (RemoteRunner.Limit limit =
                    tools.runner(machine).limit(process, tools.settings().ssh().installTimeout())) {
                try {
                    Answer answer = AnswerReader.read(stdout, nonce);
                    if (answer.is("missing")) {
                        return Next.INSTALL;
                    }
                    if (answer.is("nojava")) {
                        words = answer.words();
                        return Next.FIND_RUNTIME;
                    }
                    if (answer.is("send")) {
                        return Next.INSTALL_RUNTIME;
                    }
                    if (answer.is("busy")) {
                        throw MachineException.busy(machine.name(), answer.rest());
                    }
                    if (!answer.is("ok")) {
                        throw new MachineException(machine.name(), reason(answer), null);
                    }
                    lockHolder = answer.words().get(0);
                    return machine.workerCommand().isEmpty() ? firstByte(answer) : Next.STARTED;
                } catch (IOException e) {
                    String why = Knocker.why(lastWords(), String.valueOf(e.getMessage()));
                    throw limit.blame("the worker's start", new IOException(why, e));
                } catch (MachineException e) {
                    process.kill();
                    throw limit.isOver() ? limit.blame("the worker's start", e) : e;
                }
            }
        }

        /**
         * A JVM that dies of its class archive does so before the worker writes anything: once more without. Its report of
         * the crash begins with {@code #} and goes to standard output whatever it is told.
         */
        private Next firstByte(Answer answer) throws IOException {
            stdout.mark(1);
            int first = stdout.read();
            if (first >= 0 && first != CRASH) {
                stdout.reset();
                return Next.STARTED;
            }
            if (archive && answer.words().contains("archive")) {
                process.kill();
                return Next.WITHOUT_ARCHIVE;
            }
            throw new MachineException(machine.name(), "the worker ended at its start" + ending(), null);
        }

        private String reason(Answer answer) {
            return answer.is("failed") ? answer.reason() : "the worker did not start" + ending() + answer.reason();
        }

        private String ending() {
            Optional<Integer> status = status();
            return status.isPresent() ? " (status " + status.get() + "): " + lastWords() + " " : ": ";
        }

        /** What it ended with, if it has or is about to. */
        private Optional<Integer> status() {
            try {
                return Optional.of(process.exited().toCompletableFuture().get(2, TimeUnit.SECONDS));
            } catch (ExecutionException | TimeoutException unknown) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }

        /** What an ended process said on its stderr. */
        private String lastWords() {
            if (status().isEmpty()) {
                return "";
            }
            try (InputStream err = process.stderr()) {
                return AnswerReader.plain(new String(err.readNBytes(LAST_WORDS_BYTES), UTF_8));
            } catch (IOException unknown) {
                return "";
            }
        }
    }
}
