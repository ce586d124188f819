package dev.buildboss.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.buildboss.protocol.JsonFields.WrongField;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.util.ByteString;

/** The JSON form of each {@link Response}. Extension keys are written only when they say something. */
final class ResponseJson {

    /** No command of a build is let run so long. */
    private static final double LONGEST_MS = Duration.ofDays(365).toMillis();

    private ResponseJson() {}

    /** The response, or empty for a name that is not known. */
    static Optional<Response> read(String resp, JsonFields in) throws WrongField {
        return Optional.ofNullable(
                switch (resp) {
                    case "ready" -> readReady(in);
                    case "setup_done" -> new Response.SetupDone(in.textOrEmpty("work_dir"), in.textOrEmpty("git_dir"));
                    case "configure_done" -> new Response.ConfigureDone(compilers(in, "toolchains"));
                    case "build_started" -> new Response.BuildStarted(in.count("num_threads", 0));
                    case "worktree_created" -> new Response.WorktreeCreated(in.count("thread", 0));
                    case "build_prepare_done" -> new Response.BuildPrepareDone();
                    case "heartbeat" -> new Response.Heartbeat(in.textOrEmpty("board"), in.count("thread", 0));
                    case "artefact" -> readArtefact(in);
                    case "build_result" -> readBuildResult(in);
                    case "build_done" -> new Response.BuildDone(in.count("exceptions", 0));
                    case "error" -> new Response.Refusal(in.textOrEmpty("msg"));
                    case "log" ->
                        new Response.Log(
                                in.requiredText("board"), in.requiredCount("commit_upto"), in.textOrEmpty("text"));
                    case "given_back" -> new Response.GivenBack(in.requiredText("board"), in.countList("commits"));
                    case "pong" -> new Response.Pong();
                    case "quit_ack" -> new Response.QuitAck();
                    default -> null;
                });
    }

    private static Response readReady(JsonFields in) throws WrongField {
        int threads = in.requiredCount("nthreads");
        return new Response.Ready(
                threads,
                in.count("slots", threads),
                in.count("protocol", 1),
                CommandJson.features(in),
                in.textOrEmpty("version"));
    }

    static Map<String, Response.ToolchainInfo> compilers(JsonFields in, String key) throws WrongField {
        Map<String, Response.ToolchainInfo> result = new LinkedHashMap<>();
        for (Map.Entry<String, JsonFields> entry : in.object(key).objects().entrySet()) {
            JsonFields compiler = entry.getValue();
            result.put(
                    entry.getKey(),
                    new Response.ToolchainInfo(
                            compiler.requiredText("gcc"),
                            compiler.textOrEmpty("version"),
                            compiler.textOrEmpty("identity")));
        }
        return result;
    }

    private static Response readArtefact(JsonFields in) throws WrongField {
        byte[] data;
        try {
            data = Base64.getDecoder().decode(in.textOrEmpty("data"));
        } catch (IllegalArgumentException e) {
            throw new WrongField("data: expected base64");
        }
        return new Response.Artefact(
                in.requiredText("board"),
                in.requiredCount("commit_upto"),
                in.requiredText("name"),
                ByteString.fromArrayUnsafe(data),
                in.flag("last", false));
    }

    private static Response readBuildResult(JsonFields in) throws WrongField {
        return new Response.BuildResult(
                in.requiredText("board"),
                in.requiredCount("commit_upto"),
                in.requiredInt("return_code"),
                in.textOrEmpty("stdout"),
                in.textOrEmpty("stderr"),
                in.number("load_avg", 0.0),
                in.object("sizes").text("raw"),
                in.object("config").texts(),
                in.text("lines"),
                in.text("not_built").filter(reason -> !reason.isEmpty()),
                in.object("files").texts(),
                times(in.object("times")));
    }

    /** Empty if they are not there, or make no sense. */
    private static Optional<Response.Times> times(JsonFields in) throws WrongField {
        double configure = in.number("configure_ms", -1);
        double build = in.number("build_ms", -1);
        double cpu = in.number("cpu_ms", 0);
        return isTime(configure) && isTime(build)
                ? Optional.of(new Response.Times((long) configure, (long) build, isTime(cpu) ? (long) cpu : 0))
                : Optional.empty();
    }

    private static boolean isTime(double milliseconds) {
        return milliseconds >= 0 && milliseconds <= LONGEST_MS;
    }

    static void write(JsonGenerator out, Response response) throws IOException {
        if (response instanceof Response.BuildResult result) {
            writeBuildResult(out, result);
        } else if (response instanceof Response.Artefact artefact) {
            writeArtefact(out, artefact);
        } else if (response instanceof Response.Heartbeat heartbeat) {
            out.writeStringField("resp", "heartbeat");
            out.writeStringField("board", heartbeat.board());
            out.writeNumberField("thread", heartbeat.thread());
        } else if (response instanceof Response.Ready ready) {
            writeReady(out, ready);
        } else if (response instanceof Response.ConfigureDone done) {
            writeConfigureDone(out, done);
        } else {
            writeSmall(out, response);
        }
    }

