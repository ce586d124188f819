package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.worker.AttemptPlan.Attempt;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttemptPlanTest {
    private static final Attempt INCREMENTAL = new Attempt(false, false);
    private static final Attempt CONFIGURED = new Attempt(true, false);
    private static final Attempt CLEAN = new Attempt(true, true);

    private static BuildOptions options(
            boolean mrproper, boolean fallbackMrproper, boolean forceReconfig, boolean kconfigCheck) {
        return new BuildOptions(
                false,
                false,
                false,
                false,
                false,
                mrproper,
                fallbackMrproper,
                false,
                false,
                forceReconfig,
                kconfigCheck,
                false,
                false);
    }

    @Test
    void configuresTheFirstCommitOnly() {
        AttemptPlan plan = new AttemptPlan(BuildOptions.DEFAULT);
        assertThat(plan.first(false)).isEqualTo(CONFIGURED);
        plan.ended(true, true);
        assertThat(plan.first(false)).isEqualTo(INCREMENTAL);
    }

    @Test
    void configuresAfreshAfterAFailure() {
        AttemptPlan plan = new AttemptPlan(BuildOptions.DEFAULT);
        plan.ended(true, true);
        plan.ended(false, true);
        assertThat(plan.first(false)).isEqualTo(CONFIGURED);
    }

    @Test
    void configuresAfreshWhenKconfigChangedUnlessTheUserTurnedThatOff() {
        AttemptPlan checking = new AttemptPlan(BuildOptions.DEFAULT);
        checking.ended(true, true);
        assertThat(checking.first(true)).isEqualTo(CONFIGURED);
        AttemptPlan trusting = new AttemptPlan(options(false, false, false, false));
        trusting.ended(true, true);
        assertThat(trusting.first(true)).isEqualTo(INCREMENTAL);
    }

    @Test
    void configuresEachCommitWhenTheUserWantsThat() {
        AttemptPlan plan = new AttemptPlan(options(false, false, true, true));
        plan.ended(true, true);
        assertThat(plan.first(false)).isEqualTo(CONFIGURED);
    }

    @Test
    void retriesOnlyWhatWasIncremental() {
        AttemptPlan plan = new AttemptPlan(BuildOptions.DEFAULT);
        assertThat(plan.retries(CONFIGURED)).isFalse();
        assertThat(plan.retries(INCREMENTAL)).isTrue();
        assertThat(plan.second()).isEqualTo(CONFIGURED);
    }

    @Test
    void goesOnWithWhatIsConfiguredInAQuickRun() {
        BuildChanges quick =
                new BuildChanges(List.of(), List.of(), "", false, false, true, false, false, "", Optional.empty());
        AttemptPlan plan = new AttemptPlan(BuildOptions.DEFAULT.withChanges(quick));
        plan.ended(true, true);
        assertThat(plan.retries(INCREMENTAL)).isFalse();
        plan.ended(false, true);
        assertThat(plan.first(false)).isEqualTo(INCREMENTAL);
        assertThat(plan.first(true)).isEqualTo(CONFIGURED);
        plan.ended(false, false);
        assertThat(plan.first(false)).isEqualTo(CONFIGURED);
    }

    @Test
    void cleansWithMrproperAlwaysAndWithFallbackAtTheSecondTryOnly() {
        assertThat(new AttemptPlan(options(true, false, false, true)).first(false))
                .isEqualTo(CLEAN);
        AttemptPlan fallback = new AttemptPlan(options(false, true, false, true));
        assertThat(fallback.first(false)).isEqualTo(CONFIGURED);
        assertThat(fallback.second()).isEqualTo(CLEAN);
    }
}
