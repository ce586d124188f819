package dev.buildboss.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** A web server on loopback with a tree like kernel.org's, which knows ranges and can break connections off. */
public final class TestMirror implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private volatile int breaksLeft;

    public TestMirror() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/bin";
    }

    /** Requests so far: path and range. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** So many of the next answers with archives break off in their middle. */
    void breakOff(int times) {
        breaksLeft = times;
    }

    TestMirror file(String path, byte[] content) {
        files.put("/bin/" + path, content);
        return this;
    }

    /** An archive with its line in a clear-signed list of checksums. */
    public TestMirror archive(String host, String version, String target, byte[] content) {
        return archive(host, version, target, content, TestArchive.sha256(content));
    }

    TestMirror archive(String host, String version, String target, byte[] content, String sum) {
        String name = host + "-gcc-" + version + "-nolibc-" + target + ".tar.xz";
        String at = host + "/" + version + "/";
        String sums = new String(files.getOrDefault("/bin/" + at + "sha256sums.asc", new byte[0]), UTF_8);
        List<String> lines = new ArrayList<>(
                sums.lines().filter(line -> line.matches("[0-9a-f]{64}  .*")).toList());
        lines.add(sum + "  " + name);
        file(at + "sha256sums.asc", signed(lines).getBytes(UTF_8));
        return file(at + name, content);
    }

    private static String signed(List<String> lines) {
        return "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n" + String.join("\n", lines)
                + "\n-----BEGIN PGP SIGNATURE-----\n\niQIzBAEBCAAdFiEE\n-----END PGP SIGNATURE-----\n";
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(path + (range == null ? "" : " " + range));
        byte[] content = path.endsWith("/") ? listing(path) : files.get(path);
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
            return;
        }
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (from >= content.length) {
            exchange.sendResponseHeaders(416, -1);
            exchange.close();
            return;
        }
        if (range != null) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        int length = content.length - from;
        exchange.sendResponseHeaders(range == null ? 200 : 206, length);
        boolean breaks = path.endsWith(".tar.xz") && breaksLeft > 0;
        if (breaks) {
            breaksLeft--;
        }
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(content, from, breaks ? length / 2 : length);
            out.flush();
        } // less than announced: that is thrown here, and the server closes the connection
    }

    private byte[] listing(String path) {
        TreeSet<String> names = new TreeSet<>();
        new TreeMap<>(files)
                .keySet().stream()
                        .filter(file -> file.startsWith(path))
                        .map(file -> file.substring(path.length()).replaceAll("/.*", "/"))
                        .forEach(names::add);
        StringBuilder html = new StringBuilder("<html><body><a href=\"../\">../</a>\n");
        names.forEach(name -> html.append("<a href=\"" + name + "\">" + name + "</a>  01-Jan-2026 00:00\n"));
        return html.toString().getBytes(UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
