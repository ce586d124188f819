package dev.buildboss.cli;

import dev.buildboss.model.Commit;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.MatrixCommit;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Names the commits of a directory of results as the repository here does, which is asked again only when the directory has other ones:
 * a build that is followed adds some. Safe for threads.
 */
final class CommitNames implements UnaryOperator<Matrix> {

    private final Function<List<MatrixCommit>, List<Commit>> repository;
    private List<MatrixCommit> listed;
    private Ahead<List<Commit>> names;

    /**
     * Begins to ask.
     *
     * @param repository what it knows of a list of commits: all of them in their order, or none
     * @param listed the directory's commits as they were a moment ago
     */
    CommitNames(Function<List<MatrixCommit>, List<Commit>> repository, List<MatrixCommit> listed) {
        this.repository = repository;
        this.listed = List.copyOf(listed);
        this.names = Ahead.of(() -> repository.apply(listed));
    }

    /** The same results with their commits' names, as far as the repository has them all. */
    @Override
    public synchronized Matrix apply(Matrix matrix) {
        if (matrix.current()) {
            return matrix;
        }
        if (!matrix.commits().equals(listed)) {
            listed = matrix.commits();
            names = Ahead.of(() -> repository.apply(matrix.commits()));
        }
        List<Commit> known = names.get();
        return known.isEmpty() ? matrix : matrix.named(known);
    }
}
