package dev.buildboss.ssh;

import com.jcraft.jsch.ChannelDirectTCPIP;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Proxy;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SocketFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ProxyJump: the way to a host through a session with another, by a forwarded TCP connection ({@code direct-tcpip}).
 *
 * <p>Owns the session with the first host and ends it with the connection.
 */
final class JumpProxy implements Proxy {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final Session hop;
    private final BoundedPipe pipe = new BoundedPipe(BUFFER_BYTES, Optional::empty);
    private @Nullable ChannelDirectTCPIP channel;
    private @Nullable OutputStream out;

    JumpProxy(Session hop) {
        this.hop = hop;
    }

    @Override
    public void connect(@Nullable SocketFactory unused, String host, int port, int timeoutMs) throws JSchException {
        ChannelDirectTCPIP opened = (ChannelDirectTCPIP) hop.openChannel("direct-tcpip");
        opened.setHost(host);
        opened.setPort(port);
        opened.setOrgIPAddress("127.0.0.1");
        opened.setOrgPort(0);
        opened.setOutputStream(pipe.writer());
        try {
            out = opened.getOutputStream();
        } catch (IOException e) {
            throw new JSchException("no stream to the jump host", e);
        }
        channel = opened;
        opened.connect(timeoutMs);
    }

    @Override
    public InputStream getInputStream() {
        return pipe.reader();
    }

    @Override
    public OutputStream getOutputStream() {
        if (out == null) {
            throw new IllegalStateException("not connected");
        }
        return out;
    }

    /** Not a connected socket: JSch sets its read timeout by it, which makes the keepalives. */
    @Override
    public Socket getSocket() {
        return new Socket() {
            @Override
            public synchronized void setSoTimeout(int timeoutMs) {
                pipe.setReadTimeout(timeoutMs);
            }

            @Override
            public void setTcpNoDelay(boolean on) {
                // The hop's own socket has it.
            }
        };
    }

    @Override
    public void close() {
        pipe.closeReader();
        ChannelDirectTCPIP opened = channel;
        if (opened != null) {
            opened.disconnect();
        }
        hop.disconnect();
    }
}
