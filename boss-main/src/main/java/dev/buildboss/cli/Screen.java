package dev.buildboss.cli;

import java.io.IOException;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The terminal on standard output, if there is one.
 *
 * @param rewrites whether a line can be rewritten in place there
 * @param colours whether it is to have colours ({@code NO_COLOR} and {@code TERM=dumb} are honoured)
 * @param width its columns now
 * @param height its lines now
 */
record Screen(boolean rewrites, boolean colours, IntSupplier width, IntSupplier height) {

    private static final int USUAL_WIDTH = 80;
    private static final int USUAL_HEIGHT = 24;

    /** Of the usual height. */
    Screen(boolean rewrites, boolean colours, IntSupplier width) {
        this(rewrites, colours, width, () -> USUAL_HEIGHT);
    }

    /** No terminal: a file or a pipe. */
    static final Screen NONE = new Screen(false, false, () -> USUAL_WIDTH);

    /**
     * Looks at standard output.
     *
     * @param known what the program that started this one knows of it: {@code false}, or anything else to find out
     */
    static Screen find(Map<String, String> environment, String known) {
        String kind = environment.getOrDefault("TERM", "");
        if (known.equals("false") || kind.isEmpty() || kind.equals(Terminal.TYPE_DUMB)) {
            return NONE;
        }
        boolean colours = environment.getOrDefault("NO_COLOR", "").isEmpty();
        try {
            Terminal terminal = TerminalBuilder.builder()
                    .system(true)
                    .systemOutput(TerminalBuilder.SystemOutput.SysOut)
                    .signalHandler(Terminal.SignalHandler.SIG_DFL)
                    .dumb(false)
                    .build();
            return new Screen(
                    true,
                    colours,
                    () -> terminal.getWidth() > 0 ? terminal.getWidth() : USUAL_WIDTH,
                    () -> terminal.getHeight() > 0 ? terminal.getHeight() : USUAL_HEIGHT);
        } catch (IOException | IllegalStateException e) {
            return NONE;
        }
    }
}
