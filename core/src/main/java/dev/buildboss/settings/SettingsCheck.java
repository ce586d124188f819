package dev.buildboss.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.buildboss.BuildbossException;
import dev.buildboss.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Refuses every key that is no setting and every value that its setting can't have, naming the place and the right name. */
final class SettingsCheck {

    private final SettingsSchema schema;

    SettingsCheck(SettingsSchema schema) {
        this.schema = schema;
    }

    /**
     * Checks one layer or a merge of them.
     *
     * @throws BuildbossException on the first thing that is wrong
     */
    void check(Config resolved) {
        for (Map.Entry<String, ConfigValue> entry : sorted(resolved.root()).entrySet()) {
            if (!entry.getKey().equals(SettingsSchema.ROOT)) {
                throw refused(
                        entry.getValue(),
                        ConfigUtil.joinPath(entry.getKey()) + ": no such setting (settings are in buildboss { … })");
            } else if (entry.getValue() instanceof ConfigObject section) {
                section(List.of(), section);
            } else {
                throw refused(entry.getValue(), "buildboss: must be a section, as in buildboss { … }");
            }
        }
    }

    private void section(List<String> path, ConfigObject object) {
        for (Map.Entry<String, ConfigValue> entry : sorted(object).entrySet()) {
            List<String> below = new ArrayList<>(path);
            below.add(entry.getKey());
            value(below, entry.getValue());
        }
    }

    private void value(List<String> path, ConfigValue value) {
        String name = SettingsSchema.ROOT + "." + ConfigUtil.joinPath(path);
        var kind = schema.kind(path);
        if (kind.isPresent()) {
            kind.get().check(value).ifPresent(wrong -> {
                throw refused(value, name + ": " + wrong);
            });
        } else if (!schema.isSection(path)) {
            throw refused(value, name + ": no such setting" + Nearest.hint(name, schema.candidates(path)));
        } else if (value instanceof ConfigObject object) {
            section(path, object);
        } else if (value.valueType() != ConfigValueType.NULL) {
            throw refused(value, name + ": must be a section { … }");
        }
    }

    private static Map<String, ConfigValue> sorted(ConfigObject object) {
        return new TreeMap<>(object);
    }

    private static BuildbossException refused(ConfigValue value, String message) {
        return new BuildbossException(place(value.origin()) + ": " + message);
    }

    /** Where something stands, as compilers write it: {@code file:line}. */
    static String place(ConfigOrigin origin) {
        String file = origin.filename();
        if (file == null) {
            return origin.description();
        }
        return origin.lineNumber() > 0 ? file + ":" + origin.lineNumber() : file;
    }
}
