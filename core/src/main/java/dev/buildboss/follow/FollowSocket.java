package dev.buildboss.follow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.buildboss.BuildRequest;
import dev.buildboss.BuildbossException;
import dev.buildboss.model.Cell;
import dev.buildboss.text.Printable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a running build can be asked for the logs of its boards: a local socket that only this user can reach, named after the output
 * directory. A line of boards goes in, with tabs between them; out comes {@code +} and text up to the end, or {@code -} and why not.
 */
public final class FollowSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FollowSocket.class);

    private static final int MAX_REQUEST = 64 * 1024;

    private final FollowHub hub;
    private final Path path;
    private final ServerSocketChannel server;

    private FollowSocket(FollowHub hub, Path path, ServerSocketChannel server) {
        this.hub = hub;
        this.path = path;
        this.server = server;
    }

    /** Lets a run be followed, which has those cells already; where that can't be, the run goes on without. */
    public static Optional<FollowSocket> letFollow(FollowHub hub, BuildRequest request, Set<Cell> previous) {
        Map<String, Integer> cells = new HashMap<>();
        request.boards()
                .forEach(board -> cells.put(board.target(), request.commits().size()));
        previous.forEach(cell -> cells.merge(cell.board(), -1, Integer::sum));
        hub.expect(cells);
        try {
            return Optional.of(open(hub, request.outputDir()));
        } catch (IOException | UnsupportedOperationException e) {
            LOG.info("nobody can follow this run: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** As {@link #close}; what can't be removed stays. */
    public void end() {
        try {
            close();
        } catch (IOException e) {
            LOG.debug("the socket for followers can't be removed", e);
        }
    }

    /**
     * Begins to listen; whoever built there before is gone, as the output directory has one build at a time.
     *
     * @throws IOException if there can be no socket: nobody can follow that run then
     */
    public static FollowSocket open(FollowHub hub, Path outputDir) throws IOException {
        Path path = pathFor(outputDir);
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            server.close();
            throw e;
        }
        FollowSocket socket = new FollowSocket(hub, path, server);
        daemon(socket::accept, "follow-accept");
        return socket;
    }

    /** Below the directory of temporary files, as a socket's path must be short. */
    private static Path pathFor(Path outputDir) throws IOException {
        String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9_-]", "_");
        Path directory = Path.of(System.getProperty("java.io.tmpdir"), "buildboss-follow-" + user);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                LOG.debug("another build made {} just now", directory); // whose it is, is looked at below
            }
        }
        Path home = Path.of(System.getProperty("user.home"));
        boolean ours = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS)
                        .equals(PosixFilePermissions.fromString("rwx------"))
                && (!Files.exists(home) || Files.getOwner(directory).equals(Files.getOwner(home)));
        if (!ours) {
            throw new IOException(directory + " is somebody else's");
        }
        Path real = Files.exists(outputDir)
                ? outputDir.toRealPath()
                : outputDir.toAbsolutePath().normalize();
        return directory.resolve(
                UUID.nameUUIDFromBytes(real.toString().getBytes(UTF_8)).toString());
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                daemon(() -> serve(client), "follow-client");
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            Set<String> boards = Set.of(readLine(client).split("\t", -1));
            Follower follower;
            try {
                follower = hub.follow(boards);
            } catch (BuildbossException e) {
                write(client, "-" + e.getMessage());
                return;
            }
            daemon(() -> awaitEnd(client, follower), "follow-gone");
            try {
                write(client, "+");
                for (Optional<String> piece = follower.next(); piece.isPresent(); piece = follower.next()) {
                    write(client, piece.get());
                }
            } finally {
                hub.leave(follower);
            }
        } catch (IOException | IllegalArgumentException e) {
            return; // whoever followed is gone, or sent nonsense
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A follower that goes is not missed only when there is something to show. */
    private void awaitEnd(SocketChannel client, Follower follower) {
        try {
            ByteBuffer byteOfNoUse = ByteBuffer.allocate(1);
            while (client.read(byteOfNoUse) >= 0) {
                byteOfNoUse.clear();
            }
        } catch (IOException e) {
            // gone as well
        }
        hub.leave(follower);
    }

    private static String readLine(SocketChannel client) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (client.read(one) > 0 && one.get(0) != '\n' && line.length() < MAX_REQUEST) {
            line.append((char) one.get(0)); // names of boards are ASCII
            one.clear();
        }
        return line.toString();
    }

    private static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = UTF_8.encode(text);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Follows boards of the build that writes to an output directory, or to the only one below it, to their end.
     *
     * @param show takes the text, made harmless for terminals
     * @throws BuildbossException if nothing is built there, or not those boards, or several builds are below it
     */
    public static void follow(Path outputDir, List<String> boards, Consumer<String> show) {
        try (SocketChannel channel = connect(outputDir)) {
            write(channel, String.join("\t", boards) + "\n");
            Reader in = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));
            int first = in.read();
            char[] buffer = new char[8192];
            StringBuilder refusal = new StringBuilder();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (first == '+') {
                    show.accept(Printable.lines(new String(buffer, 0, n)));
                } else {
                    refusal.append(buffer, 0, n);
                }
            }
            if (first != '+') {
                throw new BuildbossException(first < 0 ? "the build is ending" : refusal.toString());
            }
        } catch (IOException e) {
            throw new BuildbossException(
                    "the build in " + outputDir + " can't be followed any more: " + e.getMessage(), e);
        }
    }

    /** To the build that writes there, or else to the only one that writes to a directory in it, as those of branches are. */
    private static SocketChannel connect(Path outputDir) throws IOException {
        Optional<SocketChannel> there = reach(outputDir);
        if (there.isPresent()) {
            return there.get();
        }
        Map<Path, SocketChannel> within = new TreeMap<>();
        for (Path directory : directories(outputDir)) {
            reach(directory).ifPresent(channel -> within.put(directory, channel));
        }
        if (within.size() == 1) {
            return within.values().iterator().next();
        }
        for (SocketChannel channel : within.values()) {
            channel.close();
        }
        throw new BuildbossException(
                within.isEmpty()
                        ? "nothing is being built in " + outputDir + " (-o DIR names another directory)"
                        : "several builds write below " + outputDir + ": name one with -o "
                                + within.keySet().stream().map(Path::toString).collect(joining(" or -o ")));
    }

    private static List<Path> directories(Path outputDir) throws IOException {
        if (!Files.isDirectory(outputDir)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(outputDir)) {
            return found.filter(Files::isDirectory).toList();
        }
    }

    private static Optional<SocketChannel> reach(Path outputDir) throws IOException {
        Path path = pathFor(outputDir);
        try {
            return Optional.of(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        } catch (IOException e) {
            LOG.debug("no build listens for {}", outputDir, e);
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        hub.end();
        server.close();
        Files.deleteIfExists(path);
    }
}
