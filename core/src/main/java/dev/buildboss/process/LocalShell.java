package dev.buildboss.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.spi.ShellTask;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs small scripts on this computer. Blocking. */
final class LocalShell {

    private static final int MAX_OUTPUT_BYTES = 256 * 1024;

    private LocalShell() {}

    static String run(ShellTask task) throws IOException {
        List<String> argv = new ArrayList<>(List.of("sh", "-c", task.script(), "sh"));
        argv.addAll(task.arguments());
        Process process = new ProcessBuilder(argv)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        CompletableFuture<String> out = new CompletableFuture<>();
        Thread reader = new Thread(() -> read(process.getInputStream(), out), "buildboss-script");
        reader.setDaemon(true);
        reader.start();
        try {
            return out.get(task.limit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    task.what() + " took longer than " + task.limit().toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(task.what() + " failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(task.what() + " was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void read(InputStream in, CompletableFuture<String> result) {
        try (in) {
            byte[] kept = in.readNBytes(MAX_OUTPUT_BYTES);
            in.transferTo(java.io.OutputStream.nullOutputStream());
            result.complete(new String(kept, UTF_8));
        } catch (IOException e) {
            result.completeExceptionally(e);
        }
    }
}
