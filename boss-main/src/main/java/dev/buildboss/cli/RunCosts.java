package dev.buildboss.cli;

import dev.buildboss.BuildRequest;
import dev.buildboss.BuildbossException;
import dev.buildboss.history.ChangedFiles;
import dev.buildboss.history.CostModel;
import dev.buildboss.history.History;
import dev.buildboss.history.HistoryException;
import dev.buildboss.history.LearntEstimates;
import dev.buildboss.model.Board;
import dev.buildboss.report.SourceRepository;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cells of a run are expected to cost: by the history of builds, and by the source for what was never built. A source
 * that can't be read for it only makes the figures worse.
 */
final class RunCosts {

    private static final Logger LOG = LoggerFactory.getLogger(RunCosts.class);
    private static final String CONFIGS = "configs/";
    private static final String SUFFIX = "_defconfig";

    private RunCosts() {}

    /**
     * The costs as far as the history knows; what commits change is added to it, at that second since 1970.
     *
     * @throws HistoryException if it can't be read
     */
    static LearntEstimates of(History history, BuildRequest request, long at) {
        Map<String, ChangedFiles> changes = new HashMap<>(history.changes());
        CostModel model = CostModel.learn(history.builds(), changes);
        Map<String, Integer> sizes = new HashMap<>();
        try (SourceRepository repository = SourceRepository.open(request.gitDir())) {
            Map<String, ChangedFiles> found = new HashMap<>();
            repository
                    .changes(request.commits(), commit -> !changes.containsKey(commit.hash()))
                    .forEach((hash, paths) -> found.put(hash, ChangedFiles.of(paths)));
            if (!found.isEmpty()) {
                changes.putAll(found);
                remember(history, found, at);
            }
            sizes.putAll(sizes(repository, request, model));
        } catch (BuildbossException | IOException e) {
            notRead(e);
        }
        return model.estimates(request.boards(), request.commits(), changes, sizes);
    }

    /** If it can't be written, as while another boss writes, the next run finds them once more. */
    private static void remember(History history, Map<String, ChangedFiles> changes, long at) {
        try {
            history.addChanges(changes, at);
        } catch (HistoryException e) {
            LOG.debug("{}", e.getMessage());
        }
    }

    /** The costs when nothing is remembered. */
    static LearntEstimates withoutHistory(BuildRequest request) {
        CostModel model = CostModel.prior();
        Map<String, ChangedFiles> changes = new HashMap<>();
        Map<String, Integer> sizes = new HashMap<>();
        try (SourceRepository repository = SourceRepository.open(request.gitDir())) {
            repository
                    .changes(request.commits(), commit -> true)
                    .forEach((hash, paths) -> changes.put(hash, ChangedFiles.of(paths)));
            sizes.putAll(sizes(repository, request, model));
        } catch (BuildbossException | IOException e) {
            notRead(e);
        }
        return model.estimates(request.boards(), request.commits(), changes, sizes);
    }

    private static void notRead(Exception why) {
        LOG.debug("no estimates from the source: {}", why.getMessage());
    }

    /** Lines of the defconfigs of boards' architectures, if there is a board that was never built; none otherwise. */
    private static Map<String, Integer> sizes(SourceRepository repository, BuildRequest request, CostModel model)
            throws IOException {
        Set<String> targets = new HashSet<>();
        boolean needed = false;
        for (Board board : request.boards()) {
            targets.add(board.target());
            needed |= model.basis(board) != CostModel.Basis.BOARD;
        }
        Map<String, Integer> result = new HashMap<>();
        if (needed && request.boards().size() > 1) {
            String tip = request.commits().get(request.commits().size() - 1).hash();
            repository
                    .tree(tip)
                    .read(
                            "configs",
                            path -> targets.contains(target(path)),
                            (path, text) ->
                                    result.put(target(path), (int) text.lines().count()));
        }
        return result;
    }

    private static String target(String path) {
        return path.startsWith(CONFIGS) && path.endsWith(SUFFIX)
                ? path.substring(CONFIGS.length(), path.length() - SUFFIX.length())
                : "";
    }
}
