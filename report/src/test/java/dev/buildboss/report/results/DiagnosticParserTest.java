package dev.buildboss.report.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.report.results.Diagnostic.Place;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosticParserTest {

    private static List<Diagnostic> parse(String... lines) {
        return DiagnosticParser.parse(String.join("\n", lines) + "\n", 100);
    }

    @Test
    void keepsAllThatBelongsToAnErrorTogether() {
        List<Diagnostic> found = parse(
                "In file included from ../include/common.h:3,",
                "                 from ../lib/b.c:4:",
                "../lib/b.c: In function 'foo':",
                "../lib/b.c:12:3: error: 'x' undeclared",
                "   12 |   x = 1;",
                "      |   ^",
                "../lib/b.c:12:3: note: each undeclared identifier is reported only once");

        assertThat(found).hasSize(1);
        Diagnostic error = found.get(0);
        assertThat(error.severity()).isEqualTo(Severity.ERROR);
        assertThat(error.headlineText()).isEqualTo("../lib/b.c:12:3: error: 'x' undeclared");
        assertThat(error.lines()).hasSize(7);
        assertThat(error.place()).contains(new Place("lib/b.c", 12, 3));
        assertThat(error.isPlainlyInSource()).isTrue();
    }

    @Test
    void knowsAnErrorThatOnlyMovedByItsKey() {
        Diagnostic before = parse("../a.c: In function ‘f’:", "../a.c:10:2: warning: unused ‘x’ [-Wunused]")
                .get(0);
        Diagnostic after = parse("../a.c: In function ‘f’:", "../a.c:17:2: warning: unused ‘x’ [-Wunused]")
                .get(0);
        Diagnostic elsewhere = parse("../a.c: In function ‘g’:", "../a.c:17:2: warning: unused ‘x’ [-Wunused]")
                .get(0);

        assertThat(after).isNotEqualTo(before);
        assertThat(after.key()).isEqualTo(before.key()).isNotEqualTo(elsewhere.key());
    }

    @Test
    void countsWhatIsSaidTwiceOnce() {
        assertThat(parse(
                        "a.c:1:2: warning: w",
                        "    1 | x",
                        "      | ^",
                        "a.c:1:2: warning: w",
                        "    1 | x",
                        "      | ^"))
                .hasSize(1);
    }

    @Test
    void tellsErrorsWarningsAndOtherTextApart() {
        assertThat(parse(
                        "a.c:1:2: fatal error: no.h: No such file or directory",
                        "compilation terminated.",
                        "arch/arm/dts/x.dts:12.3-15.5: Warning (unit_address_vs_reg): /soc: node has a unit name",
                        "arch/arm/dts/x.dtb: Warning (reg_format): /soc/a: property",
                        "Error: arch/arm/dts/y.dts:7.1-2 syntax error",
                        "arm-ld.bfd: warning: u-boot has a LOAD segment with RWX permissions",
                        "arm-ld.bfd: a.o: in function `f':",
                        "a.c:(.text+0x12): undefined reference to `g'",
                        "CONFIG_OF_EMBED is enabled. This option should only"))
                .extracting(Diagnostic::severity)
                .containsExactly(
                        Severity.ERROR,
                        Severity.OTHER,
                        Severity.WARNING,
                        Severity.WARNING,
                        Severity.ERROR,
                        Severity.WARNING,
                        Severity.ERROR,
                        Severity.OTHER);
    }

    @Test
    void keepsTheLinkersNoteWithItsWarning() {
        assertThat(parse(
                        "ld.bfd: warning: arch/arm/lib/lib1funcs.o: missing .note.GNU-stack section",
                        "ld.bfd: NOTE: This behaviour is deprecated"))
                .singleElement()
                .satisfies(d -> assertThat(d.lines()).hasSize(2));
    }

    @Test
    void takesABannerForOneWarning() {
        List<Diagnostic> found = parse(
                "===================== WARNING ======================",
                "CONFIG_OF_EMBED is enabled. This option should only",
                "be used for debugging purposes. Please use",
                "====================================================",
                "after");

        assertThat(found).extracting(Diagnostic::severity).containsExactly(Severity.WARNING, Severity.OTHER);
        assertThat(found.get(0).headlineText()).startsWith("CONFIG_OF_EMBED");
    }

    @Test
    void setsMissingBlobsApart() {
        List<Diagnostic> found = parse(
                "Image 'u-boot-sunxi-with-spl' is missing external blobs and is non-functional: atf-bl31 scp",
                "",
                "/binman/u-boot-sunxi-with-spl/fit/images/scp (scp.bin):",
                "   SCP firmware is required for system suspend.",
                "",
                "Some images are invalid");

        assertThat(found).singleElement().satisfies(d -> {
            assertThat(d.severity()).isEqualTo(Severity.MISSING_BLOB);
            assertThat(d.lines()).hasSize(4);
        });
    }

    @Test
    void dropsUnfinishedJobsAndCallsMakesErrorsConsequences() {
        assertThat(parse(
                        "make[2]: *** [../scripts/Makefile.build:272: a.o] Error 1",
                        "make[1]: *** Waiting for unfinished jobs....",
                        "make: *** [Makefile:189: __sub-make] Error 2"))
                .hasSize(2)
                .allMatch(Diagnostic::consequence);
    }

    @Test
    void keepsContextThatNothingFollows() {
        assertThat(parse("In file included from a.h:1,"))
                .singleElement()
                .satisfies(d -> assertThat(d.lines()).containsExactly("In file included from a.h:1,"));
    }

    @Test
    void stopsAtItsLimit() {
        String many = "line a\nline b\nline c\n";

        assertThat(DiagnosticParser.parse(many, 2)).hasSize(2);
        assertThat(DiagnosticParser.parse("", 2)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "1 ",
                "   from a:1:",
                "a: in function `",
                ": warning",
                "Image 'x' is missing blob",
                "/a (b",
                "a:1:1"
            })
    void takesLinearTimeForHostileLines(String part) {
        String line = part.repeat(2_000 / part.length());
        String text = (line + "\n").repeat(500);

        ThreadMXBean cpu = ManagementFactory.getThreadMXBean(); // whatever else this computer does
        long begun = cpu.getCurrentThreadCpuTime();
        assertThat(DiagnosticParser.parse(text, 1_000)).hasSizeLessThan(1_001);
        assertThat(Duration.ofNanos(cpu.getCurrentThreadCpuTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }
}
