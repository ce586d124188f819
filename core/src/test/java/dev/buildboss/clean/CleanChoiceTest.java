package dev.buildboss.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CleanChoiceTest {

    private static final Left OLD = new Left("worker", 10, Duration.ofDays(40), false, "/c/old");
    private static final Left USED = new Left("runtime", 50, Duration.ofDays(90), true, "/c/used");
    private static final Left NEW = new Left("runtime", 20, Duration.ofHours(1), false, "/c/new");
    private static final Left TREE = new Left("worktree", 30, Duration.ofDays(2), false, "/w/.bm-work/00");
    private static final Left CLONE = new Left("repository", 100, Duration.ofDays(50), false, "/w/.git");
    private static final List<Left> THERE = List.of(NEW, USED, TREE, OLD, CLONE);

    @Test
    void neverTakesWhatIsInUse() {
        assertThat(CleanChoice.all(THERE)).containsExactly(NEW, TREE, OLD, CLONE);
        assertThat(CleanChoice.olderThan(THERE, Duration.ofDays(30))).containsExactly(OLD);
        assertThat(CleanChoice.toFit(THERE, 0)).doesNotContain(USED);
    }

    @Test
    void keepsTheCloneButForAll() {
        assertThat(CleanChoice.olderThan(THERE, Duration.ZERO)).containsExactly(NEW, TREE, OLD);
        assertThat(CleanChoice.toFit(THERE, 0)).containsExactly(OLD, TREE, NEW);
    }

    @Test
    void takesTheOldestUntilTheRestFits() {
        assertThat(CleanChoice.total(THERE)).isEqualTo(210);
        assertThat(CleanChoice.toFit(THERE, 210)).isEmpty();
        assertThat(CleanChoice.toFit(THERE, 205)).containsExactly(OLD);
        assertThat(CleanChoice.toFit(THERE, 180)).containsExactly(OLD, TREE);
    }
}
