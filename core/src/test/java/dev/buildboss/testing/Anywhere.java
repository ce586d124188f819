package dev.buildboss.testing;

import dev.buildboss.model.Machine;
import dev.buildboss.process.InProcessTransport;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.WorkerTransport;

/** Every machine, by whatever name, is this JVM, with a work directory of its own. */
public record Anywhere(InProcessTransport inner) implements WorkerTransport {

    @Override
    public String name() {
        return "anywhere";
    }

    @Override
    public boolean serves(Machine machine) {
        return true;
    }

    @Override
    public MachineLink link(Machine machine) {
        return inner.link(machine);
    }

    @Override
    public void close() {
        inner.close();
    }
}
