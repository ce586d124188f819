package dev.buildboss.ssh;

import dev.buildboss.model.Machine;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.WorkerTransport;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What both ways of ssh have in common: links, and their end. */
abstract sealed class SshTransport implements WorkerTransport permits JschTransport, SshProgramTransport {

    private final LinkTools tools;
    private final Set<SshLink> links = ConcurrentHashMap.newKeySet();

    SshTransport(LinkTools tools) {
        this.tools = tools;
    }

    @Override
    public boolean serves(Machine machine) {
        return !machine.isLocal();
    }

    @Override
    public MachineLink link(Machine machine) {
        SshLink link = new SshLink(machine, tools, links::remove);
        links.add(link);
        return link;
    }

    @Override
    public void close() {
        links.forEach(SshLink::close);
        links.clear();
        tools.close();
    }
}
