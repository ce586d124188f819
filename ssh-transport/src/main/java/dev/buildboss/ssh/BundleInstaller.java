package dev.buildboss.ssh;

import dev.buildboss.MachineException;
import dev.buildboss.runtime.RuntimeImage;
import dev.buildboss.spi.WorkerBundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.Supplier;

/** Puts a worker's bundle, or a Java runtime for it, on a machine: sent aside, checked, synced and renamed, so that two bosses may do it at once. */
final class BundleInstaller {

    private static final String RUNTIME = "runtime.tgz";

    private final String machine;
    private final RemoteRunner runner;
    private final Supplier<String> nonces;

    BundleInstaller(String machine, RemoteRunner runner, Supplier<String> nonces) {
        this.machine = machine;
        this.runner = runner;
        this.nonces = nonces;
    }

    /** Blocks until the bundle is there; within the limit for each jar. */
    void install(RemoteShell shell, WorkerBundle bundle, Duration limit) {
        String nonce = nonces.get();
        String aside = ask(shell, nonce, Scripts.beginInstall(nonce, BundleId.of(bundle)), limit)
                .rest();
        for (WorkerBundle.Jar jar : bundle.jars()) {
            send(shell, aside, jar.name(), "the worker's program", jar::open, limit);
        }
        nonce = nonces.get();
        ask(shell, nonce, Scripts.endInstall(nonce, bundle, aside), limit);
    }

    /** The same for a Java runtime. */
    void install(RemoteShell shell, RuntimeImage runtime, Duration limit) {
        String nonce = nonces.get();
        String aside = ask(shell, nonce, Scripts.beginInstall(nonce, runtime.id()), limit)
                .rest();
        send(shell, aside, RUNTIME, "a Java runtime", () -> Files.newInputStream(runtime.archive()), limit);
        nonce = nonces.get();
        ask(shell, nonce, Scripts.endRuntime(nonce, runtime, aside), limit);
    }

    private interface Content {
        InputStream open() throws IOException;
    }

    private void send(RemoteShell shell, String aside, String name, String what, Content content, Duration limit) {
        RemoteRunner.Result result = runner.run(
                shell,
                "sending " + name,
                Scripts.command(Scripts.receive(aside, name)),
                stdin -> {
                    try (InputStream in = content.open()) {
                        in.transferTo(stdin);
                    }
                },
                limit);
        if (result.status() != 0) {
            throw new MachineException(machine, what + " could not be written there: " + result.lastWords(), null);
        }
    }

    private Answer ask(RemoteShell shell, String nonce, String script, Duration limit) {
        RemoteRunner.Result result =
                runner.run(shell, "installing the worker", Scripts.command(script), stdin -> {}, limit);
        Answer answer = ScriptAnswers.of(result, nonce);
        if (!answer.is("ok")) {
            throw new MachineException(machine, answer.reason(), null);
        }
        return answer;
    }
}
