package dev.buildboss.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.buildboss.model.Machine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All settings as one resolved list: what holds, and where it came from. */
final class SettingsView {

    private SettingsView() {}

    /** Every setting by name; machines with what they have by default, make flags with their references followed. */
    static List<SettingsLoader.Entry> entries(Config resolved, Settings settings) {
        Config all = resolved.getConfig(SettingsSchema.ROOT);
        Config defaults = all.getConfig("machine-defaults");
        for (Machine machine : settings.machines().values()) {
            ConfigObject own = all.getObject("machines." + ConfigUtil.joinPath(machine.name()));
            ConfigObject whole = own.withFallback(defaults);
            if (!own.containsKey("host")) {
                whole = whole.withValue("host", of(machine.host(), own.origin()));
            }
            all = all.withValue("machines." + ConfigUtil.joinPath(machine.name()), whole);
        }
        for (Map.Entry<String, List<String>> flags : settings.makeFlags().entrySet()) {
            String path = "build.make-flags." + ConfigUtil.joinPath(flags.getKey());
            all = all.withValue(path, of(flags.getValue(), all.getValue(path).origin()));
        }
        Map<String, ConfigValue> sorted = new TreeMap<>();
        all.entrySet().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        List<SettingsLoader.Entry> entries = new ArrayList<>();
        sorted.forEach((key, value) -> entries.add(new SettingsLoader.Entry(
                SettingsSchema.ROOT + "." + key, value.render(ConfigRenderOptions.concise()), origin(value))));
        return entries;
    }

    private static ConfigValue of(Object value, ConfigOrigin origin) {
        return ConfigValueFactory.fromAnyRef(value).withOrigin(origin);
    }

    /** Where a value stands; a list may have been put together from several lines, or files. */
    private static String origin(ConfigValue value) {
        Map<String, List<Integer>> lines = new TreeMap<>();
        if (value instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof ConfigValue part && part.origin().filename() != null) {
                    lines.computeIfAbsent(part.origin().filename(), file -> new ArrayList<>())
                            .add(part.origin().lineNumber());
                }
            }
        }
        List<String> places = new ArrayList<>();
        lines.forEach((file, numbers) -> {
            int first = Collections.min(numbers);
            int last = Collections.max(numbers);
            places.add(file + ":" + (first == last ? first : first + "-" + last));
        });
        return places.isEmpty() ? place(value.origin()) : shown(String.join(", ", places));
    }

    private static String place(ConfigOrigin origin) {
        return shown(SettingsCheck.place(origin));
    }

    private static String shown(String place) {
        return place.contains("reference.conf") ? "default" : place;
    }
}
