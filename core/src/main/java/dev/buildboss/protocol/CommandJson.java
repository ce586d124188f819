package dev.buildboss.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.protocol.JsonFields.WrongField;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The JSON form of each {@link Command}. Extension keys are written only when they say something. */
final class CommandJson {

    private static final Set<String> NAMES = Set.of(
            "setup",
            "configure",
            "build_boards",
            "build_prepare",
            "build_board",
            "build_done",
            "ping",
            "follow",
            "take_back",
            "cancel",
            "quit");

    private CommandJson() {}

    static boolean isKnown(String cmd) {
        return NAMES.contains(cmd);
    }

    static Command read(String cmd, JsonFields in) throws WrongField {
        return switch (cmd) {
            case "setup" -> new Command.Setup(in.text("work_dir").filter(dir -> !dir.isEmpty()));
            case "configure" -> readConfigure(in);
            case "build_boards" -> readBuildBoards(in);
            case "build_prepare" ->
                new Command.BuildPrepare(commits(in), in.count("max_boards", 0), in.count("jobs", 0));
            case "build_board" -> new Command.BuildBoard(boardSpec(in));
            case "build_done" -> new Command.BuildDone();
            case "ping" -> new Command.Ping(in.count("every_ms", 0));
            case "follow" -> new Command.Follow(in.requiredText("board"), in.count("watchers", 0));
            case "take_back" -> new Command.TakeBack(in.requiredText("board"), in.countList("commits"));
            case "cancel" -> new Command.Cancel(in.requiredText("board"), in.requiredCount("commit_upto"));
            case "quit" -> new Command.Quit();
            default -> throw new IllegalArgumentException(cmd);
        };
    }

    private static Command readConfigure(JsonFields in) throws WrongField {
        return new Command.Configure(
                options(in.object("settings")),
                in.object("toolchains").texts(),
                features(in),
                in.text("recipe").filter(name -> !name.isEmpty()),
                in.object("recipe_settings").texts(),
                ResponseJson.compilers(in, "compilers"));
    }

    private static Command readBuildBoards(JsonFields in) throws WrongField {
        List<Command.BoardSpec> boards = new ArrayList<>();
        for (JsonFields board : in.objectList("boards")) {
            boards.add(boardSpec(board));
        }
        return new Command.BuildBoards(boards, commits(in));
    }

    private static Command.BoardSpec boardSpec(JsonFields in) throws WrongField {
        return new Command.BoardSpec(
                in.requiredText("board"),
                in.textOrEmpty("arch"),
                in.countList("commits"),
                in.textList("make_flags"),
                in.textOrEmpty("defconfig"),
                in.textList("fragments"));
    }

    private static List<String> commits(JsonFields in) throws WrongField {
        return in.beginsWithNull("commits") ? List.of() : in.textList("commits");
    }

    static Set<Feature> features(JsonFields in) throws WrongField {
        Set<Feature> known = EnumSet.noneOf(Feature.class);
        for (String name : in.textList("features")) {
            Feature.ofWireName(name).ifPresent(known::add);
        }
        return known;
    }

    private static BuildOptions options(JsonFields in) throws WrongField {
        BuildOptions missing = BuildOptions.DEFAULT;
        return new BuildOptions(
                in.flag("verbose_build", missing.verboseBuild()),
                in.flag("allow_missing", missing.allowMissing()),
                in.flag("no_lto", missing.noLto()),
                in.flag("reproducible_builds", missing.reproducibleBuilds()),
                in.flag("warnings_as_errors", missing.warningsAsErrors()),
                in.flag("mrproper", missing.mrproper()),
                in.flag("fallback_mrproper", missing.fallbackMrproper()),
                in.flag("config_only", missing.configOnly()),
                in.flag("force_build", missing.forceBuild()),
                in.flag("force_reconfig", missing.forceReconfig()),
                in.flag("kconfig_check", missing.kconfigCheck()),
                in.flag("lines", missing.lines()),
                in.flag("keep_outputs", missing.keepOutputs()),
                ChangesJson.read(in.object("changes")));
    }

    static void write(JsonGenerator out, Command command) throws IOException {
        if (command instanceof Command.Setup setup) {
            out.writeStringField("cmd", "setup");
            if (setup.workDir().isPresent()) {
                out.writeStringField("work_dir", setup.workDir().get());
            }
        } else if (command instanceof Command.Configure configure) {
            writeConfigure(out, configure);
        } else if (command instanceof Command.BuildBoards all) {
            out.writeStringField("cmd", "build_boards");
            out.writeArrayFieldStart("boards");
            for (Command.BoardSpec spec : all.boards()) {
                out.writeStartObject();
                writeBoardSpec(out, spec);
                out.writeEndObject();
            }
            out.writeEndArray();
            writeCommits(out, all.commits());
        } else if (command instanceof Command.BuildPrepare prepare) {
            out.writeStringField("cmd", "build_prepare");
            writeCommits(out, prepare.commits());
            out.writeNumberField("max_boards", prepare.maxBoards());
            if (prepare.jobs() != 0) {
                out.writeNumberField("jobs", prepare.jobs());
            }
        } else if (command instanceof Command.BuildBoard one) {
            out.writeStringField("cmd", "build_board");
            writeBoardSpec(out, one.spec());
        } else {
            writeSmall(out, command);
        }
    }

