package dev.buildboss.report.format;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A page in headless Chromium, driven by the DevTools protocol on a loopback port: keys are pressed as a person presses them. */
final class Browser implements AutoCloseable {

    private static final long LIMIT_S = 120;
    private static final long POLL_NANOS = 20_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> answers;
    private int sent;

    private Browser(Process process, WebSocket socket, BlockingQueue<JsonNode> answers) {
        this.process = process;
        this.socket = socket;
        this.answers = answers;
    }

    /** The program; the test is left out where there is none. */
    static Path program() {
        Optional<Path> found = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .flatMap(dir -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(dir, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), "no chromium here");
        return found.orElseThrow();
    }

    /** The command that starts it without a window, its files in a directory. */
    static List<String> command(Path profile, String... more) {
        return Stream.concat(
                        Stream.of(
                                program().toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--user-data-dir=" + profile,
                                "--window-size=1400,1200"),
                        Stream.of(more))
                .toList();
    }

    /** Opens a page, and waits until its script has run. */
    static Browser open(Path profile, URI page) throws Exception {
        Process process = new ProcessBuilder(command(profile, "--remote-debugging-port=0", page.toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true)
                .start();
        try {
            Path port = profile.resolve("DevToolsActivePort");
            until(() -> Files.isRegularFile(port) && Files.readAllLines(port).size() >= 2);
            int number = Integer.parseInt(Files.readAllLines(port).get(0));
            BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create(pageSocket(number)), new Listener(answers))
                    .get(LIMIT_S, TimeUnit.SECONDS);
            Browser browser = new Browser(process, socket, answers);
            until(() -> browser.text("document.documentElement.dataset.ready").equals("yes"));
            return browser;
        } catch (Exception e) {
            end(process);
            throw e;
        }
    }

    private static String pageSocket(int port) throws Exception {
        String[] found = {""};
        until(() -> {
            try (var in = URI.create("http://127.0.0.1:" + port + "/json/list")
                    .toURL()
                    .openStream()) {
                for (JsonNode target : JSON.readTree(in)) {
                    if (target.path("type").asText().equals("page")) {
                        found[0] = target.path("webSocketDebuggerUrl").asText();
                    }
                }
            }
            return !found[0].isEmpty();
        });
        return found[0];
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IOException("the browser does not answer");
            }
            LockSupport.parkNanos(POLL_NANOS); // another program is waited for
        }
    }

    private static final class Listener implements WebSocket.Listener {
        private final BlockingQueue<JsonNode> answers;
        private final StringBuilder text = new StringBuilder();

        Listener(BlockingQueue<JsonNode> answers) {
            this.answers = answers;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    answers.add(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }

    private JsonNode call(String method, Map<String, ?> parameters) throws Exception {
        int id = ++sent;
        socket.sendText(JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
                .get(LIMIT_S, TimeUnit.SECONDS);
        while (true) {
            JsonNode answer = answers.poll(LIMIT_S, TimeUnit.SECONDS);
            if (answer == null) {
                throw new IOException("no answer to " + method);
            }
            if (answer.path("id").asInt() == id) {
                if (answer.has("error")) {
                    throw new IOException(method + ": " + answer.path("error"));
                }
                return answer.path("result");
            }
        }
    }

    /** What an expression's value is, as text. */
    String text(String expression) throws Exception {
        return call("Runtime.evaluate", Map.of("expression", "String(" + expression + ")"))
                .at("/result/value")
                .asText();
    }

    /** The name of what has the focus, for screen readers, or else its id. */
    String focused() throws Exception {
        return text("document.activeElement.getAttribute('aria-label') || document.activeElement.id");
    }

    /** Presses keys one after the other, by their DevTools names such as {@code ArrowDown}. */
    void press(String... keys) throws Exception {
        Map<String, Integer> codes = Map.of(
                "Tab",
                9,
                "Enter",
                13,
                "End",
                35,
                "Home",
                36,
                "ArrowLeft",
                37,
                "ArrowUp",
                38,
                "ArrowRight",
                39,
                "ArrowDown",
                40);
        for (String key : keys) {
            int code = codes.getOrDefault(key, 0);
            String typed = key.equals("Enter") ? "\r" : "";
            call(
                    "Input.dispatchKeyEvent",
                    Map.of(
                            "type",
                            typed.isEmpty() ? "rawKeyDown" : "keyDown",
                            "key",
                            key,
                            "code",
                            key,
                            "windowsVirtualKeyCode",
                            code,
                            "text",
                            typed));
            call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key));
        }
    }

    /** Types into what has the focus. */
    void type(String text) throws Exception {
        call("Input.insertText", Map.of("text", text));
    }

    /** Has the reader's system be dark, or light. */
    void scheme(String scheme) throws Exception {
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        try {
            JsonNode unused = call("Browser.close", Map.of()); // it takes its own files along
            process.waitFor(LIMIT_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IOException("the browser did not end in order", e);
        } finally {
            socket.abort();
            end(process);
        }
    }
}
