package dev.buildboss.ssh;

import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.SourcePush;
import java.util.List;

/** A way to get commits over a connection into a repository there. */
interface SourcePusher {

    /** The ref of the last commit; it stays, so that the next push sends only what is new. */
    String LAST_REF = "refs/buildboss/last";

    /** Refs of commits that the last one doesn't reach; removed when the run is over. */
    String EXTRA_REFS = "refs/buildboss/extra/";

    /** What an existing worker checks out. */
    String WORK_BRANCH = "refs/heads/work";

    /**
     * What was pushed.
     *
     * @param report for the caller
     * @param extraRefs refs to be removed when the run is over
     */
    record Pushed(PushReport report, List<String> extraRefs) {
        public Pushed {
            extraRefs = List.copyOf(extraRefs);
        }
    }

    /**
     * Pushes; blocks.
     *
     * @param command starts the receiving end there
     * @param lastRef the ref for the last commit
     * @throws dev.buildboss.MachineException in words, if it fails
     */
    Pushed push(RemoteShell shell, String command, SourcePush push, String lastRef);
}
