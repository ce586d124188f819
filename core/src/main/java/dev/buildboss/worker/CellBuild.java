package dev.buildboss.worker;

import dev.buildboss.exec.EndSignal;
import dev.buildboss.exec.Exec;
import dev.buildboss.exec.Execution;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.RecipeOutputs;
import dev.buildboss.spi.StepResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds one cell: runs the recipe's commands, once or twice, and hands over what came of it. */
final class CellBuild {
    private final BuildSession session;
    private final BuildTarget target;
    private final ResultSender results;
    private final int cell;
    private final EndSignal ending;
    private final Path cpuTimes;
    private final RecipeOutputs outputs;
    private final Map<String, String> environment;
    private final PathCutter cutter;
    private final long oomKillsBefore = Host.oomKills();
    private List<String> commands = List.of();
    private StepResult result = new StepResult(1, "", "");
    private boolean started = true;
    private boolean ended;
    private boolean configured;
    private Duration configuring = Duration.ZERO;
    private Duration building = Duration.ZERO;
    private Duration cpu = Duration.ZERO;
    private boolean cpuKnown = true;

    CellBuild(
            BuildSession session, BuildTarget target, ResultSender results, int cell, EndSignal ending, Path cpuTimes) {
        this.session = session;
        this.target = target;
        this.results = results;
        this.cell = cell;
        this.ending = ending;
        this.cpuTimes = cpuTimes;
        this.outputs = session.recipe().outputs(target);
        this.environment = environment(target);
        this.cutter = new PathCutter(target.outputDir(), target.sourceDir());
    }

    private static Map<String, String> environment(BuildTarget target) {
        Map<String, String> inherited = BuildEnvironment.sameEverywhere(System.getenv());
        boolean fullPath = target.options().changes().fullPath();
        return target.toolchain().map(t -> t.environment(inherited, fullPath)).orElse(inherited);
    }

    /** Whether there is a configuration to go on with, even if what followed failed. */
    boolean isConfigured() {
        return configured;
    }

    /** Whether the worker is ending, or nobody wants the cell any more, so that another attempt makes no sense. */
    boolean wasEnded() {
        return ended;
    }

    /** Builds once; only the last attempt counts. */
    boolean attempt(AttemptPlan.Attempt attempt) {
        commands = new ArrayList<>();
        try {
            Files.createDirectories(target.outputDir());
            Optional<Path> log = session.logFile(target.board(), cell);
            if (log.isPresent()) {
                Files.deleteIfExists(log.get()); // of an attempt that does not count
            }
            for (String image : outputs.images()) {
                Files.deleteIfExists(target.outputDir().resolve(image));
            }
            if (attempt.configure()) {
                for (RecipeOutputs.NamedFile file : outputs.files()) {
                    Files.deleteIfExists(target.outputDir().resolve(file.path()));
                }
            }
        } catch (IOException e) {
            result = new StepResult(1, "", "cannot prepare " + target.outputDir() + ": " + e + "\n");
            return false;
        }
        try {
            session.recipe().prepare(target);
        } catch (IOException e) {
            started = false;
            result = new StepResult(1, "", "cannot prepare " + target.board() + ": " + e.getMessage() + "\n");
            return false;
        }
        StringBuilder log = new StringBuilder();
        if (attempt.configure()) {
            configured = false;
            long began = System.nanoTime();
            boolean done = runAll(session.recipe().configure(target, attempt.clean()), log) && !isMisconfigured();
            configuring = configuring.plusNanos(System.nanoTime() - began);
            if (!done) {
                return false;
            }
        }
        configured = true;
        long began = System.nanoTime();
        boolean done = runAll(session.recipe().build(target), log);
        building = building.plusNanos(System.nanoTime() - began);
        return done && !isMisconfigured();
    }

    private boolean isMisconfigured() {
        Optional<String> trouble;
        try {
            trouble = session.recipe().misconfigured(target);
        } catch (IOException e) {
            trouble = Optional.of("cannot read the configuration: " + e + "\n");
        }
        trouble.ifPresent(text -> result = new StepResult(1, result.stdout(), result.stderr() + text));
        return trouble.isPresent();
    }

    /**
     * Runs commands until one fails. What counts as stderr is the last command's; stdout is too, unless the user asked for
     * all that was said: a result must not depend on whether its commit happened to be configured afresh.
     */
    private boolean runAll(List<BuildStep> steps, StringBuilder log) {
        for (BuildStep step : steps) {
            StepResult done = run(step);
            log.append(done.stdout());
            String out = target.options().verboseBuild() ? log.toString() : done.stdout();
            StepResult said = step.selfLimiting()
                    ? new StepResult(done.code(), out, done.stderr())
                    : new StepResult(done.code(), cutter.cut(out), cutter.cut(done.stderr()));
            result = session.recipe().judge(target, said);
            if (result.code() != 0) {
                return false;
            }
        }
        if (steps.isEmpty()) {
            result = new StepResult(0, "", "");
        }
        return true;
    }

    private StepResult run(BuildStep step) {
        commands.add(String.join(" ", step.argv()));
        Map<String, String> all = new HashMap<>(step.selfLimiting() ? System.getenv() : environment);
        all.putAll(step.environment());
        Exec exec = new Exec(
                        step.argv(),
                        step.directory().orElse(target.sourceDir()),
                        all,
                        session.limits().makeTimeout(),
                        session.limits().maxOutput(),
                        session.logFile(target.board(), cell),
                        session.has(Feature.FOLLOW)
                                ? Optional.of(session.followed().watch(target.board(), cell, step.argv(), step.watch()))
                                : step.watch())
                .endedBy(ending)
                .measuredBy(cpuTimes);
        JobSlots slots = step.selfLimiting() ? JobSlots.NONE : session.slots();
        Execution done = slots.run(session.runner(), exec, session.followed().of(target.board()));
        cpu = cpu.plus(done.cpu().orElse(Duration.ZERO));
        cpuKnown &= done.cpu().isPresent();
        started = done.end() != Execution.End.NOT_STARTED;
        ended = done.end() == Execution.End.CLOSED || done.end() == Execution.End.CANCELLED;
        return switch (done.end()) {
            case EXITED -> new StepResult(done.code(), done.out(), done.err());
            case NOT_STARTED -> new StepResult(1, "", done.detail() + "\n");
            case TIMED_OUT, STOPPED, CANCELLED, CLOSED ->
                new StepResult(2, done.out(), done.err() + done.detail() + "\n");
        };
    }

    /** Sends all files and then the result. */
    void sendResult() {
        boolean success = result.code() == 0;
        CellFiles files = new CellFiles(session, target.board(), cell, target.outputDir(), environment, success);
        try {
            results.built(
                    cell,
                    target,
                    outputs,
                    files,
                    new ResultSender.Work(
                            result,
                            commands,
                            environment,
                            started,
                            Host.oomKills() - oomKillsBefore,
                            new Response.Times(
                                    configuring.toMillis(), building.toMillis(), cpuKnown ? cpu.toMillis() : 0)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the results of " + target.board(), e);
        }
    }

    /** Where the build's files are. */
    Path outputDir() {
        return target.outputDir();
    }
}
