package dev.buildboss.plan;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which architectures a worker can build. */
public sealed interface Capability {

    /** Whether boards of that architecture may go there; a board that names none ({@code ""}) may go anywhere. */
    boolean canBuild(String arch);

    /** Architectures that it could build and is not to, each with the reason. */
    default Map<String, String> refused() {
        return Map.of();
    }

    /** A worker that does not say what it has: it is asked, and answers with its results. */
    record Any() implements Capability {
        @Override
        public boolean canBuild(String arch) {
            return true;
        }
    }

    /** The same, but for some architectures that it is not to build. */
    record AllBut(Map<String, String> refused) implements Capability {
        /** Copies the map. */
        public AllBut {
            refused = Map.copyOf(refused);
        }

        @Override
        public boolean canBuild(String arch) {
            return !refused.containsKey(arch);
        }
    }

    /**
     * A worker that named its compilers.
     *
     * @param refused those of them that it is not to build with, and why
     */
    record Archs(Set<String> archs, Map<String, String> refused) implements Capability {
        /** Copies the collections. */
        public Archs {
            archs = Set.copyOf(archs);
            refused = Map.copyOf(refused);
        }

        /** The same with one more. */
        public Archs and(String arch) {
            Set<String> more = new HashSet<>(archs);
            more.add(arch);
            return new Archs(more, refused);
        }

        /** A worker that may build whatever it can. */
        public Archs(Set<String> archs) {
            this(archs, Map.of());
        }

        @Override
        public boolean canBuild(String arch) {
            return arch.isEmpty() || (archs.contains(arch) && !refused.containsKey(arch));
        }
    }
}
