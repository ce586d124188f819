package dev.buildboss.ssh;

/** The ssh configuration says something that can't be honoured; the message names keyword, file:line and the way out. */
final class SshConfigException extends dev.buildboss.BuildbossException {
    private static final long serialVersionUID = 1L;

    SshConfigException(String message) {
        super(message);
    }
}
