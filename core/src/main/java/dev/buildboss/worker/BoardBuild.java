package dev.buildboss.worker;

import dev.buildboss.files.FileTrees;
import dev.buildboss.files.FreeSpace;
import dev.buildboss.protocol.Command.BoardSpec;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.toolchain.Toolchain;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds one board at its commits, on one thread: the driver around a recipe.
 *
 * <p>Every cell that was asked for gets exactly one result, whatever the recipe, git or the disk do, or is given back.
 */
final class BoardBuild {
    private static final Logger LOG = LoggerFactory.getLogger(BoardBuild.class);

    /** What git ends with when it can't do a thing; the result of a commit that can't be checked out. */
    static final int NO_SOURCE_CODE = 128;

    /** The code of a board without a compiler, as existing bosses know it. */
    static final int NO_TOOLCHAIN_CODE = 10;

    private final BuildSession session;
    private final GivenBoard given;
    private final BoardSpec spec;
    private final int thread;
    private final ResultSender results;
    private final AttemptPlan plan;
    private Optional<String> lastCommit = Optional.empty();

    BoardBuild(BuildSession session, int thread, GivenBoard given) {
        this.session = session;
        this.thread = thread;
        this.given = given;
        this.spec = given.spec();
        this.results = new ResultSender(session, spec.board());
        this.plan = new AttemptPlan(session.options());
    }

    /**
     * Builds all commits in order.
     *
     * @return whether that went as it should; false: the recipe or the worker itself failed unexpectedly
     */
    boolean run() {
        List<Integer> cells = spec.commits().isEmpty()
                ? IntStream.range(0, session.cells()).boxed().toList()
                : spec.commits().stream()
                        .filter(i -> i >= 0 && i < session.cells())
                        .toList();
        int done = 0;
        try {
            Optional<Toolchain> toolchain = Optional.empty();
            if (!spec.arch().isEmpty()) {
                Optional<String> arch = session.recipe().toolchainArch(target(Optional.empty()));
                toolchain = arch.flatMap(session.toolchains()::find);
                if (arch.isPresent() && toolchain.isEmpty()) {
                    cells.stream().filter(given::answers).forEach(cell -> results.noToolchain(cell, arch.get()));
                    return true;
                }
            }
            for (int cell : cells) {
                if (given.begin(cell)) {
                    buildCell(cell, toolchain);
                }
                done++;
            }
            return true;
        } catch (RuntimeException | Error e) {
            LOG.error("building {} failed unexpectedly", spec.board(), e);
            cells.subList(done, cells.size()).stream().filter(given::answers).forEach(cell -> results.crashed(cell, e));
            return false;
        }
    }

    private void buildCell(int cell, Optional<Toolchain> known) {
        boolean changed = false;
        if (session.checksOut()) {
            String commit = session.commits().get(cell);
            Optional<String> trouble = session.worktrees().checkOut(thread, commit);
            if (trouble.isPresent()) {
                plan.ended(false, false);
                if (given.answers(cell)) {
                    results.noSource(
                            cell, trouble.get(), FreeSpace.of(target(known).sourceDir()));
                }
                return;
            }
            changed = configurationChanged(commit);
            lastCommit = Optional.of(commit);
        }
        Optional<Toolchain> toolchain = known;
        if (toolchain.isEmpty()) {
            Optional<String> arch = session.recipe().toolchainArch(target(known));
            toolchain = arch.flatMap(session.toolchains()::find);
            if (arch.isPresent() && toolchain.isEmpty()) {
                if (given.answers(cell)) {
                    results.noToolchain(cell, arch.get());
                }
                return;
            }
        }
        CellBuild build = new CellBuild(
                session,
                target(toolchain),
                results,
                cell,
                given.ending(),
                session.workDir().cpuTimes(thread));
        AttemptPlan.Attempt attempt = plan.first(changed);
        boolean success = build.attempt(attempt);
        if (!success && plan.retries(attempt) && !build.wasEnded()) {
            success = build.attempt(plan.second());
        }
        plan.ended(success, build.isConfigured());
        boolean cancelled = given.isCancelled(cell);
        if (cancelled) {
            plan.ended(false, false);
            removeOutput();
        }
        if (given.answers(cell)) {
            build.sendResult();
        }
    }

    /** What a make leaves that was ended is not to be built on: a file may be there and be half of itself. */
    private void removeOutput() {
        BuildPlaces places = new BuildPlaces(session, thread, spec.board());
        try {
            if (places.isOutputOwn()) {
                FileTrees.delete(places.output());
            }
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}", places.output(), e.toString());
        }
    }

    private boolean configurationChanged(String commit) {
        if (lastCommit.isEmpty() || !session.options().kconfigCheck()) {
            return false;
        }
        BuildTarget target = target(Optional.empty());
        return session.changes()
                .between(lastCommit.get(), commit)
                .map(paths -> paths.stream().anyMatch(path -> session.recipe().reconfigures(target, path)))
                .orElse(true);
    }

    private BuildTarget target(Optional<Toolchain> toolchain) {
        BuildPlaces places = new BuildPlaces(session, thread, spec.board());
        return new BuildTarget(
                spec.board(),
                spec.arch(),
                spec.makeFlags(),
                session.options(),
                session.recipeSettings(),
                places.source(),
                places.output(),
                session.slots().areShared()
                        ? session.jobs().nthreads()
                        : session.jobs().jobs(session.active().get()),
                toolchain,
                spec.defconfig(),
                spec.fragments(),
                session.slots().areShared());
    }
}
