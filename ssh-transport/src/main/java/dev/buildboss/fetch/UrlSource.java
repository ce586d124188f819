package dev.buildboss.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.BuildbossException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files of a web server or of this computer. The JDK's client, as its time limit holds for each read. */
final class UrlSource implements Source {

    private static final int MAX_TEXT_BYTES = 8 << 20;
    private static final int BEYOND_THE_END = 416;
    private static final Pattern LINK = Pattern.compile("href=\"(?:\\./)?([^\"/?#]+)/?\"", Pattern.CASE_INSENSITIVE);
    private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

    private final int stallMs;

    UrlSource(Duration stall) {
        this.stallMs = Math.toIntExact(Math.min(stall.toMillis(), Integer.MAX_VALUE));
    }

    @Override
    public List<String> names(URI directory) throws IOException {
        if (isFile(directory)) {
            List<String> names = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(directory))) {
                entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
            } catch (NoSuchFileException e) {
                return List.of();
            }
            return names;
        }
        Set<String> names = new LinkedHashSet<>();
        Matcher links = LINK.matcher(text(URI.create(directory + "/")).orElse(""));
        while (links.find()) {
            names.add(links.group(1));
        }
        return List.copyOf(names);
    }

    @Override
    public Optional<String> text(URI file) throws IOException {
        Optional<Opened> opened = open(file, 0);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = opened.get().in()) {
            byte[] bytes = in.readNBytes(MAX_TEXT_BYTES + 1);
            if (bytes.length > MAX_TEXT_BYTES) {
                throw new BuildbossException(file + ": more than " + (MAX_TEXT_BYTES >> 20) + " MiB of text");
            }
            return Optional.of(new String(bytes, UTF_8));
        }
    }

    @Override
    public Optional<Opened> open(URI file, long from) throws IOException {
        return isFile(file) ? openFile(Path.of(file), from) : openUrl(file, from);
    }

    private static Optional<Opened> openFile(Path file, long from) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        long total = Files.size(file);
        long begin = Math.min(from, total);
        InputStream in = Files.newInputStream(file);
        in.skipNBytes(begin);
        return Optional.of(new Opened(in, begin, total));
    }

    private Optional<Opened> openUrl(URI file, long from) throws IOException {
        URLConnection made = file.toURL().openConnection();
        if (!(made instanceof HttpURLConnection connection)) {
            throw new BuildbossException(file + ": only http, https and file are understood (fetch.url)");
        }
        connection.setConnectTimeout(stallMs);
        connection.setReadTimeout(stallMs);
        connection.setRequestProperty("User-Agent", "buildboss");
        // What is counted and checked is the file, not a form of it for the way.
        connection.setRequestProperty("Accept-Encoding", "identity");
        if (from > 0) {
            connection.setRequestProperty("Range", "bytes=" + from + "-");
        }
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_OK) {
            return Optional.of(new Opened(connection.getInputStream(), 0, connection.getContentLengthLong()));
        } else if (status == HttpURLConnection.HTTP_PARTIAL) {
            return Optional.of(partial(connection, file, from));
        }
        connection.disconnect();
        if (status == HttpURLConnection.HTTP_NOT_FOUND || status == HttpURLConnection.HTTP_GONE) {
            return Optional.empty();
        } else if (status == BEYOND_THE_END && from > 0) {
            return openUrl(file, 0); // what is here is longer than what is there
        }
        throw new IOException("the server answers " + status);
    }

    private static Opened partial(HttpURLConnection connection, URI file, long from) throws IOException {
        Matcher range = RANGE.matcher(String.valueOf(connection.getHeaderField("Content-Range")));
        if (!range.matches() || Long.parseLong(range.group(1)) != from) {
            connection.disconnect();
            throw new IOException("the server sends another part of " + file + " than it was asked for");
        }
        long total = range.group(2).equals("*") ? -1 : Long.parseLong(range.group(2));
        return new Opened(connection.getInputStream(), from, total);
    }

    private static boolean isFile(URI uri) {
        return "file".equalsIgnoreCase(uri.getScheme());
    }
}
