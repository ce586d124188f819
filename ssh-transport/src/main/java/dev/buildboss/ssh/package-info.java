/**
 * Machines reached by ssh: sessions, the worker's stream, and what is pushed to them. {@link
 * dev.buildboss.ssh.SshTransports} is the way in.
 */
@NullMarked
package dev.buildboss.ssh;

import org.jspecify.annotations.NullMarked;
