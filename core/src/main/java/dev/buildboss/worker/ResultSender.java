package dev.buildboss.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.files.FreeSpace;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.InfraSigns;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.RecipeOutputs;
import dev.buildboss.spi.StepResult;
import dev.buildboss.toolchain.Toolchain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Turns what came of a board's cells into responses, with no more than the boss said that it understands. */
final class ResultSender {
    /** A text up to this many characters travels in the result itself, a longer one as a file. */
    private static final int MAX_INLINE = 64 * 1024;

    /** What is left in the result of a text that travels as a file. */
    private static final int EXCERPT = 2048;

    /** A boss without files gets this much of a text: an existing one reads whole lines into memory. */
    private static final int MAX_BASE_TEXT = 2 * 1024 * 1024;

    /** What a build depends on. The rest of the environment may hold secrets. */
    private static final List<String> SHOWN_ENVIRONMENT = List.of("CROSS_COMPILE", "LC_ALL", "PATH");

    private final BuildSession session;
    private final String board;

    ResultSender(BuildSession session, String board) {
        this.session = session;
        this.board = board;
    }

    /**
     * What a cell's commands did.
     *
     * @param result the last attempt's result
     * @param commands its commands
     * @param environment their environment
     * @param started whether the last command could be started
     * @param oomKills how many processes the kernel killed for memory meanwhile
     * @param times how long they took, all attempts together
     */
    record Work(
            StepResult result,
            List<String> commands,
            Map<String, String> environment,
            boolean started,
            long oomKills,
            Response.Times times) {}

    /** The architecture has no compiler here. */
    void noToolchain(int cell, String arch) {
        String text = "Tool chain error for " + arch + ": No tool chain found for arch '" + arch + "'";
        send(cell, BoardBuild.NO_TOOLCHAIN_CODE, text, Optional.of(CellOutcome.Reason.NO_TOOLCHAIN));
    }

    /** The commit can't be checked out. */
    void noSource(int cell, String trouble, long freeBytes) {
        CellOutcome.Reason reason = InfraSigns.of(trouble, freeBytes, 0).orElse(CellOutcome.Reason.INFRASTRUCTURE);
        send(cell, BoardBuild.NO_SOURCE_CODE, trouble + "\n", Optional.of(reason));
    }

    /** The recipe or the worker itself failed. */
    void crashed(int cell, Throwable e) {
        send(cell, 1, "worker: internal error: " + e + "\n", Optional.of(CellOutcome.Reason.INFRASTRUCTURE));
    }

    private void send(int cell, int code, String stderr, Optional<CellOutcome.Reason> notBuilt) {
        session.sink()
                .send(new Response.BuildResult(
                        board,
                        cell,
                        code,
                        "",
                        stderr,
                        Host.load(),
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        notBuilt.filter(reason -> session.has(Feature.NOT_BUILT))
                                .map(ResultSender::wireName),
                        Map.of()));
    }

    private static String wireName(CellOutcome.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    /** The commands ran: sends the files, then the result. */
    void built(int cell, BuildTarget target, RecipeOutputs outputs, CellFiles files, Work work) throws IOException {
        StepResult result = work.result();
        Optional<CellOutcome.Reason> notBuilt = Optional.empty();
        if (!work.started()) {
            notBuilt = Optional.of(CellOutcome.Reason.INFRASTRUCTURE);
        } else if (result.code() != 0) {
            notBuilt = InfraSigns.of(result.stderr(), FreeSpace.of(target.outputDir()), work.oomKills());
        }
        Optional<String> sizes = Optional.empty();
        Map<String, String> config = Map.of();
        Map<String, Path> described = describedFiles(target, outputs);
        if (files.succeeded() && target.toolchain().isPresent()) {
            sizes = new ImageReport(target.toolchain().get(), target.outputDir(), files).send(outputs.images());
        }
        if (files.wanted()) {
            sendFiles(target, outputs, described, files, work);
        } else if (!files.succeeded()) {
            config = texts(described);
        }
        session.sink()
                .send(new Response.BuildResult(
                        board,
                        cell,
                        result.code(),
                        inline("log", result.stdout(), files),
                        inline("err", result.stderr(), files),
                        Host.load(),
                        sizes,
                        config,
                        Optional.empty(),
                        notBuilt.filter(reason -> session.has(Feature.NOT_BUILT))
                                .map(ResultSender::wireName),
                        files.small(),
                        session.has(Feature.TIMES) ? Optional.of(work.times()) : Optional.empty()));
    }

    private void sendFiles(
            BuildTarget target, RecipeOutputs outputs, Map<String, Path> described, CellFiles files, Work work)
            throws IOException {
        target.toolchain()
                .ifPresent(
                        t -> files.text("toolchain", describe(t, work.result().code())));
        for (Map.Entry<String, Path> file : described.entrySet()) {
            files.file(file.getKey(), file.getValue());
        }
        files.text("out-cmd", String.join("\n", work.commands()) + "\n");
        StringBuilder shown = new StringBuilder();
        for (String name : SHOWN_ENVIRONMENT) {
            String value = work.environment().get(name);
            if (value != null) {
                shown.append(name).append("=\"").append(value).append("\"\n");
            }
        }
        files.text("out-env", shown.toString());
        session.recipe().collect(target, files);
        if (session.options().keepOutputs() && session.has(Feature.KEEP_OUTPUTS)) {
            for (Path path : KeptFiles.find(target.outputDir(), outputs.kept())) {
                files.file(String.valueOf(path.getFileName()), path);
            }
        }
    }

    private static String describe(Toolchain toolchain, int code) {
        return "gcc " + toolchain.gcc() + "\npath " + toolchain.directory() + "\ncross " + toolchain.cross() + "\narch "
                + toolchain.arch() + "\n" + code;
    }

    private static Map<String, Path> describedFiles(BuildTarget target, RecipeOutputs outputs) {
        Map<String, Path> result = new TreeMap<>();
        for (RecipeOutputs.NamedFile file : outputs.files()) {
            Path path = target.outputDir().resolve(file.path());
            if (Files.isRegularFile(path)) {
                result.putIfAbsent(file.name(), path);
            }
        }
        return result;
    }

    private static Map<String, String> texts(Map<String, Path> files) throws IOException {
        Map<String, String> result = new HashMap<>();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            if (Files.size(file.getValue()) <= MAX_BASE_TEXT) {
                result.put(file.getKey(), new String(Files.readAllBytes(file.getValue()), UTF_8));
            }
        }
        return result;
    }

    /** The text as it goes into the result; if it is long, it goes ahead as a file, and its beginning stays. */
    private static String inline(String name, String text, CellFiles files) {
        if (files.wanted()) {
            if (text.length() <= MAX_INLINE) {
                return text;
            }
            files.text(name, text);
            return text.substring(0, EXCERPT);
        }
        return text.length() <= MAX_BASE_TEXT
                ? text
                : text.substring(0, MAX_BASE_TEXT / 2) + "\n[... " + (text.length() - MAX_BASE_TEXT)
                        + " characters cut ...]\n" + text.substring(text.length() - MAX_BASE_TEXT / 2);
    }
}
