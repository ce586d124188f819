package dev.buildboss.cli;

import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRun;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Estimates;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.WorkerTransport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What runs builds and reaches machines; tests bring their own. */
interface Builds {

    /**
     * Starts a run.
     *
     * @param processes work directories of machines that are processes of this computer
     * @param estimates what the request's builds are expected to cost
     */
    Started start(
            Settings settings,
            BuildRequest request,
            List<Machine> machines,
            Map<String, Path> processes,
            Estimates estimates);

    /** The ways to the machines of the settings; the caller closes them. */
    List<WorkerTransport> transports(Settings settings);

    /** A run with all that must be closed after it. */
    interface Started extends AutoCloseable {
        /** The run. */
        BuildRun run();

        /** Ends the scheduler and the transports. */
        @Override
        void close();
    }
}
