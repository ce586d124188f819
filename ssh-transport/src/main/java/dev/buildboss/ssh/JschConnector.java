package dev.buildboss.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SocketFactory;
import dev.buildboss.MachineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens JSch sessions to hosts: with the user's configuration, known hosts and keys, through one jump host where asked to. */
final class JschConnector {

    private final SshConfig config;
    private final Turns turns;

    JschConnector(SshConfig config, Turns turns) {
        this.config = config;
        this.turns = turns;
    }

    /** A session with all that it needs to be ended. */
    record Opened(Session session, CountingSocketFactory sockets, SshHost host) {
        /** Cuts it: whoever waits in it fails now. Never waits itself. */
        void abandon() {
            sockets.close();
        }

        /** Ends it without asking the other side: it may not be there any more. */
        void close() {
            sockets.close();
            session.disconnect();
        }
    }

    /**
     * Connects and logs in; blocks.
     *
     * @param limit the longest wait, where it is shorter than the configuration's
     * @throws MachineException in words, if that fails
     */
    Opened open(String machine, String target, Duration limit, TrafficCounter traffic) {
        SshHost host = resolve(machine, target);
        Duration timeout = host.connectTimeout().compareTo(limit) < 0 ? host.connectTimeout() : limit;
        CountingSocketFactory sockets = new CountingSocketFactory(traffic, Math.toIntExact(timeout.toMillis()));
        Semaphore connecting = turns.of(host.jump().orElse(host.hostName() + ":" + host.port()));
        boolean permitted = false;
        try {
            permitted = connecting.tryAcquire(limit.toMillis() * 10, TimeUnit.MILLISECONDS);
            if (!permitted) {
                throw new MachineException(
                        machine, "no turn to connect came: too many connections in the making", null);
            }
            Session session = connect(machine, host, timeout, sockets);
            return new Opened(session, sockets, host);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineException(machine, "interrupted while connecting", e);
        } catch (RuntimeException e) {
            sockets.close();
            throw e;
        } finally {
            if (permitted) {
                connecting.release();
            }
        }
    }

    private SshHost resolve(String machine, String target) {
        try {
            return config.resolve(target);
        } catch (SshConfigException e) {
            throw new MachineException(machine, String.valueOf(e.getMessage()), e);
        }
    }

    private Session connect(String machine, SshHost host, Duration timeout, CountingSocketFactory sockets) {
        if (host.jump().isEmpty()) {
            return login(machine, host, timeout, sockets, null);
        }
        SshHost hop = resolve(machine, hopTarget(host));
        int colon = hopPort(host.jump().get());
        if (colon > 0) {
            hop = hop.withPort(host.jump().get().substring(colon + 1));
        }
        if (hop.jump().isPresent()) {
            SshConfigException refusal =
                    SshConfig.refusal("ProxyJump through several hops", "the configuration", host.alias());
            throw new MachineException(machine, String.valueOf(refusal.getMessage()), refusal);
        }
        Session first = login(machine, hop, timeout, sockets, null);
        try {
            return login(machine, host, timeout, sockets, new JumpProxy(first));
        } catch (RuntimeException e) {
            first.disconnect();
            throw e;
        }
    }

    private static String hopTarget(SshHost host) {
        String jump = host.jump().orElseThrow();
        int colon = hopPort(jump);
        String target = colon > 0 ? jump.substring(0, colon) : jump;
        return target.replace("[", "").replace("]", "");
    }

    /** The colon before the port of {@code host:port} or {@code [address]:port}; a bare IPv6 address has none. */
    private static int hopPort(String jump) {
        int colon = jump.lastIndexOf(':');
        boolean onlyOne = jump.indexOf(':') == colon;
        return colon > 0 && (onlyOne || jump.charAt(colon - 1) == ']') ? colon : -1;
    }

    private static Session login(
            String machine, SshHost host, Duration timeout, CountingSocketFactory sockets, @Nullable JumpProxy proxy) {
        HostKeys keys = new HostKeys(host);
        Identities identities = Identities.of(host);
        try {
            Session session = new JSch().getSession(host.user(), host.hostName(), host.port());
            configure(session, host, keys);
            session.setIdentityRepository(identities);
            session.setHostKeyRepository(keys);
            if (proxy != null) {
                session.setProxy(proxy);
            } else {
                session.setSocketFactory(sockets);
            }
            session.connect(Math.toIntExact(timeout.toMillis()));
            return session;
        } catch (JSchException | IOException e) {
            if (proxy != null) {
                proxy.close();
            }
            throw new MachineException(machine, JschErrors.reason(e, host, keys, identities, timeout), e);
        }
    }

    private static void configure(Session session, SshHost host, HostKeys keys) throws IOException, JSchException {
        host.algorithms().forEach(session::setConfig);
        session.setConfig("StrictHostKeyChecking", "yes");
        session.setConfig("server_host_key", keys.algorithms());
        session.setConfig("prefer_known_host_key_types", "no");
        // Nothing else could be answered without asking somebody.
        session.setConfig("PreferredAuthentications", "publickey");
        session.setDaemonThread(true);
        session.setServerAliveInterval(Math.toIntExact(host.aliveInterval().toMillis()));
        session.setServerAliveCountMax(host.aliveCount());
    }

    /** Plain sockets that count their bytes, connect within a limit, and can all be closed at once. */
    static final class CountingSocketFactory implements SocketFactory {

        private final TrafficCounter traffic;
        private final int timeoutMs;
        private @Nullable Socket socket;
        private boolean closed;

        CountingSocketFactory(TrafficCounter traffic, int timeoutMs) {
            this.traffic = traffic;
            this.timeoutMs = timeoutMs;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            IOException last = new UnknownHostException(host);
            for (InetAddress address : InetAddress.getAllByName(host)) {
                Socket attempt = new Socket();
                try {
                    attempt.connect(new InetSocketAddress(address, port), timeoutMs);
                    attempt.setTcpNoDelay(true);
                    keep(attempt);
                    return attempt;
                } catch (IOException e) {
                    attempt.close();
                    last = e;
                }
            }
            throw last;
        }

        private synchronized void keep(Socket opened) throws IOException {
            if (closed) {
                throw new IOException("closed while connecting");
            }
            socket = opened;
        }

        @Override
        public InputStream getInputStream(Socket of) throws IOException {
            return traffic.count(of.getInputStream());
        }

        @Override
        public OutputStream getOutputStream(Socket of) throws IOException {
            return traffic.count(of.getOutputStream());
        }

        synchronized void close() {
            closed = true;
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (IOException alreadyBroken) {
                socket = null;
            }
        }
    }
}
