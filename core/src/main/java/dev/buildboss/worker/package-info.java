/** The worker: serves the protocol, keeps worktrees, and drives recipes. Internal, but for {@link WorkerServer}. */
@NullMarked
package dev.buildboss.worker;

import org.jspecify.annotations.NullMarked;
