package dev.buildboss.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageVoteTest {

    private static Map<String, String> image(String hash) {
        return Map.of("u-boot.bin", hash, "u-boot.dtb", "d", "sizes", "s" + hash);
    }

    private static ImageVote.Verdict vote(Map<String, Map<String, String>> images) {
        return ImageVote.of(images, "local");
    }

    @Test
    void findsNobodyOddWhereAllAreTheSame() {
        ImageVote.Verdict verdict = vote(Map.of("local", image("a"), "m1", image("a")));
        assertThat(verdict).isEqualTo(new ImageVote.Verdict(java.util.List.of("local", "m1"), Map.of(), true));
        assertThat(vote(Map.of()).odd()).isEmpty();
    }

    @Test
    void setsTheMinorityAsideAndNamesTheFileEvenIfThatIsThisComputer() {
        assertThat(vote(Map.of("local", image("a"), "m1", image("b"), "m2", image("a")))
                        .odd())
                .isEqualTo(Map.of("m1", "u-boot.bin"));
        assertThat(vote(Map.of("local", image("b"), "m1", image("a"), "m2", image("a")))
                        .odd())
                .isEqualTo(Map.of("local", "u-boot.bin"));
    }

    @Test
    void takesThisComputersWordWhereThereIsNoMajority() {
        ImageVote.Verdict verdict = vote(Map.of("local", image("a"), "m1", image("b")));
        assertThat(verdict.odd()).isEqualTo(Map.of("m1", "u-boot.bin"));
        assertThat(verdict.decided()).isTrue();
    }

    @Test
    void namesBothWhereNothingTellsWhichIsRight() {
        ImageVote.Verdict verdict = vote(Map.of("m1", image("a"), "m2", image("b")));
        assertThat(verdict.odd()).isEqualTo(Map.of("m1", "u-boot.bin", "m2", "u-boot.bin"));
        assertThat(verdict.decided()).isFalse();
    }

    @Test
    void missesAFileThatTheOthersHave() {
        assertThat(vote(Map.of("local", image("a"), "m1", Map.of("u-boot.bin", "a")))
                        .odd())
                .isEqualTo(Map.of("m1", "u-boot.dtb"));
    }

    @Test
    void comparesSizesWithAWorkerThatSendsNoImages() {
        assertThat(vote(Map.of("local", image("a"), "m1", Map.of("sizes", "sa")))
                        .odd())
                .isEmpty();
        assertThat(vote(Map.of("local", image("a"), "m1", Map.of("sizes", "sb")))
                        .odd())
                .isEqualTo(Map.of("m1", "sizes"));
        assertThat(vote(Map.of("m1", Map.of("sizes", "a"), "m2", Map.of("sizes", "b"), "m3", Map.of("sizes", "a")))
                        .odd())
                .isEqualTo(Map.of("m2", "sizes"));
    }
}
