package dev.buildboss.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildChanges.BuildPlace;
import dev.buildboss.protocol.JsonFields.WrongField;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The JSON form of {@link BuildChanges} (extension {@link Feature#BUILD_CHANGES}); only what is changed is written. */
final class ChangesJson {

    private ChangesJson() {}

    static BuildChanges read(JsonFields in) throws WrongField {
        JsonFields place = in.object("place");
        Optional<String> output = place.text("output").filter(path -> !path.isEmpty());
        Optional<String> source = place.text("source").filter(path -> !path.isEmpty());
        try {
            return new BuildChanges(
                    in.textList("adjust_cfg"),
                    in.textList("fragments"),
                    in.textOrEmpty("target"),
                    in.flag("dtc_skip", false),
                    in.flag("per_board_out_dir", false),
                    in.flag("quick", false),
                    in.flag("in_tree", false),
                    in.flag("full_path", false),
                    in.textOrEmpty("override_toolchain"),
                    output.map(path -> new BuildPlace(source, path)));
        } catch (IllegalArgumentException e) {
            throw new WrongField("changes: " + e.getMessage());
        }
    }

    static void write(JsonGenerator out, String key, BuildChanges changes) throws IOException {
        if (changes.isNone()) {
            return;
        }
        out.writeObjectFieldStart(key);
        list(out, "adjust_cfg", changes.adjust());
        list(out, "fragments", changes.fragments());
        text(out, "target", changes.goal());
        flag(out, "dtc_skip", changes.dtcSkip());
        flag(out, "per_board_out_dir", changes.perBoardOutput());
        flag(out, "quick", changes.quick());
        flag(out, "in_tree", changes.inTree());
        flag(out, "full_path", changes.fullPath());
        text(out, "override_toolchain", changes.hostCompiler());
        if (changes.place().isPresent()) {
            BuildPlace place = changes.place().get();
            out.writeObjectFieldStart("place");
            text(out, "source", place.source().orElse(""));
            text(out, "output", place.output());
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void list(JsonGenerator out, String key, List<String> values) throws IOException {
        if (!values.isEmpty()) {
            CommandJson.writeList(out, key, values);
        }
    }

    private static void text(JsonGenerator out, String key, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeStringField(key, value);
        }
    }

    private static void flag(JsonGenerator out, String key, boolean value) throws IOException {
        if (value) {
            out.writeBooleanField(key, true);
        }
    }
}