    private static void writeSmall(JsonGenerator out, Response response) throws IOException {
        if (response instanceof Response.SetupDone done) {
            out.writeStringField("resp", "setup_done");
            out.writeStringField("work_dir", done.workDir());
            out.writeStringField("git_dir", done.gitDir());
        } else if (response instanceof Response.BuildStarted started) {
            out.writeStringField("resp", "build_started");
            out.writeNumberField("num_threads", started.numThreads());
        } else if (response instanceof Response.WorktreeCreated created) {
            out.writeStringField("resp", "worktree_created");
            out.writeNumberField("thread", created.thread());
        } else if (response instanceof Response.BuildPrepareDone) {
            out.writeStringField("resp", "build_prepare_done");
        } else if (response instanceof Response.BuildDone done) {
            out.writeStringField("resp", "build_done");
            out.writeNumberField("exceptions", done.exceptions());
        } else if (response instanceof Response.Refusal refusal) {
            out.writeStringField("resp", "error");
            out.writeStringField("msg", refusal.msg());
        } else if (response instanceof Response.Log log) {
            out.writeStringField("resp", "log");
            out.writeStringField("board", log.board());
            out.writeNumberField("commit_upto", log.commitUpto());
            out.writeStringField("text", log.text());
        } else if (response instanceof Response.GivenBack back) {
            out.writeStringField("resp", "given_back");
            out.writeStringField("board", back.board());
            CommandJson.writeIndexes(out, back.commits());
        } else if (response instanceof Response.Pong) {
            out.writeStringField("resp", "pong");
        } else if (response instanceof Response.QuitAck) {
            out.writeStringField("resp", "quit_ack");
        } else {
            throw new IllegalArgumentException(response.toString());
        }
    }

    private static void writeReady(JsonGenerator out, Response.Ready ready) throws IOException {
        out.writeStringField("resp", "ready");
        out.writeNumberField("nthreads", ready.nthreads());
        out.writeNumberField("slots", ready.slots());
        if (ready.protocol() != 1) {
            out.writeNumberField("protocol", ready.protocol());
        }
        CommandJson.writeFeatures(out, ready.features());
        if (!ready.version().isEmpty()) {
            out.writeStringField("version", ready.version());
        }
    }

    private static void writeConfigureDone(JsonGenerator out, Response.ConfigureDone done) throws IOException {
        out.writeStringField("resp", "configure_done");
        if (done.toolchains().isEmpty()) {
            return;
        }
        writeCompilers(out, "toolchains", done.toolchains());
    }

    static void writeCompilers(JsonGenerator out, String key, Map<String, Response.ToolchainInfo> compilers)
            throws IOException {
        out.writeObjectFieldStart(key);
        for (Map.Entry<String, Response.ToolchainInfo> entry : new TreeMap<>(compilers).entrySet()) {
            out.writeObjectFieldStart(entry.getKey());
            out.writeStringField("gcc", entry.getValue().gcc());
            out.writeStringField("version", entry.getValue().version());
            if (!entry.getValue().identity().isEmpty()) {
                out.writeStringField("identity", entry.getValue().identity());
            }
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void writeArtefact(JsonGenerator out, Response.Artefact artefact) throws IOException {
        // The cell's name comes first, so that a line that was cut can still be told (see CellRef).
        out.writeStringField("resp", "artefact");
        out.writeStringField("board", artefact.board());
        out.writeNumberField("commit_upto", artefact.commitUpto());
        out.writeStringField("name", artefact.name());
        out.writeStringField(
                "data", Base64.getEncoder().encodeToString(artefact.data().toArrayUnsafe()));
        out.writeBooleanField("last", artefact.last());
    }

    private static void writeBuildResult(JsonGenerator out, Response.BuildResult result) throws IOException {
        out.writeStringField("resp", "build_result");
        out.writeStringField("board", result.board());
        out.writeNumberField("commit_upto", result.commitUpto());
        out.writeNumberField("return_code", result.returnCode());
        out.writeStringField("stderr", result.stderr());
        out.writeStringField("stdout", result.stdout());
        // JSON has no NaN.
        out.writeNumberField("load_avg", Double.isFinite(result.loadAvg()) ? result.loadAvg() : 0.0);
        if (result.sizes().isPresent()) {
            out.writeObjectFieldStart("sizes");
            out.writeStringField("raw", result.sizes().get());
            out.writeEndObject();
        }
        if (!result.config().isEmpty()) {
            CommandJson.writeTexts(out, "config", result.config());
        }
        if (result.lines().isPresent()) {
            out.writeStringField("lines", result.lines().get());
        }
        if (result.notBuilt().isPresent()) {
            out.writeStringField("not_built", result.notBuilt().get());
        }
        if (result.times().isPresent()) {
            out.writeObjectFieldStart("times");
            out.writeNumberField("configure_ms", result.times().get().configureMs());
            out.writeNumberField("build_ms", result.times().get().buildMs());
            if (result.times().get().cpuMs() > 0) {
                out.writeNumberField("cpu_ms", result.times().get().cpuMs());
            }
            out.writeEndObject();
        }
        if (!result.files().isEmpty()) {
            CommandJson.writeTexts(out, "files", result.files());
        }
    }
}
