package dev.buildboss.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A port on loopback before a server's: it closes the first connections at once, and hands the others on. */
final class Doorman implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger asked = new AtomicInteger();
    private final int target;
    private final int turnedAway;

    /** Turns that many away. */
    Doorman(int target, int turnedAway) throws IOException {
        this.target = target;
        this.turnedAway = turnedAway;
        daemon(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The connections so far. */
    int asked() {
        return asked.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = keep(listener.accept());
                if (asked.incrementAndGet() <= turnedAway) {
                    near.close();
                } else {
                    Socket far = keep(new Socket(InetAddress.getLoopbackAddress(), target));
                    daemon(() -> carry(near, far));
                    daemon(() -> carry(far, near));
                }
            }
        } catch (IOException closed) {
            // that is its end
        }
    }

    private Socket keep(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private static void carry(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException ended) {
            // as an end of file
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "doorman");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
