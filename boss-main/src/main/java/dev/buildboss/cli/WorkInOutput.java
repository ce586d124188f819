package dev.buildboss.cli;

import dev.buildboss.BuildRequest;
import dev.buildboss.BuildRequest.Rebuild;
import dev.buildboss.BuildbossException;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildChanges.BuildPlace;
import dev.buildboss.model.Machine;
import dev.buildboss.results.ResultStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code -w}: one board is built in a directory of the user's, where all that make leaves stays. */
final class WorkInOutput {

    private WorkInOutput() {}

    /**
     * The request with the place to build in.
     *
     * @param workTree the user's own tree; it is what is built where no branch is named
     * @param output the directory of {@code -o}
     * @throws BuildbossException in words, if that can't be
     */
    static BuildRequest of(
            BuildRequest request, List<Machine> machines, Optional<Path> workTree, Optional<Path> output) {
        BuildChanges changes = request.options().changes();
        if (machines.stream().anyMatch(machine -> !machine.isLocal())) {
            throw new BuildbossException("-w builds in a directory of this computer: leave --dist away");
        }
        if (request.boards().size() != 1 || request.commits().size() != 1) {
            throw new BuildbossException("-w builds one board at one commit, not "
                    + request.boards().size() + " boards at "
                    + request.commits().size()
                    + " commits (name one with --boards; -c 1 is a branch's last commit)");
        }
        boolean current = request.current();
        if (changes.inTree() && !current) {
            throw new BuildbossException("-w -i builds in your own tree, as it stands: leave -b away");
        }
        if (!changes.inTree() && output.isEmpty()) {
            throw new BuildbossException("-w builds in the directory of -o: name it with -o DIR");
        }
        Optional<String> source = current ? workTree.map(Path::toString) : Optional.empty();
        String place = changes.inTree()
                ? source.orElseThrow()
                : output.orElseThrow().toAbsolutePath().toString();
        BuildPlace own = new BuildPlace(source, place);
        // What is there is for make to judge, not for us: it may be gone or changed since the last result.
        return request.withOptions(request.options().withChanges(changes.withPlace(Optional.of(own))))
                .withRebuild(Rebuild.ALL);
    }

    /** What to tell of results that are there, if they may have been built with other options. */
    static Optional<String> staleResults(BuildRequest request) {
        List<String> options = request.options().changes().decisive();
        if (options.isEmpty() || request.rebuild() == Rebuild.ALL) {
            return Optional.empty();
        }
        int there = ResultStore.peek(request).size();
        return there == 0
                ? Optional.empty()
                : Optional.of(there + (there == 1 ? " result is" : " results are") + " there and kept, whatever "
                        + String.join(", ", options) + (options.size() == 1 ? " was" : " were")
                        + " when they were built; -f builds again");
    }
}
