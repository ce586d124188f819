package dev.buildboss.report;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Commit;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.BranchConfig;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;

/** Reads the commits of a branch or range. */
final class SeriesReader {

    /** More than anyone builds at once; a range that is longer is a slip. */
    private static final int MAX_COMMITS = 10_000;

    /** How far below its tip the begin of a branch is looked for. */
    private static final int MAX_GUESS = 100;

    private final SourceRepository source;
    private final Repository repository;

    SeriesReader(SourceRepository source) {
        this.source = source;
        this.repository = source.jgit();
    }

    CommitSeries read(SeriesRequest request) {
        try (RevWalk walk = new RevWalk(repository)) {
            return read(walk, request);
        } catch (IOException e) {
            throw new BuildbossException(
                    source.gitDir() + ": cannot read the commits of " + Printable.line(request.branch()) + " ("
                            + e.getMessage() + ")",
                    e);
        }
    }

    private CommitSeries read(RevWalk walk, SeriesRequest request) throws IOException {
        String branch = request.branch();
        if (branch.contains("...")) {
            throw new BuildbossException(Printable.line(branch) + ": a range is written A..B");
        }
        int dots = branch.indexOf("..");
        String end = dots < 0 ? branch : orHead(branch.substring(dots + 2));
        RevCommit tip = walk.parseCommit(source.resolve(end));
        List<Commit> commits;
        List<String> notes = new ArrayList<>();
        if (dots >= 0) {
            commits = since(walk, tip, walk.parseCommit(source.resolve(orHead(branch.substring(0, dots)))), request);
            if (commits.isEmpty()) {
                throw new BuildbossException("no commits in " + Printable.line(branch));
            }
        } else if (request.count().isPresent()) {
            commits = top(walk, tip, request.count().getAsInt());
        } else {
            RevCommit base = base(walk, branch, tip, notes);
            commits = since(walk, tip, base, request);
            commits.add(0, commit(base));
        }
        PlainCheckout.check(repository, tip);
        if (request.count().isPresent() && commits.size() < request.count().getAsInt()) {
            notes.add("only " + commits.size() + " of the " + request.count().getAsInt()
                    + " commits asked for are there" + (isShallow() ? " (the repository is shallow)" : ""));
        }
        return new CommitSeries(step(commits, request.step()), tip.name(), notes);
    }

    private static String orHead(String revision) {
        return revision.isEmpty() ? Constants.HEAD : revision;
    }

    /** The commits that the tip has and the base has not, oldest first; with a count the last so many of them. */
    private List<Commit> since(RevWalk walk, RevCommit tip, RevCommit base, SeriesRequest request) throws IOException {
        walk.reset();
        walk.sort(RevSort.TOPO, true);
        walk.markStart(tip);
        walk.markUninteresting(base);
        int most = request.count().orElse(MAX_COMMITS);
        List<Commit> commits = new ArrayList<>();
        for (RevCommit next = walk.next(); next != null && commits.size() < most; next = walk.next()) {
            commits.add(commit(next));
        }
        if (commits.size() == MAX_COMMITS) {
            throw new BuildbossException(Printable.line(request.branch()) + " has " + MAX_COMMITS
                    + " commits or more; give -c N for the top N");
        }
        Collections.reverse(commits);
        return commits;
    }

    private List<Commit> top(RevWalk walk, RevCommit tip, int count) throws IOException {
        if (count > MAX_COMMITS) {
            throw new BuildbossException("-c " + count + ": at most " + MAX_COMMITS + " commits");
        }
        walk.reset();
        walk.sort(RevSort.TOPO, true);
        walk.markStart(tip);
        List<Commit> commits = new ArrayList<>();
        for (RevCommit next = walk.next(); next != null && commits.size() < count; next = walk.next()) {
            commits.add(commit(next));
        }
        Collections.reverse(commits);
        return commits;
    }

