package dev.buildboss.ssh;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import dev.buildboss.MachineException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Commands over one open JSch session. */
final class JschShell implements RemoteShell {

    private static final int ATTEMPTS = 6;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final String machine;
    private final JschConnector.Opened opened;

    JschShell(String machine, JschConnector.Opened opened) {
        this.machine = machine;
        this.opened = opened;
    }

    @Override
    public RemoteProcess exec(String command) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return start(command);
            } catch (JSchException e) {
                boolean refused = String.valueOf(e.getMessage()).contains("channel is not opened") && isOpen();
                if (!refused || attempt == ATTEMPTS) {
                    String hint = refused ? " (no more sessions in one connection are allowed there: MaxSessions)" : "";
                    throw new MachineException(machine, "can't run a command there: " + e.getMessage() + hint, e);
                }
                // An sshd with MaxSessions 1 counts the last command for a moment after its end.
                LockSupport.parkNanos(PAUSE.multipliedBy(attempt).toNanos());
            }
        }
    }

    private RemoteProcess start(String command) throws IOException, JSchException {
        int timeoutMs = Math.toIntExact(opened.host().connectTimeout().toMillis());
        ChannelExec channel = (ChannelExec) opened.session().openChannel("exec");
        try {
            return JschProcess.start(channel, command, timeoutMs, opened.host().display(), opened::abandon);
        } catch (JSchException e) {
            channel.disconnect();
            throw e;
        }
    }

    @Override
    public boolean isOpen() {
        return opened.session().isConnected();
    }

    @Override
    public void close() {
        opened.close();
    }
}
