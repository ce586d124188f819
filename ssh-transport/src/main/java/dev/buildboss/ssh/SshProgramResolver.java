package dev.buildboss.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.settings.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks {@code ssh -G}, which connects to nobody. */
final class SshProgramResolver implements SshConfig.Resolver {

    private static final int MAX_BYTES = 256 * 1024;

    private final Settings.Ssh settings;

    SshProgramResolver(Settings.Ssh settings) {
        this.settings = settings;
    }

    @Override
    public Optional<String> resolve(List<String> options, String alias) {
        List<String> argv = new ArrayList<>(List.of(settings.program(), "-G"));
        argv.addAll(options);
        argv.addAll(List.of("--", alias));
        try {
            Process process = new ProcessBuilder(argv)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            // A Match exec may run anything: the limit of a connection holds for it too.
            process.onExit()
                    .orTimeout(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(late -> {
                        process.destroyForcibly();
                        return process;
                    });
            String output = new String(process.getInputStream().readNBytes(MAX_BYTES), UTF_8);
            return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException notThere) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
