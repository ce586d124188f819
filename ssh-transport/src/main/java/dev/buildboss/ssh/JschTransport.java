package dev.buildboss.ssh;

import dev.buildboss.settings.Settings;

/**
 * Machines reached by the ssh that is built in (JSch): no program is needed here, and nothing is ever asked of the user.
 *
 * <p>Honours the user's ssh configuration; what it can't honour it refuses by keyword and line. Host keys: unknown ones are
 * recorded (or refused, by setting), changed ones are always refused.
 */
public final class JschTransport extends SshTransport {

    private JschTransport(LinkTools tools) {
        super(tools);
    }

    /** A transport by these settings; nothing is read or connected yet. */
    public static JschTransport create(Settings settings) {
        return create(settings, SshConfig.User.current());
    }

    static JschTransport create(Settings settings, SshConfig.User user) {
        SshConfig config = new SshConfig(settings.ssh(), user, new SshProgramResolver(settings.ssh()));
        JschConnector connector =
                new JschConnector(config, new Turns(settings.ssh().maxConnecting()));
        return new JschTransport(new LinkTools(
                settings,
                (machine, limit, traffic) ->
                        new JschShell(machine.name(), connector.open(machine.name(), machine.host(), limit, traffic))));
    }

    @Override
    public String name() {
        return "jsch";
    }
}
