package dev.buildboss.testing;

import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Feature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.util.ByteString;

/**
 * Plays what an existing worker wrote in a recording ({@code src/test/resources/vectors}): the same lines, as answers to the
 * commands of our boss. What a recording does not have (one in batch mode has no {@code build_prepare_done}) follows the protocol.
 */
public class RecordedWorker extends FakeFleet.Worker {

    private static final Pattern LINE = Pattern.compile(" *[0-9.]+ << (BM> .*)");
    private static final String SET_UP = "\"(build_started|worktree_created)\"";

    private final List<String> lines;

    /** A worker that plays that file. */
    public RecordedWorker(String recording) {
        this.lines = lines(recording);
    }

    /** What the recorded worker wrote, line by line. */
    public static List<String> lines(String recording) {
        try {
            Path file = Path.of(Objects.requireNonNull(RecordedWorker.class.getResource("/vectors/" + recording))
                    .toURI());
            List<String> result = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                Matcher matcher = LINE.matcher(line);
                if (matcher.matches()) {
                    result.add(matcher.group(1));
                }
            }
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    protected Set<Feature> features() {
        return Set.of();
    }

    @Override
    protected void greet() {
        play("\"ready\"");
    }

    @Override
    protected synchronized void onCommand(Command command) {
        if (command instanceof Command.BuildPrepare) {
            note(command);
            play(SET_UP);
            write("BM> {\"resp\": \"build_prepare_done\"}");
        } else if (command instanceof Command.BuildBoard build) {
            note(command);
            board(build.spec().board());
        } else if (command instanceof Command.BuildDone) {
            note(command);
            play("\"build_done\"");
        } else if (command instanceof Command.Quit) {
            note(command);
            play("\"quit_ack\"");
            exit(137); // it ends its whole process group with SIGKILL, itself included
        } else {
            super.onCommand(command);
        }
    }

    /** Builds a board: what was recorded of it. */
    protected void board(String board) {
        results(board).forEach(this::write);
    }

    /** The recorded lines about a board. */
    protected final List<String> results(String board) {
        return lines.stream()
                .filter(line -> line.contains("\"board\": \"" + board + "\""))
                .toList();
    }

    private void play(String pattern) {
        Pattern wanted = Pattern.compile(pattern);
        lines.stream().filter(line -> wanted.matcher(line).find()).forEach(this::write);
    }

    /** Writes a line. */
    protected void write(String line) {
        raw(ByteString.fromString(line + "\n"));
    }
}
