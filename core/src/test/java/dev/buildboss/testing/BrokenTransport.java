package dev.buildboss.testing;

import dev.buildboss.model.Machine;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import dev.buildboss.spi.WorkerTransport;
import java.util.concurrent.CompletionStage;

/** A transport in which one machine's link can be made to misbehave, by overriding the step that shall. */
public class BrokenTransport implements WorkerTransport, MachineLink {

    private final WorkerTransport whole;
    private final Machine broken;
    private final MachineLink link;

    /** All machines are as in {@code whole}; the link of {@code broken} is this object. */
    public BrokenTransport(WorkerTransport whole, Machine broken) {
        this.whole = whole;
        this.broken = broken;
        this.link = whole.link(broken);
    }

    @Override
    public String name() {
        return "broken";
    }

    @Override
    public boolean serves(Machine machine) {
        return true;
    }

    @Override
    public MachineLink link(Machine machine) {
        return machine.name().equals(broken.name()) ? this : whole.link(machine);
    }

    @Override
    public CompletionStage<MachineFacts> probe() {
        return link.probe();
    }

    @Override
    public CompletionStage<WorkerChannel> start(WorkerLaunch launch) {
        return link.start(launch);
    }

    @Override
    public CompletionStage<PushReport> push(SourcePush push) {
        return link.push(push);
    }

    @Override
    public CompletionStage<Void> tidy() {
        return link.tidy();
    }

    @Override
    public void close() {
        link.close();
    }
}
