package dev.buildboss.settings;

import com.typesafe.config.ConfigRenderOptions;
import dev.buildboss.text.Printable;
import java.nio.file.Path;
import java.util.List;

/** Writes the settings of U-Boot's {@code buildman} as ours, in HOCON, with the comments of the file. */
public final class BuildmanImport {

    private BuildmanImport() {}

    /**
     * The settings of a file as the text of a {@code config.conf}: read in its place, they come to the same.
     *
     * @param file such as {@code ~/.buildman}
     * @throws dev.buildboss.BuildbossException in one line {@code file:line: what is wrong}, with the nearest right name
     */
    public static String hocon(Path file) {
        // The whole of it is checked as in use: hosts, references between make flags.
        new SettingsLoader().givenBuildmanFile(file).load();
        BuildmanFile read = BuildmanFile.read(file);
        StringBuilder text = new StringBuilder();
        comment(text, "Settings of Buildboss, from " + file + ".");
        comment(text, "Its reference.conf documents each one; boss config show prints them all.");
        if (!read.headComments().isEmpty()) {
            text.append('\n');
            read.headComments().forEach(line -> comment(text, line));
        }
        text.append('\n');
        String body = read.layer()
                .root()
                .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false));
        text.append(body);
        if (!body.isEmpty() && !body.endsWith("\n")) {
            text.append('\n');
        }
        List<String> loose = read.looseComments();
        if (!loose.isEmpty()) {
            text.append('\n');
            comment(text, "Comments of that file that stood before no setting:");
            loose.forEach(line -> comment(text, line));
        }
        return text.toString();
    }

    private static void comment(StringBuilder text, String line) {
        text.append(line.isBlank() ? "#" : "# " + Printable.line(line)).append('\n');
    }
}
