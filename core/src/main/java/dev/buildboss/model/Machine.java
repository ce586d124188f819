package dev.buildboss.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A machine that builds boards, as the settings name it ({@code buildboss.machines.<name>}).
 *
 * @param name how the user calls it: in options, logs and the {@code host} file
 * @param host {@code [user@]host}, or a Host alias of the ssh config; empty for this computer
 * @param maxBoards boards at once; 0: as many as its worker offers
 * @param workDir the directory for its clone and worktrees; {@code ~} is the remote home
 * @param java the java program there; empty: looked for
 * @param workerCommand starts an existing worker instead of ours; empty: ours is shipped
 * @param threads CPU threads that our worker may use there; 0: as {@code worker.threads} says for all
 * @param tags words by which the user chooses machines, as in {@code --use-machines tag:lab}
 * @param diskBudget bytes that what Buildboss keeps there may take; 0: as much as there is
 */
public record Machine(
        String name,
        String host,
        int maxBoards,
        String workDir,
        Optional<String> java,
        List<String> workerCommand,
        int threads,
        List<String> tags,
        long diskBudget) {

    /** The name of the worker on this computer. */
    public static final String LOCAL_NAME = "local";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");
    private static final Pattern HOST = Pattern.compile("|[A-Za-z0-9_\\[:][A-Za-z0-9_.:@%\\[\\]-]{0,252}");

    /** Refuses names and hosts that could be taken for an option or leave a directory. */
    public Machine {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a machine name: '" + name + "'");
        }
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException("machine " + name + ": not a host: '" + host + "'");
        }
        if (maxBoards < 0 || maxBoards > 4096) {
            throw new IllegalArgumentException("machine " + name + ": max-boards " + maxBoards + " is not in 0…4096");
        }
        requireNonNull(workDir, "workDir");
        requireNonNull(java, "java");
        workerCommand = List.copyOf(workerCommand);
        if (!workerCommand.isEmpty()
                && (workerCommand.get(0).isBlank() || workerCommand.get(0).startsWith("-"))) {
            throw new IllegalArgumentException(
                    "machine " + name + ": worker-command: not a program: '" + workerCommand.get(0) + "'");
        }
        if (threads < 0 || threads > 4096) {
            throw new IllegalArgumentException("machine " + name + ": threads " + threads + " is not in 0…4096");
        }
        if (diskBudget < 0) {
            throw new IllegalArgumentException("machine " + name + ": disk-budget is less than 0");
        }
        tags = List.copyOf(tags);
        for (String tag : tags) {
            if (!NAME.matcher(tag).matches()) {
                throw new IllegalArgumentException("machine " + name + ": not a tag: '" + tag + "'");
            }
        }
    }

    /** Without limits of threads and disk space of its own, and without tags. */
    public Machine(
            String name,
            String host,
            int maxBoards,
            String workDir,
            Optional<String> java,
            List<String> workerCommand) {
        this(name, host, maxBoards, workDir, java, workerCommand, 0, List.of(), 0);
    }

    /** This computer. */
    public static Machine local() {
        return new Machine(LOCAL_NAME, "", 0, "", Optional.empty(), List.of());
    }

    /** Whether this is the computer that the boss runs on. */
    public boolean isLocal() {
        return host.isEmpty();
    }
}
