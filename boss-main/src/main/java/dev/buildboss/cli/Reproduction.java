package dev.buildboss.cli;

import java.util.ArrayList;
import java.util.List;

/** The commands that build one board at one commit, as a person would type them. Pure. */
final class Reproduction {

    private static final int SHORT_HASH = 12;

    private Reproduction() {}

    /** The directory of the scratch worktree, beside the tree. */
    static String directory(String board, String hash) {
        return "../reproduce-" + board + "-" + hash.substring(0, Math.min(SHORT_HASH, hash.length()));
    }

    /** The commands, from the top of the tree; the prefix may be empty. */
    static List<String> commands(String board, String hash, String cross) {
        String directory = directory(board, hash);
        String make = (cross.isEmpty() ? "" : "CROSS_COMPILE=" + cross + " ") + "make -C " + directory + " O=build";
        List<String> commands = new ArrayList<>();
        commands.add("git worktree add --detach " + directory + " " + hash);
        commands.add(make + " " + board + "_defconfig");
        commands.add(make + " -j" + Runtime.getRuntime().availableProcessors());
        return commands;
    }
}
