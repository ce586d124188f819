package dev.buildboss.ssh;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is to be known for a connection to one host: what the ssh configuration says, resolved.
 *
 * @param alias the name that the user gave
 * @param hostName where to connect to
 * @param port the port
 * @param user who to be there
 * @param identityFiles private keys to try, in order
 * @param identitiesOnly whether the agent's other keys are left out
 * @param agent the agent's socket; empty: none
 * @param jump {@code [user@]host[:port]} to go through; empty: none
 * @param knownHostsFiles known keys; the first is written to; empty: none are kept
 * @param globalKnownHostsFiles known keys that are only read
 * @param strict whether unknown keys are refused
 * @param hostKeyAlias the name for known keys instead of the host's own
 * @param hashKnownHosts whether names are recorded hashed
 * @param connectTimeout the longest wait for a connection
 * @param aliveInterval silence after which a sign of life is asked for
 * @param aliveCount how many may stay unanswered
 * @param algorithms JSch's keys to lists of algorithms, where the user chose some
 */
record SshHost(
        String alias,
        String hostName,
        int port,
        String user,
        List<Path> identityFiles,
        boolean identitiesOnly,
        Optional<Path> agent,
        Optional<String> jump,
        List<Path> knownHostsFiles,
        List<Path> globalKnownHostsFiles,
        boolean strict,
        Optional<String> hostKeyAlias,
        boolean hashKnownHosts,
        Duration connectTimeout,
        Duration aliveInterval,
        int aliveCount,
        Map<String, String> algorithms) {

    SshHost {
        requireNonNull(alias, "alias");
        requireWord("host name", hostName);
        requireWord("user", user);
        if (port < 1 || port > 65535) {
            throw new SshConfigException(alias + ": port " + port + " is not in 1…65535");
        }
        identityFiles = List.copyOf(identityFiles);
        knownHostsFiles = List.copyOf(knownHostsFiles);
        globalKnownHostsFiles = List.copyOf(globalKnownHostsFiles);
        algorithms = Map.copyOf(algorithms);
    }

    /** What known_hosts calls the host: {@code [name]:port} for other ports than 22, unless an alias is given. */
    String knownName() {
        return hostKeyAlias.orElse(port == 22 ? hostName : "[" + hostName + "]:" + port);
    }

    /** The same host at another port. */
    SshHost withPort(String text) {
        int other;
        try {
            other = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new SshConfigException(alias + ": '" + text + "' is not a port");
        }
        return new SshHost(
                alias,
                hostName,
                other,
                user,
                identityFiles,
                identitiesOnly,
                agent,
                jump,
                knownHostsFiles,
                globalKnownHostsFiles,
                strict,
                hostKeyAlias,
                hashKnownHosts,
                connectTimeout,
                aliveInterval,
                aliveCount,
                algorithms);
    }

    /** For messages. */
    String display() {
        return user + "@" + hostName + (port == 22 ? "" : ":" + port);
    }

    /** Refuses what another program could take for an option, and control characters. */
    static void requireWord(String what, String text) {
        if (text.isEmpty()
                || text.startsWith("-")
                || text.chars().anyMatch(c -> c <= ' ' || c == 127 || "'\"`$\\;&<>|(){}".indexOf(c) >= 0)) {
            throw new SshConfigException("not a " + what + ": '" + text + "'");
        }
    }
}
