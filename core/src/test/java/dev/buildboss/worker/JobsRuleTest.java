package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JobsRuleTest {

    @Test
    void sharesThreadsOfABatchByItsSlots() {
        JobsRule rule = new JobsRule(8, 3, 0, false);
        assertThat(rule.jobs(1)).isEqualTo(2);
        assertThat(rule.jobs(3)).isEqualTo(2);
    }

    @Test
    void sharesThreadsByActiveBoardsWhenTheHouseIsFull() {
        assertThat(new JobsRule(8, 4, 0, true).jobs(4)).isEqualTo(2);
    }

    @Test
    void doublesTheShareInTheTail() {
        JobsRule rule = new JobsRule(8, 4, 0, true);
        assertThat(rule.jobs(3)).isEqualTo(5);
        assertThat(rule.jobs(1)).isEqualTo(16);
    }

    @Test
    void givesOneJobAtLeast() {
        assertThat(new JobsRule(2, 8, 0, true).jobs(8)).isEqualTo(1);
        assertThat(new JobsRule(1, 4, 0, false).jobs(0)).isEqualTo(1);
    }

    @Test
    void takesTheBosssNumberWhereItFixedOne() {
        assertThat(new JobsRule(8, 4, 3, true).jobs(1)).isEqualTo(3);
    }
}
