package dev.buildboss.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A port on loopback behind which another one seems far away: every byte is on its way for a while. */
final class SlowPort implements AutoCloseable {

    private static final int BUFFER = 16 * 1024;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ScheduledExecutorService deliveries = Executors.newSingleThreadScheduledExecutor(SlowPort::daemon);
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int target;
    private final long delayNanos;

    /**
     * Opens one.
     *
     * @param roundTrip how long there and back takes
     */
    SlowPort(int target, Duration roundTrip) throws IOException {
        this.target = target;
        this.delayNanos = roundTrip.toNanos() / 2;
        daemon(this::accept).start();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "slow-port");
        thread.setDaemon(true);
        return thread;
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = keep(listener.accept());
                Socket far = keep(new Socket(InetAddress.getLoopbackAddress(), target));
                daemon(() -> carry(near, far)).start();
                daemon(() -> carry(far, near)).start();
            }
        } catch (IOException closed) {
            close();
        }
    }

    private Socket keep(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        return socket;
    }

    /** Deliveries are one thread's, in the order of their times: bytes never overtake each other. */
    private void carry(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                byte[] piece = java.util.Arrays.copyOf(buffer, n);
                later(() -> out.write(piece));
            }
        } catch (IOException ended) {
            // as an end of file
        }
        later(to::close);
    }

    private interface Delivery {
        void run() throws IOException;
    }

    private void later(Delivery delivery) {
        var unused = deliveries.schedule(
                () -> {
                    try {
                        delivery.run();
                    } catch (IOException gone) {
                        // nobody is there to get it any more
                    }
                },
                delayNanos,
                TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            deliveries.shutdownNow();
        }
    }
}
