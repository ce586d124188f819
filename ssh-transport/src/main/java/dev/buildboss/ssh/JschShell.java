package dev.buildboss.ssh;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import dev.buildboss.MachineException;
import java.io.IOException;

/** Commands over one open JSch session. */
final class JschShell implements RemoteShell {

    private final String machine;
    private final JschConnector.Opened opened;

    JschShell(String machine, JschConnector.Opened opened) {
        this.machine = machine;
        this.opened = opened;
    }

    @Override
    public RemoteProcess exec(String command) throws IOException {
        int timeoutMs = Math.toIntExact(opened.host().connectTimeout().toMillis());
        ChannelExec channel = null;
        try {
            channel = (ChannelExec) opened.session().openChannel("exec");
            return JschProcess.start(channel, command, timeoutMs, opened.host().display());
        } catch (JSchException e) {
            if (channel != null) {
                channel.disconnect();
            }
            String hint = String.valueOf(e.getMessage()).contains("channel is not opened")
                    ? " (the sshd there allows no more sessions in one connection: MaxSessions)"
                    : "";
            throw new MachineException(machine, "can't run a command there: " + e.getMessage() + hint, e);
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
