package dev.buildboss.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What has no answer of each grant and was not taken back; and that nothing is taken from who gives nothing back. */
final class AskedCommits {

    private final Map<Long, Set<Integer>> asked = new HashMap<>();
    private final Map<Long, Set<Integer>> takenBack = new HashMap<>();
    private final Set<String> givers = new HashSet<>();

    Power joined(String worker, Power power) {
        givers.remove(worker);
        if (power.givesBack()) {
            givers.add(worker);
        }
        return power;
    }

    void granted(Grant grant, Collection<Grant> out) {
        for (Grant other : out) {
            boolean shares = givers.contains(other.worker()) && givers.contains(grant.worker());
            if (other.board().equals(grant.board()) && !shares) {
                assertThat(asked.getOrDefault(other.id(), Set.of()))
                        .as("what %s has and %s gets", other.worker(), grant.worker())
                        .doesNotContainAnyElementsOf(grant.commits());
            }
        }
        asked.put(grant.id(), new HashSet<>(grant.commits()));
    }

    void answered(Grant grant, int commit) {
        asked.getOrDefault(grant.id(), Set.of()).remove(commit);
    }

    void recalled(WorkPlan.Recall recall, boolean isSplit) {
        assertThat(isSplit).as("boards are split").isTrue();
        assertThat(givers).as("who is asked for commits").contains(recall.worker());
        asked.getOrDefault(recall.grant(), Set.of()).removeAll(recall.commits());
        takenBack.computeIfAbsent(recall.grant(), id -> new HashSet<>()).addAll(recall.commits());
    }

    /** Whether that commit was taken back: its worker may have begun it before it heard so, and its result counts. */
    boolean isTakenBack(Grant grant, int commit) {
        return takenBack.getOrDefault(grant.id(), Set.of()).contains(commit);
    }
}
