package dev.buildboss.ssh;

import dev.buildboss.MachineException;
import dev.buildboss.spi.WorkerBundle;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.Supplier;

/** Puts a worker's bundle on a machine: sent aside, checked, synced and renamed, so that two bosses may do it at once. */
final class BundleInstaller {

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
        String aside =
                ask(shell, nonce, Scripts.beginInstall(nonce, bundle), limit).rest();
        for (WorkerBundle.Jar jar : bundle.jars()) {
            RemoteRunner.Result result = runner.run(
                    shell,
                    "sending " + jar.name(),
                    Scripts.command(Scripts.receive(aside, jar.name())),
                    stdin -> {
                        try (InputStream in = jar.open()) {
                            in.transferTo(stdin);
                        }
                    },
                    limit);
            if (result.status() != 0) {
                throw new MachineException(
                        machine, "the worker's program could not be written there: " + result.lastWords(), null);
            }
        }
        nonce = nonces.get();
        ask(shell, nonce, Scripts.endInstall(nonce, bundle, aside), limit);
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
