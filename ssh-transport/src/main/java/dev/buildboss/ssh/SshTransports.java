package dev.buildboss.ssh;

import dev.buildboss.settings.Settings;
import dev.buildboss.spi.WorkerTransport;

/** The way in: the ssh transport that the settings ask for. */
public final class SshTransports {

    private SshTransports() {}

    /** By {@code buildboss.ssh.transport}: the built-in ssh, or the ssh program. */
    public static WorkerTransport create(Settings settings) {
        return settings.ssh().transport().equals("ssh")
                ? SshProgramTransport.create(settings)
                : JschTransport.create(settings);
    }
}
