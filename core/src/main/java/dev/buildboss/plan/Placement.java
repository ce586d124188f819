package dev.buildboss.plan;

import dev.buildboss.settings.Settings;

/**
 * The policy: what a worker with a free slot is given (pure). {@link WorkPlan} asks it at each demand, in a run and in a simulated
 * one, and the plan's own rules go before its answers.
 */
public abstract class Placement {

    Placement() {}

    /** What the worker that asks gets now. Costs less than a millisecond, however large the matrix is. */
    abstract Choice choose(Scene scene);

    /** Whether a board that a worker has may go on to another and come back from there: then it waits for that. */
    boolean splits() {
        return false;
    }

    /** The placement that the settings say. */
    public static Placement of(Settings.Schedule schedule) {
        return schedule.predicts() ? predictedFinish(schedule.split(), schedule.hedge()) : firstCome();
    }

    /** First come, first served: boards whole, the longest first as far as the plan has estimates, else in their order. */
    public static Placement firstCome() {
        return new Placement() {
            @Override
            Choice choose(Scene scene) {
                return scene.first().map(Choice::whole).orElseGet(Choice.Hold::new);
            }
        };
    }

    /**
     * By predicted finish over uneven machines that share their cores among their boards ({@code docs/scheduling.md}): the longest
     * first, none where it would end later than if it waited for a better machine; towards the end, boards are split and the last
     * ones built twice, where that ends the run sooner.
     */
    public static Placement predictedFinish() {
        return predictedFinish(true, true);
    }

    /**
     * The same with a choice.
     *
     * @param split whether the last commits of a board may go to another machine than its first
     * @param hedge whether the last cells may be built twice
     */
    public static Placement predictedFinish(boolean split, boolean hedge) {
        return new PredictedFinish(new Relief(split, hedge));
    }
}
