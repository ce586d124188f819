package dev.buildboss.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.BuildReport;
import dev.buildboss.BuildbossException;
import dev.buildboss.bitbake.BitbakeFollowUp;
import dev.buildboss.bitbake.BitbakeRecipe;
import dev.buildboss.exec.Exec;
import dev.buildboss.exec.Execution;
import dev.buildboss.exec.ProcessRunner;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The work directory of a group of MACHINEs: the results, the output of those that failed, and the result of the group.
 *
 * @param directory the directory
 */
record BitbakeWork(Path directory) {

    /** The result of what was not built because the user said so. */
    static final String SKIPPED = "compilation skipped by the user's choice";

    private static final String RESULT = "bitbake-result.txt";
    private static final String FOLLOW_UP = "follow-up.txt";
    private static final Duration KILL_GRACE = Duration.ofSeconds(1);
    private static final long MAX_OUTPUT = 64L * 1024 * 1024;

    /** Where a MACHINE's output is kept if it fails. */
    Path outputOf(String machine) {
        return directory.resolve("bitbake-output-" + machine + ".txt");
    }

    /** Keeps the output of a MACHINE that failed: stdout, then stderr; that of one that did not fail goes. */
    void keepOutput(String machine, CellOutcome outcome) {
        Path file = outputOf(machine);
        try {
            if (!isFailure(outcome)) {
                if (outcome instanceof Built) {
                    Files.deleteIfExists(file);
                }
                return;
            }
            Path aside = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(aside, text(machine, "log"));
            Files.writeString(aside, text(machine, "err"), StandardOpenOption.APPEND);
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new BuildbossException(file + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }

    private String text(String machine, String name) throws IOException {
        Path file = directory.resolve(machine).resolve(name);
        return Files.isRegularFile(file) ? Files.readString(file, UTF_8) : "";
    }

    static boolean isFailure(CellOutcome outcome) {
        return outcome instanceof Built built && built.kind() == Kind.FAILED;
    }

    /** Whether each of these MACHINEs has passed, with or without warnings. */
    boolean allPassed(BuildReport report, List<String> machines) {
        Map<String, CellOutcome> outcomes = outcomes(List.of(report));
        return !report.interrupted()
                && machines.stream()
                        .allMatch(
                                machine -> outcomes.get(machine) instanceof Built built && built.kind() != Kind.FAILED);
    }

    private static Map<String, CellOutcome> outcomes(List<BuildReport> reports) {
        Map<String, CellOutcome> result = new TreeMap<>();
        reports.forEach(report -> report.outcomes().forEach((cell, outcome) -> result.put(cell.board(), outcome)));
        return result;
    }

    /** Whether the follow-up ran for what is there. */
    boolean hasFollowedUp() {
        return Files.exists(directory.resolve(FOLLOW_UP));
    }

    /** Runs the follow-up, keeps what it said, and tells the exit status. */
    int followUp(BossCommand boss, BitbakeFollowUp wanted, Map<String, String> environment, Path buildDir) {
        String words = String.join(" ", wanted.command());
        say(boss, "checking buildhistory: " + words);
        Path file = directory.resolve(FOLLOW_UP);
        try (ProcessRunner runner = new ProcessRunner(KILL_GRACE)) {
            Files.deleteIfExists(file);
            Execution done = runner.run(
                    new Exec(wanted.command(), buildDir, environment, wanted.limit(), MAX_OUTPUT, Optional.empty()));
            Files.writeString(file, done.out() + done.err());
            if (!boss.json) {
                boss.around.out().print(Printable.lines(done.out()));
            }
            boss.around.err().print(Printable.lines(done.err()));
            if (!done.ok()) {
                boss.around
                        .err()
                        .println("boss: " + Printable.line(words) + ": "
                                + Printable.line(
                                        done.detail().isEmpty() ? "exit status " + done.code() : done.detail()));
                return ExitStatus.FAILED.code();
            }
            return ExitStatus.OK.code();
        } catch (IOException e) {
            throw new BuildbossException(file + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }

    private static void say(BossCommand boss, String line) {
        (boss.json ? boss.around.err() : boss.around.out()).println(Printable.line(line));
    }

    /** Writes the result of a group, a line for each MACHINE. */
    void write(List<BuildReport> reports, List<String> machines) {
        Map<String, CellOutcome> outcomes = outcomes(reports);
        List<String> lines = new ArrayList<>();
        for (String machine : machines) {
            CellOutcome outcome = outcomes.get(machine);
            lines.add(
                    machine + ": " + (outcome == null ? "not built: an earlier one failed" : words(machine, outcome)));
        }
        writeResult(lines);
    }

    private String words(String machine, CellOutcome outcome) {
        if (isFailure(outcome)) {
            return EventWords.outcome(outcome) + ", see " + outputOf(machine).getFileName();
        }
        if (outcome instanceof Built) {
            try {
                return "passed"
                        + BitbakeRecipe.tolerated(text(machine, "log"))
                                .map(line -> ", with a complaint that is tolerated: " + Printable.line(line))
                                .orElse(
                                        outcome instanceof Built built && built.kind() == Kind.WARNING
                                                ? ", with warnings"
                                                : "");
            } catch (IOException e) {
                return "passed";
            }
        }
        return EventWords.outcome(outcome);
    }

    /** Writes that nothing was built because the user said so. */
    void skipped(List<String> machines) {
        writeResult(machines.stream().map(machine -> machine + ": " + SKIPPED).toList());
    }

    private void writeResult(List<String> lines) {
        try {
            Files.createDirectories(directory);
            Files.write(directory.resolve(RESULT), lines);
        } catch (IOException e) {
            throw new BuildbossException(directory.resolve(RESULT) + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
