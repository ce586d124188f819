package dev.buildboss.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Compiler;
import dev.buildboss.model.Compiler.Likeness;
import dev.buildboss.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CompilerRuleTest {

    private static Compiler gcc(String version, String identity) {
        return new Compiler("/usr/bin/x-gcc", version, "x-linux", identity);
    }

    private static CompilerRule rule(Likeness require, Map<String, Compiler> own, Map<String, String> setAside) {
        return new CompilerRule(
                new Settings.Toolchains(List.of(), Map.of(), Map.of("x86", List.of("i386")), Optional.empty(), require),
                own,
                setAside);
    }

    private static Capability judge(Likeness require, Map<String, Compiler> own, Map<String, Compiler> theirs) {
        return rule(require, own, Map.of()).capability(theirs);
    }

    @Test
    void refusesAnotherBuildUnlessTheVersionIsEnough() {
        Map<String, Compiler> own = Map.of("arm", gcc("12.2.0", "aa"));
        Map<String, Compiler> theirs = Map.of("arm", gcc("12.2.0", "bb"));

        Capability refused = judge(Likeness.IDENTICAL, own, theirs);
        assertThat(refused.canBuild("arm")).isFalse();
        assertThat(refused.refused())
                .containsEntry(
                        "arm",
                        "another build of 12.2.0 x-linux there (/usr/bin/x-gcc); toolchains.require is identical");
        assertThat(CompilerRule.words(refused, Set.of("arm"))).startsWith("no arm boards go there: another build");
        assertThat(CompilerRule.words(refused, Set.of("aarch64"))).isEmpty();
        assertThat(judge(Likeness.SAME_VERSION, own, theirs).canBuild("arm")).isTrue();
    }

    @Test
    void refusesAnotherVersionUnlessAnyWillDo() {
        Map<String, Compiler> own = Map.of("arm", gcc("12.2.0", "aa"));
        Map<String, Compiler> theirs = Map.of("arm", gcc("13.1.0", "bb"));

        assertThat(judge(Likeness.SAME_VERSION, own, theirs).refused().get("arm"))
                .isEqualTo("13.1.0 there, 12.2.0 here; toolchains.require is same-version");
        assertThat(judge(Likeness.ANY, own, theirs).canBuild("arm")).isTrue();
    }

    @Test
    void letsAnyMachineBuildWhatThisComputerCannot() {
        Capability has = judge(Likeness.IDENTICAL, Map.of(), Map.of("riscv", gcc("13.1.0", "bb")));
        assertThat(has.canBuild("riscv")).isTrue();
        assertThat(has.canBuild("arm")).isFalse();
    }

    @Test
    void letsSandboxGoAnywhere() {
        Map<String, Compiler> own = Map.of("sandbox", gcc("12.2.0", "aa"));
        assertThat(judge(Likeness.IDENTICAL, own, Map.of("sandbox", gcc("9.1.0", "bb")))
                        .canBuild("sandbox"))
                .isTrue();
    }

    @Test
    void comparesByOtherNamesOfAnArchitecture() {
        Map<String, Compiler> own = Map.of("x86", gcc("12.2.0", "aa"));
        assertThat(judge(Likeness.IDENTICAL, own, Map.of("i386", gcc("12.2.0", "aa")))
                        .canBuild("x86"))
                .isTrue();
        assertThat(judge(Likeness.IDENTICAL, own, Map.of("i386", gcc("13.1.0", "aa")))
                        .canBuild("x86"))
                .isFalse();
    }

    @Test
    void goesByTheVersionDirectoryWhereNoIdentityIsKnown() {
        Compiler here = new Compiler("/home/me/tc/gcc-13.1.0-nolibc/arm/bin/arm-gcc", "13.1.0", "arm", "aa");
        Compiler there = new Compiler("/home/you/tc/gcc-13.2.0-nolibc/arm/bin/arm-gcc", "13.1.0", "arm", "");
        Compiler same = new Compiler("/srv/gcc-13.1.0-nolibc/arm/bin/arm-gcc", "13.1.0", "arm", "");

        assertThat(judge(Likeness.IDENTICAL, Map.of("arm", here), Map.of("arm", there))
                        .canBuild("arm"))
                .isFalse();
        assertThat(judge(Likeness.IDENTICAL, Map.of("arm", here), Map.of("arm", same))
                        .canBuild("arm"))
                .isTrue();
    }

    @Test
    void keepsWhatWasSetAsideFromAMachineWhateverItHas() {
        CompilerRule rule = rule(Likeness.ANY, Map.of(), Map.of("arm", "u-boot.bin differs"));

        assertThat(rule.capability(Map.of("arm", gcc("1", ""))).canBuild("arm")).isFalse();
        assertThat(rule.unnamed(Map.of()).canBuild("arm")).isFalse();
        assertThat(rule.unnamed(Map.of()).canBuild("aarch64")).isTrue();
    }
}
