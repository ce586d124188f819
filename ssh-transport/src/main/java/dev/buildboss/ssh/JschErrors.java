package dev.buildboss.ssh;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;

/** JSch's failures in words that name what was tried. */
final class JschErrors {

    private JschErrors() {}

    static String reason(Throwable failure, SshHost host, HostKeys keys, Identities identities, Duration timeout) {
        if (keys.refusal().isPresent()) {
            return keys.refusal().get();
        }
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String text = String.valueOf(cause.getMessage());
        String lower = text.toLowerCase(Locale.ROOT);
        if (cause instanceof UnknownHostException) {
            return "the host name '" + host.hostName() + "' is not known";
        }
        if (cause instanceof SocketTimeoutException || lower.contains("timeout")) {
            return "no connection to " + host.display() + " within " + timeout.toMillis() + " ms";
        }
        if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
            return "can't connect to " + host.display() + ": " + text;
        }
        if (cause instanceof SocketException || lower.contains("closed by foreign host")) {
            return "the ssh server at " + host.display() + " " + Knocker.TURNED_AWAY + ": " + text;
        }
        if (lower.contains("auth fail") || lower.contains("auth cancel")) {
            return login(host, identities);
        }
        return "no ssh connection to " + host.display() + ": " + text;
    }

    private static String login(SshHost host, Identities identities) {
        String tried = identities.isEmpty()
                ? "there is no key to log in with as " + host.display()
                : "login as " + host.display() + " was refused with every key";
        return identities.unusable().isEmpty() ? tried : tried + "; " + String.join("; ", identities.unusable());
    }
}