    private static void writeSmall(JsonGenerator out, Command command) throws IOException {
        if (command instanceof Command.BuildDone) {
            out.writeStringField("cmd", "build_done");
        } else if (command instanceof Command.Ping ping) {
            out.writeStringField("cmd", "ping");
            if (ping.everyMs() != 0) {
                out.writeNumberField("every_ms", ping.everyMs());
            }
        } else if (command instanceof Command.Follow follow) {
            out.writeStringField("cmd", "follow");
            out.writeStringField("board", follow.board());
            out.writeNumberField("watchers", follow.watchers());
        } else if (command instanceof Command.TakeBack back) {
            out.writeStringField("cmd", "take_back");
            out.writeStringField("board", back.board());
            writeIndexes(out, back.commits());
        } else if (command instanceof Command.Cancel cancel) {
            out.writeStringField("cmd", "cancel");
            out.writeStringField("board", cancel.board());
            out.writeNumberField("commit_upto", cancel.commitUpto());
        } else if (command instanceof Command.Quit) {
            out.writeStringField("cmd", "quit");
        } else {
            throw new IllegalArgumentException(command.toString());
        }
    }

    private static void writeConfigure(JsonGenerator out, Command.Configure configure) throws IOException {
        out.writeStringField("cmd", "configure");
        out.writeObjectFieldStart("settings");
        writeOptions(out, configure.options());
        out.writeEndObject();
        if (!configure.toolchains().isEmpty()) {
            writeTexts(out, "toolchains", configure.toolchains());
        }
        writeFeatures(out, configure.features());
        if (configure.recipe().isPresent()) {
            out.writeStringField("recipe", configure.recipe().get());
        }
        if (!configure.recipeSettings().isEmpty()) {
            writeTexts(out, "recipe_settings", configure.recipeSettings());
        }
        if (!configure.compilers().isEmpty()) {
            ResponseJson.writeCompilers(out, "compilers", configure.compilers());
        }
    }

    private static void writeOptions(JsonGenerator out, BuildOptions options) throws IOException {
        out.writeBooleanField("verbose_build", options.verboseBuild());
        out.writeBooleanField("allow_missing", options.allowMissing());
        out.writeBooleanField("no_lto", options.noLto());
        out.writeBooleanField("reproducible_builds", options.reproducibleBuilds());
        out.writeBooleanField("warnings_as_errors", options.warningsAsErrors());
        out.writeBooleanField("mrproper", options.mrproper());
        out.writeBooleanField("fallback_mrproper", options.fallbackMrproper());
        out.writeBooleanField("config_only", options.configOnly());
        out.writeBooleanField("force_build", options.forceBuild());
        out.writeBooleanField("force_reconfig", options.forceReconfig());
        out.writeBooleanField("kconfig_check", options.kconfigCheck());
        out.writeBooleanField("lines", options.lines());
        if (options.keepOutputs()) {
            out.writeBooleanField("keep_outputs", true);
        }
        ChangesJson.write(out, "changes", options.changes());
    }

    private static void writeBoardSpec(JsonGenerator out, Command.BoardSpec spec) throws IOException {
        out.writeStringField("board", spec.board());
        out.writeStringField("arch", spec.arch());
        if (!spec.commits().isEmpty()) {
            writeIndexes(out, spec.commits());
        }
        if (!spec.makeFlags().isEmpty()) {
            writeList(out, "make_flags", spec.makeFlags());
        }
        if (!spec.defconfig().isEmpty()) {
            out.writeStringField("defconfig", spec.defconfig());
        }
        if (!spec.fragments().isEmpty()) {
            writeList(out, "fragments", spec.fragments());
        }
    }

    static void writeIndexes(JsonGenerator out, List<Integer> commits) throws IOException {
        out.writeArrayFieldStart("commits");
        for (int index : commits) {
            out.writeNumber(index);
        }
        out.writeEndArray();
    }

    /** The source as it stands is a list of one null: so existing bosses say it. */
    private static void writeCommits(JsonGenerator out, List<String> commits) throws IOException {
        if (commits.isEmpty()) {
            out.writeArrayFieldStart("commits");
            out.writeNull();
            out.writeEndArray();
        } else {
            writeList(out, "commits", commits);
        }
    }

    static void writeFeatures(JsonGenerator out, Set<Feature> features) throws IOException {
        if (!features.isEmpty()) {
            writeList(
                    out,
                    "features",
                    features.stream().map(Feature::wireName).sorted().toList());
        }
    }

    static void writeList(JsonGenerator out, String key, Collection<String> values) throws IOException {
        out.writeArrayFieldStart(key);
        for (String value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
    }

    /** Sorted, so that equal messages are equal lines. */
    static void writeTexts(JsonGenerator out, String key, Map<String, String> texts) throws IOException {
        out.writeObjectFieldStart(key);
        for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
            out.writeStringField(text.getKey(), text.getValue());
        }
        out.writeEndObject();
    }
}
