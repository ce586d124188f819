package dev.buildboss.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long the plan takes from a result to the next board for its worker; {@code benchmarks/planning decision}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PlanDecisionBenchmark {

    /** Machines of 2 to 32 cores, all of them busy. */
    @Param({"100"})
    public int machines;

    /** Boards that wait; few of them are dealt out in thought, of many the first is right. */
    @Param({"100000", "3000"})
    public int boards;

    private PlanState state = new PlanState(1, 1);

    /** Begins anew: no iteration is to run out of boards. */
    @Setup(Level.Iteration)
    public void begin() {
        state = new PlanState(machines, boards);
    }

    /** A result, and a decision. */
    @Benchmark
    public boolean decision() {
        if (!state.step()) {
            begin();
        }
        return true;
    }
}
