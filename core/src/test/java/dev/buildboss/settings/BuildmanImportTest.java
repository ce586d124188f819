package dev.buildboss.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildmanImportTest {

    private static final int FILES = 50;

    @TempDir
    Path dir;

    @Test
    void keepsComments() throws IOException {
        Path file = Files.writeString(
                dir.resolve("buildman"),
                String.join(
                        "\n",
                        "# All mine",
                        "[toolchain]",
                        "# The big ones \u001b[31m",
                        "root: /",
                        "# of the lab",
                        "[machines]",
                        "; slow",
                        "moa = me@moa",
                        "# moa = other"));

        String text = BuildmanImport.hocon(file);

        assertThat(text.lines().map(String::strip))
                .containsSubsequence("# All mine", "# slow", "host=\"me@moa\"", "# root", "\"/\"")
                .contains("# The big ones \\x1b[31m", "# of the lab", "# moa = other");
    }

    @Test
    void theDocumentedFormsComeToTheSame() throws IOException {
        String page = Files.readString(
                Path.of(System.getProperty("buildboss.root", "..")).resolve("docs/settings.md"));
        Path file = Files.writeString(dir.resolve("buildman"), block(page, "ini"));
        Path config = Files.writeString(dir.resolve("config.conf"), block(page, "hocon"));

        Settings settings = new SettingsLoader().buildmanFile(file).load().settings();

        assertThat(settings)
                .isEqualTo(new SettingsLoader().userFile(config).load().settings());
        assertThat(settings.makeFlags().get("snapper9260"))
                .containsExactly("ENABLE_AT91_TEST=1", "BUILD_TAG=snapper9260");
        assertThat(settings.machines()).hasSize(2);
    }

    private static String block(String page, String language) {
        String after = page.substring(page.indexOf("```" + language + "\n") + language.length() + 4);
        return after.substring(0, after.indexOf("```"));
    }

    @Test
    void refusesAFileThatWouldNotBeRead() throws IOException {
        Path file = Files.writeString(dir.resolve("buildman"), "[make-flags]\na = ${b}\n");

        assertThatThrownBy(() -> BuildmanImport.hocon(file)).hasMessageStartingWith(file + ":2: ");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void comesToTheSameSettings(long seed) throws IOException {
        Random random = new Random(seed);
        Path file = dir.resolve("buildman");
        Path written = dir.resolve("config.conf");
        for (int i = 0; i < FILES; i++) {
            String text = new Generator(random).file();
            Files.writeString(file, text);
            Files.writeString(written, BuildmanImport.hocon(file));

            Settings before = new SettingsLoader().buildmanFile(file).load().settings();
            Settings after = new SettingsLoader().userFile(written).load().settings();
            Settings both = new SettingsLoader()
                    .userFile(written)
                    .buildmanFile(file)
                    .load()
                    .settings();

            assertThat(after).as(text).isEqualTo(before);
            assertThat(both).as(text).isEqualTo(before);
        }
    }

    /** Any file that is right. */
    private static final class Generator {
        private static final List<String> NAMES = List.of(
                "arm", "x86", "a.b", "Odd-Name", "sh", "9x", "include", "null", "true", "été", "a b", "$", "q\"q");
        private static final List<String> TEXTS = List.of(
                "/",
                "~/tc/*",
                "/opt/a b/x",
                "/opt/#x",
                "//x",
                "/a\"b",
                "/a\\b",
                "[x]",
                "{x}",
                "${HOME}",
                "a = b : c",
                "%s");
        private static final List<String> FLAGS = List.of(
                "A=1", "B='x y'", "C=\"-I/a -I/b\"", "D=${target}", "E=a\\ b", "V=1", "F=#", "G={x}", "H=1:2", "I=a=b");

        private final Random random;

        private Generator(Random random) {
            this.random = random;
        }

        String file() {
            List<String> sections = new ArrayList<>();
            sections.add("[toolchain]\n" + entries(TEXTS));
            sections.add("[toolchain-prefix]\n" + entries(TEXTS));
            sections.add("[toolchain-alias]\n" + entries(List.of("a", "a b", "i386\n  x86_64", "1", "true")));
            sections.add("[toolchain-wrapper]\n" + entries(List.of("ccache", "~/bin/ccache -x", "distcc")));
            sections.add("[make-flags]\n" + flags());
            if (random.nextBoolean()) {
                sections.add("[global]\nallow-missing" + sign()
                        + one(List.of("always", "multiple branch", "branch", "true")));
            }
            List<String> machines = new ArrayList<>(List.of("moa", "k.e.a", "ruru-1", "10.0.0.7", "null"));
            Collections.shuffle(machines, random);
            StringBuilder named = new StringBuilder("[machines]\n");
            for (String machine : machines.subList(0, random.nextInt(machines.size()))) {
                named.append(one(List.of(machine, machine + sign() + "me@" + machine, "you@" + machine)))
                        .append('\n');
                if (random.nextBoolean()) {
                    sections.add(
                            "[machine:" + machine + "]\n" + comment() + "max_boards" + sign() + random.nextInt(4097));
                }
            }
            sections.add(named.toString());
            Collections.shuffle(sections, random);
            return comment() + String.join("\n\n", sections) + "\n" + comment();
        }

        private String entries(List<String> values) {
            StringBuilder text = new StringBuilder();
            for (String name : some()) {
                text.append(comment())
                        .append(name)
                        .append(sign())
                        .append(one(values))
                        .append('\n');
            }
            return text.toString();
        }

        private String flags() {
            StringBuilder text = new StringBuilder();
            List<String> before = new ArrayList<>();
            for (String name : some()) {
                if (name.contains("$") || name.contains("\"")) {
                    continue; // as ${target} they would be no make arguments
                }
                text.append(comment()).append(name).append(sign());
                for (int i = random.nextInt(4); i > 0; i--) {
                    text.append(one(FLAGS)).append(one(List.of(" ", "   ", "\n   ")));
                }
                if (!before.isEmpty() && random.nextBoolean()) {
                    text.append("${").append(one(before)).append('}');
                }
                text.append('\n');
                if (name.matches("[A-Za-z0-9_.+-]+")) {
                    before.add(name);
                }
            }
            return text.toString();
        }

        private List<String> some() {
            List<String> names = new ArrayList<>(NAMES);
            Collections.shuffle(names, random);
            return names.subList(0, random.nextInt(names.size()));
        }

        private String sign() {
            return one(List.of("=", ":", " = ", ": ", "   :\t"));
        }

        private String comment() {
            return one(List.of("", "", "# a comment\n", "; another = one\n", "#\n\n", "# \u0007 \"${x}\"\n"));
        }

        private String one(List<String> from) {
            return from.get(random.nextInt(from.size()));
        }
    }
}
