package dev.buildboss.worker;

import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Command.BoardSpec;
import dev.buildboss.protocol.Command.Cancel;
import dev.buildboss.protocol.Command.TakeBack;
import dev.buildboss.protocol.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The boards of a session by name, for a boss that wants something of them back. Used by the dispatcher, on its thread. */
final class GivenBoards {

    private final ResponseSink sink;
    private final Map<String, GivenBoard> boards = new HashMap<>();

    GivenBoards(ResponseSink sink) {
        this.sink = sink;
    }

    /** One more board; a boss names each once at a time, so that the last of a name is the one that is meant. */
    GivenBoard add(BoardSpec spec) {
        GivenBoard board = new GivenBoard(spec, sink);
        boards.put(spec.board(), board);
        return board;
    }

    /** Whether that command is for {@link #on}. */
    boolean isAbout(Command command) {
        return command instanceof TakeBack || command instanceof Cancel;
    }

    /** Carries out a command; of a board that is not here nothing can be given back. */
    void on(Command command) {
        if (command instanceof TakeBack back) {
            GivenBoard board = boards.get(back.board());
            if (board != null) {
                board.takeBack(back.commits());
            } else {
                sink.send(new Response.GivenBack(back.board(), List.of()));
            }
        } else if (command instanceof Cancel cancel) {
            GivenBoard board = boards.get(cancel.board());
            if (board != null) {
                board.cancel(cancel.commitUpto());
            }
        }
    }

    /** The session is over. */
    void clear() {
        boards.clear();
    }
}