    /** Where the branch left its upstream: the baseline. */
    private RevCommit base(RevWalk walk, String branch, RevCommit tip, List<String> notes) throws IOException {
        Optional<String> known = upstream(branch);
        String upstream = known.isPresent() ? known.get() : guessed(walk, branch, tip, notes);
        ObjectId id = repository.resolve(upstream);
        if (id == null) {
            throw new BuildbossException("branch " + Printable.line(branch) + ": its upstream "
                    + Printable.line(Repository.shortenRefName(upstream)) + " is not there (git fetch it)");
        }
        walk.reset();
        walk.setRevFilter(RevFilter.MERGE_BASE);
        walk.markStart(tip);
        walk.markStart(walk.parseCommit(id));
        RevCommit base = walk.next();
        walk.reset();
        walk.setRevFilter(RevFilter.ALL);
        if (base == null) {
            throw new BuildbossException("branch " + Printable.line(branch) + " and its upstream "
                    + Printable.line(Repository.shortenRefName(upstream)) + " have no commit in common"
                    + (isShallow() ? ": the repository is shallow, deepen it with git fetch --deepen" : ""));
        }
        return walk.parseCommit(base);
    }

    private Optional<String> upstream(String branch) throws IOException {
        String name = branch.equals(Constants.HEAD) ? String.valueOf(repository.getBranch()) : branch;
        if (repository.exactRef(Constants.R_HEADS + name) == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(new BranchConfig(repository.getConfig(), name).getTrackingBranch());
    }

    /**
     * What the branch probably began from: the nearest commit below its tip that another branch ends with, as users of U-Boot's own
     * tool know it.
     */
    private String guessed(RevWalk walk, String branch, RevCommit tip, List<String> notes) throws IOException {
        String shown = Printable.line(branch);
        Map<ObjectId, String> ends = otherBranches(branch);
        walk.reset();
        walk.sort(RevSort.TOPO, true);
        walk.markStart(tip);
        int seen = 0;
        for (RevCommit next = walk.next(); next != null && seen <= MAX_GUESS; next = walk.next()) {
            String other = seen++ == 0 ? null : ends.get(next);
            if (other != null) {
                notes.add("branch " + shown + " has no upstream: guessed "
                        + Printable.line(Repository.shortenRefName(other)) + " (another: git branch -u UPSTREAM "
                        + shown + ", a range A..B, or -c N)");
                return other;
            }
        }
        throw new BuildbossException("branch " + shown + " has no upstream: set one (git branch -u UPSTREAM " + shown
                + "), or give -c N for the top N commits, or a range A..B");
    }

    /** Where branches end, but for the one that is built; local ones and short names win. */
    private Map<ObjectId, String> otherBranches(String branch) throws IOException {
        String own = branch.equals(Constants.HEAD) ? repository.getFullBranch() : Constants.R_HEADS + branch;
        List<Ref> refs = new ArrayList<>();
        for (String prefix : List.of(Constants.R_HEADS, Constants.R_REMOTES)) {
            refs.addAll(repository.getRefDatabase().getRefsByPrefix(prefix).stream()
                    .filter(ref -> !ref.isSymbolic() && !ref.getName().equals(own))
                    .sorted(Comparator.comparingInt((Ref ref) -> ref.getName().length())
                            .thenComparing(Ref::getName))
                    .toList());
        }
        Map<ObjectId, String> ends = new HashMap<>();
        refs.forEach(ref -> ends.putIfAbsent(ref.getObjectId(), ref.getName()));
        return ends;
    }

    private boolean isShallow() throws IOException {
        return !repository.getObjectDatabase().getShallowCommits().isEmpty();
    }

    private static Commit commit(RevCommit commit) {
        return new Commit(commit.name(), commit.getShortMessage());
    }

    private static List<Commit> step(List<Commit> commits, int step) {
        if (step == 1 || commits.size() < 2) {
            return commits;
        } else if (step == 0) {
            return List.of(commits.get(0), commits.get(commits.size() - 1));
        }
        List<Commit> result = new ArrayList<>();
        for (int i = 0; i < commits.size(); i += step) {
            result.add(commits.get(i));
        }
        return result;
    }
}
