package dev.buildboss.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A TCP relay on loopback that breaks its connections when it is told to, or lets nothing through any more without closing them. */
final class Relay implements AutoCloseable {

    private final ServerSocket server = new ServerSocket();
    private final int to;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    /** Bytes that may still go to the client before all connections break; no limit if it is negative. */
    private final AtomicLong left = new AtomicLong(-1);

    private volatile boolean stalled;

    /** Relays to a port of this computer. */
    Relay(int to) throws IOException {
        this.to = to;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Breaks all connections once that many more bytes have gone to the client, in the middle of what comes. */
    void breakAfter(long bytes) {
        left.set(bytes);
    }

    /** Whether the break that was asked for has happened. */
    boolean hasBroken() {
        return left.get() < 0;
    }

    /** From now on nothing gets through in either direction, and no connection ends: to each side the other is silent. */
    void stall() {
        stalled = true;
    }

    private void awaitFlow() {
        while (stalled && !server.isClosed()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Breaks all connections now. */
    void breakNow() {
        for (Socket socket : sockets) {
            closeQuietly(socket);
        }
        sockets.clear();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket machine = new Socket(InetAddress.getLoopbackAddress(), to);
                sockets.addAll(List.of(client, machine));
                daemon(() -> pump(client, machine, false));
                daemon(() -> pump(machine, client, true));
            } catch (IOException e) {
                // Closed, or the machine refuses: the client sees the end of its connection.
            }
        }
    }

    private void pump(Socket from, Socket into, boolean toClient) {
        byte[] buffer = new byte[4096];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = into.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                awaitFlow();
                out.write(buffer, 0, toClient ? allowed(n) : n);
                if (toClient && left.get() == 0) {
                    breakNow();
                    left.set(-1);
                }
            }
        } catch (IOException e) {
            // Broken: so is the other direction.
        }
        awaitFlow(); // an end doesn't get through either
        closeQuietly(from);
        closeQuietly(into);
    }

    private int allowed(int bytes) {
        long before = left.getAndUpdate(value -> value < 0 ? value : Math.max(0, value - bytes));
        return before < 0 ? bytes : (int) Math.min(before, bytes);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        breakNow();
    }
}
