package dev.buildboss.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.exec.Exec;
import dev.buildboss.exec.Execution;
import dev.buildboss.model.ArtefactNames;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.spi.StepResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the files of one cell's result, as they are added; to a boss that does not know of such files it sends none. */
final class CellFiles implements BuildRecipe.Collector {
    private static final Logger LOG = LoggerFactory.getLogger(CellFiles.class);

    /** A recipe's own tools are quick; one that hangs must not hold the board. */
    private static final Duration TOOL_LIMIT = Duration.ofMinutes(2);

    private static final int MAX_SMALL_FILE = 8 * 1024;
    private static final int MAX_SMALL_FILES = 32 * 1024;

    private final BuildSession session;
    private final String board;
    private final int commit;
    private final Path outputDir;
    private final Map<String, String> environment;
    private final boolean succeeded;
    private final Set<String> sent = new HashSet<>();
    private final Map<String, String> small = new HashMap<>();
    private int smallBytes;

    CellFiles(
            BuildSession session,
            String board,
            int commit,
            Path outputDir,
            Map<String, String> environment,
            boolean succeeded) {
        this.session = session;
        this.board = board;
        this.commit = commit;
        this.outputDir = outputDir;
        this.environment = environment;
        this.succeeded = succeeded;
    }

    /** Whether the boss takes files at all. */
    boolean wanted() {
        return session.has(Feature.ARTEFACTS);
    }

    @Override
    public boolean succeeded() {
        return succeeded;
    }

    @Override
    public void file(String name, Path path) throws IOException {
        if (!Files.isRegularFile(path) || !accepts(name)) {
            return;
        }
        if (Files.size(path) > session.limits().maxArtefact()) {
            LOG.warn(
                    "{} of {} is not sent: it is over the limit of {} bytes",
                    path,
                    board,
                    session.limits().maxArtefact());
            return;
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] piece = in.readNBytes(session.chunk());
            boolean last;
            do {
                byte[] next = piece.length < session.chunk() ? new byte[0] : in.readNBytes(session.chunk());
                last = next.length == 0;
                session.sink().send(new Response.Artefact(board, commit, name, ByteString.fromArray(piece), last));
                piece = next;
            } while (!last);
        }
    }

    @Override
    public void text(String name, String content) {
        if (!accepts(name)) {
            return;
        }
        byte[] bytes = content.getBytes(UTF_8);
        if (bytes.length <= MAX_SMALL_FILE && smallBytes + bytes.length <= MAX_SMALL_FILES) {
            small.put(name, content);
            smallBytes += bytes.length;
            return;
        }
        int at = 0;
        do {
            int end = Math.min(bytes.length, at + session.chunk());
            ByteString piece = ByteString.fromArray(bytes, at, end - at);
            session.sink().send(new Response.Artefact(board, commit, name, piece, end == bytes.length));
            at = end;
        } while (at < bytes.length);
    }

    /** The texts that are small enough to travel in the result itself. */
    Map<String, String> small() {
        return small;
    }

    private boolean accepts(String name) {
        return sent.add(ArtefactNames.check(name)) && wanted();
    }

    @Override
    public StepResult run(List<String> argv) {
        Execution done = session.runner()
                .run(new Exec(
                        argv,
                        outputDir,
                        environment,
                        TOOL_LIMIT,
                        session.limits().maxOutput(),
                        Optional.empty()));
        return new StepResult(done.code(), done.out(), done.ok() ? done.err() : done.trouble());
    }
}
