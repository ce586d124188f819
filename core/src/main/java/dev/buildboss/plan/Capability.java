package dev.buildboss.plan;

import java.util.Set;

/** Which architectures a worker can build. */
public sealed interface Capability {

    /** Whether boards of that architecture may go there; a board that names none ({@code ""}) may go anywhere. */
    boolean canBuild(String arch);

    /** A worker that does not say what it has: it is asked, and answers with its results. */
    record Any() implements Capability {
        @Override
        public boolean canBuild(String arch) {
            return true;
        }
    }

    /** A worker that named its compilers. */
    record Archs(Set<String> archs) implements Capability {
        /** Copies the set. */
        public Archs {
            archs = Set.copyOf(archs);
        }

        @Override
        public boolean canBuild(String arch) {
            return arch.isEmpty() || archs.contains(arch);
        }
    }
}
