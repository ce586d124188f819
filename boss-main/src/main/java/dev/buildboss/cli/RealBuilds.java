package dev.buildboss.cli;

import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRun;
import dev.buildboss.BuildScheduler;
import dev.buildboss.WorkerJars;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Estimates;
import dev.buildboss.process.ProcessTransport;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.Recipes;
import dev.buildboss.spi.WorkerTransport;
import dev.buildboss.ssh.SshTransports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Builds by {@link BuildScheduler}, with the worker that this distribution carries. */
final class RealBuilds implements Builds {

    @Override
    public Started start(
            Settings settings,
            BuildRequest request,
            List<Machine> machines,
            Map<String, Path> processes,
            Estimates estimates) {
        List<WorkerTransport> transports = new ArrayList<>(List.of(ProcessTransport.withMachines(processes)));
        if (machines.stream().anyMatch(m -> !m.isLocal() && !processes.containsKey(m.name()))) {
            transports.add(SshTransports.create(settings));
        }
        BuildScheduler.Builder builder = BuildScheduler.builder()
                .settings(settings)
                .estimates(asked ->
                        asked.equals(request) ? estimates : Estimates.EVEN) // a check of machines has other commits
                .bundle(WorkerJars.ofResource(RealBuilds.class.getClassLoader(), WorkerJars.RESOURCE)
                        .and(Recipes.jars(settings)));
        transports.forEach(builder::transport);
        BuildScheduler scheduler = builder.build();
        BuildRun run = scheduler.start(request, machines);
        return new Started() {
            @Override
            public BuildRun run() {
                return run;
            }

            @Override
            public void close() {
                scheduler.close();
                transports.forEach(WorkerTransport::close);
            }
        };
    }

    @Override
    public List<WorkerTransport> transports(Settings settings) {
        return List.of(ProcessTransport.local(), SshTransports.create(settings));
    }
}
