package dev.buildboss.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildmanFileTest {

    @TempDir
    Path dir;

    private Path file(String... lines) throws IOException {
        return Files.writeString(dir.resolve("buildman"), String.join("\n", lines) + "\n");
    }

    private SettingsLoader.Loaded load(String... lines) throws IOException {
        return new SettingsLoader().buildmanFile(file(lines)).load();
    }

    @Test
    void readsEverySection() throws IOException {
        Settings settings = load(
                        "# mine",
                        "[toolchain]",
                        "root: /",
                        "eldk = ~/tools/gcc-*/*",
                        "[toolchain-prefix]",
                        "arc = /opt/arc/bin/arc-elf32-",
                        "[toolchain-alias]",
                        "; of old",
                        "x86: i386",
                        "riscv = riscv32",
                        "   riscv64",
                        "[toolchain-wrapper]",
                        "any: ccache",
                        "[make-flags]",
                        "at91-boards=ENABLE_AT91_TEST=1",
                        "snapper9260=${at91-boards} BUILD_TAG=442",
                        "qemu_arm=HOSTCC=\"cc -isystem /add/include\" NAME=${target}",
                        "none",
                        "[global]",
                        "allow-missing = multiple branch",
                        "[machine:moa]",
                        "max_boards = 7",
                        "[machines]",
                        "  ohau",
                        "  me@kea.example",
                        "moa = me@moa.example")
                .settings();

        assertThat(settings.toolchains().paths()).startsWith("/", "~/tools/gcc-*/*");
        assertThat(settings.toolchains().prefixes()).containsEntry("arc", "/opt/arc/bin/arc-elf32-");
        assertThat(settings.toolchains().aliases())
                .containsEntry("x86", List.of("i386"))
                .containsEntry("riscv", List.of("riscv32", "riscv64"))
                .containsEntry("sh", List.of("sh4"));
        assertThat(settings.toolchains().wrapper()).contains("ccache");
        assertThat(settings.makeFlags())
                .containsEntry("snapper9260", List.of("ENABLE_AT91_TEST=1", "BUILD_TAG=442"))
                .containsEntry("qemu_arm", List.of("HOSTCC=cc -isystem /add/include", "NAME=qemu_arm"))
                .containsEntry("none", List.of());
        assertThat(settings.allowMissing()).isEqualTo(new Settings.AllowMissing(false, true, true));
        assertThat(settings.machines().values())
                .extracting(Machine::name, Machine::host, Machine::maxBoards)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("kea.example", "me@kea.example", 0),
                        org.assertj.core.groups.Tuple.tuple("moa", "me@moa.example", 7),
                        org.assertj.core.groups.Tuple.tuple("ohau", "ohau", 0));
    }

    @Test
    void isWeakerThanTheUsersOwnSettingsAndStrongerThanTheDefaults() throws IOException {
        Path buildman = file("[machines]", "moa", "kea", "[machine:moa]", "max_boards = 7");
        Path user = Files.writeString(
                dir.resolve("config.conf"), "buildboss.machines.moa { max-boards = 3, tags = [lab] }\n");

        SettingsLoader.Loaded loaded =
                new SettingsLoader().userFile(user).buildmanFile(buildman).load();

        Machine moa = loaded.settings().machines().get("moa");
        assertThat(moa.maxBoards()).isEqualTo(3);
        assertThat(moa.host()).isEqualTo("moa");
        assertThat(moa.tags()).containsExactly("lab");
        assertThat(loaded.origin("machines", "moa", "max-boards")).isEqualTo(user + ":1");
        assertThat(loaded.origin("machines", "moa", "host")).isEqualTo(buildman + ":2");
        assertThat(loaded.origin("machines", "kea", "max-boards")).isEqualTo("default");
    }

    @Test
    void keepsTheLineOfEachValue() throws IOException {
        SettingsLoader.Loaded loaded = load(
                "[toolchain]",
                "one = /one",
                "",
                "two = /two",
                "[toolchain-alias]",
                "x86 = i386 x86_64",
                "[make-flags]",
                "a.b = A=${target}");

        assertThat(loaded.origin("toolchains", "paths")).isEqualTo(dir.resolve("buildman") + ":2-4");
        assertThat(loaded.origin("toolchains", "aliases", "x86")).isEqualTo(dir.resolve("buildman") + ":6");
        assertThat(loaded.origin("build", "make-flags", "a.b")).isEqualTo(dir.resolve("buildman") + ":8");
        assertThat(loaded.entries())
                .contains(new SettingsLoader.Entry(
                        "buildboss.build.make-flags.\"a.b\"", "[\"A=a.b\"]", dir.resolve("buildman") + ":8"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name = x | :1: no section yet: the first line must be one, such as [toolchain]",
                "[toolchan]~a = / | :1: [toolchan]: no such section (did you mean toolchain?)",
                "[toolchan] | :1: [toolchan]: no such section (did you mean toolchain?)",
                "[machines]~moa~[machine:mao]~max_boards = 2 | :3: [machine:mao]: no such machine in [machines] (did you mean moa?)",
                "[machine:moa] | :1: [machine:moa]: no such machine in [machines]",
                "[machine:moa]~max_boards = 2~[machine:kea] | :1: [machine:moa]: no such machine in [machines]",
                "[machines]~moa~[machine:moa]~max-bords = 2 | :4: [machine:moa] max-bords: no such setting (did you mean max_boards?)",
                "[machines]~moa~[machine:moa]~max_boards = many | :4: [machine:moa] max_boards: must be a whole number from 0 to 4096, not \"many\"",
                "[machines]~moa~[machine:moa]~max_boards | :4: [machine:moa] max_boards: has no value: must be a number",
                "[machines]~moa~moa | :3: [machines] moa is there already, in line 2",
                "[machines]~moa~me@moa | :3: [machines] me@moa: is there already, in line 2",
                "[machines]~moa = a b | :2: machine moa: not a host: 'a b'",
                "[machines]~moa = -oProxyCommand=x | :2: machine moa: not a host: '-oProxyCommand=x'",
                "[machines]~local | :2: machine local: that name is this computer's own",
                "[machines]~moa~   kea | :3: goes on with a value that moa does not have (it stands further right than that)",
                "[global]~alow-missing = always | :2: [global] alow-missing: no such setting (did you mean allow-missing?)",
                "[global]~allow-missing = allways | :2: [global] allow-missing: must be true, false, or some of always, multiple, branch, not \"allways\"",
                "[toolchain]~a = /~[toolchain] | :3: [toolchain] is there already, in line 1",
                "[toolchain]~a | :2: [toolchain] a: has no value: must be a path",
                "[toolchain]~= / | :2: [toolchain]: a name is missing",
                "[toolchain-prefix]~arm = | :2: [toolchain-prefix] arm: has no value: must be the compiler's path without gcc",
                "[toolchain-wrapper]~any = ccache;id | :2: [toolchain-wrapper] any: must be a program and its arguments",
                "[make-flags]~a = A='x | :2: [make-flags] a: must be make arguments (a ' is not closed)",
                "[make-flags]~a = A=$(id) | :2: [make-flags] a: must be make arguments without",
                "[make-flags]~common = A=1~a = ${comon} | :3: buildboss.build.make-flags.a: ${comon}: no such name in make-flags (did you mean common?)",
                "[make-flags]~a = ${b}~b = ${a} | :2: buildboss.build.make-flags.a: refers to itself: a → b → a",
            })
    void refusesWhatIsWrongWithItsPlace(String lines, String expected) throws IOException {
        Path file = file(lines.strip().split("~", -1));

        assertThatThrownBy(() -> new SettingsLoader().givenBuildmanFile(file).load())
                .isInstanceOf(BuildbossException.class)
                .hasMessageStartingWith(file + expected.strip());
    }

    @Test
    void refusesAGivenFileThatIsNotThereOrTooLarge() throws IOException {
        Path large = file("[toolchain]", "a = /".repeat(300_000));

        assertThatThrownBy(() -> new SettingsLoader().givenBuildmanFile(dir.resolve("none")))
                .hasMessage(dir.resolve("none") + ": no such file");
        assertThatThrownBy(() -> new SettingsLoader().givenBuildmanFile(large).load())
                .hasMessage(large + ": larger than 1024 KiB");
        assertThat(new SettingsLoader().buildmanFile(dir.resolve("none")).load().settings())
                .isEqualTo(Settings.defaults());
    }

    @Test
    void readsCommentsAndEncodingsOfAllKinds() throws IOException {
        Path file = dir.resolve("odd");
        Files.write(
                file,
                "\ufeff[toolchain] # big ones\r\n  ; caf\u00e9\r\none = /one # two\r\n\r\n[machines]\r\n\u00e9"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThatThrownBy(() -> new SettingsLoader().buildmanFile(file).load())
                .hasMessage(file + ":6: not a machine name: '\u00e9'");
        Files.write(
                file, "[toolchain]\n# caf\u00e9\none = /one".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        assertThat(new SettingsLoader()
                        .buildmanFile(file)
                        .load()
                        .settings()
                        .toolchains()
                        .paths())
                .startsWith("/one");
    }
}
