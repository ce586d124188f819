package dev.buildboss.ssh;

import dev.buildboss.settings.Settings;

/**
 * Machines reached by the ssh program, which understands every keyword of its configuration.
 *
 * <p>The program runs in batch mode: it asks nothing, and records unknown host keys or refuses them by setting. It costs a
 * connection a command, about 0.2 s each. To a jump host it hands none of its options on: that one's key must be known, or
 * its own section must say {@code StrictHostKeyChecking accept-new}.
 */
public final class SshProgramTransport extends SshTransport {

    private SshProgramTransport(LinkTools tools) {
        super(tools);
    }

    /** A transport by these settings; nothing is started yet. */
    public static SshProgramTransport create(Settings settings) {
        SshConfig config =
                new SshConfig(settings.ssh(), SshConfig.User.current(), new SshProgramResolver(settings.ssh()));
        Turns turns = new Turns(settings.ssh().maxConnecting());
        return new SshProgramTransport(new LinkTools(
                settings,
                (machine, limit, traffic) -> new SshProgramShell(
                        machine.name(),
                        machine.host(),
                        settings.ssh(),
                        config.explicitFile(),
                        limit,
                        traffic,
                        turns.of(machine.host()))));
    }

    @Override
    public String name() {
        return "ssh";
    }
}
