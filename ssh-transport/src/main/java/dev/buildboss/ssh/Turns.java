package dev.buildboss.ssh;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Paces the connections to each host: an sshd drops some when too many are in the making (MaxStartups). Hosts don't wait for each
 * other.
 */
final class Turns {

    private final int atOnce;
    private final Map<String, Semaphore> byHost = new ConcurrentHashMap<>();

    Turns(int atOnce) {
        this.atOnce = Math.max(1, atOnce);
    }

    /** Whose permits are connections to that host. */
    Semaphore of(String host) {
        return byHost.computeIfAbsent(host, name -> new Semaphore(atOnce, true));
    }
}
