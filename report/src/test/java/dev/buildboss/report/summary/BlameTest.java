package dev.buildboss.report.summary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.Commit;
import dev.buildboss.report.results.BoardHistory.Stretch;
import dev.buildboss.report.results.Diagnostic;
import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.results.ResultsReader;
import dev.buildboss.results.ResultLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlameTest {

    private static final String WARNING = "ld: warning: u-boot has a LOAD segment with RWX permissions\n";
    private static final String ERROR = "a.c:1:2: error: no\n";

    @TempDir
    private Path dir;

    /** One board with a result for each of these return codes and texts. */
    private Matrix oak(Object... codesAndTexts) throws IOException {
        List<Commit> commits = new ArrayList<>();
        for (int i = 0; i < codesAndTexts.length / 2; i++) {
            commits.add(new Commit("%040x".formatted(i), "subject"));
            Path cell = dir.resolve(ResultLayout.commitDir(i, commits.get(i))).resolve("oak");
            Files.createDirectories(cell);
            Files.writeString(cell.resolve("err"), (String) codesAndTexts[2 * i + 1]);
            Files.writeString(cell.resolve("done"), codesAndTexts[2 * i] + "\n");
        }
        return ResultsReader.of(dir)
                .withCommits(commits)
                .withBoards(List.of(Board.of("oak", "arm")))
                .withoutIndex()
                .read();
    }

    private static List<String> said(List<Blame.Finding> findings) {
        return findings.stream()
                .map(finding ->
                        finding.diagnostic().map(Diagnostic::headlineText).orElse(""))
                .toList();
    }

    @Test
    void aBuildThatBreaksEarlierFixesNoWarning() throws IOException {
        Matrix matrix = oak(0, WARNING, 2, ERROR, 0, WARNING, 0, "");

        assertThat(Blame.ofText(matrix, "RWX"))
                .extracting(Blame.Finding::since)
                .containsExactly(new Stretch(0, Optional.empty(), Optional.of(3)));
    }

    @Test
    void aBuildThatFailsOtherwiseIsNotTheLastGoodOne() throws IOException {
        Matrix matrix = oak(0, "", 2, ERROR, 0, WARNING);

        assertThat(Blame.ofText(matrix, "RWX"))
                .extracting(Blame.Finding::since)
                .containsExactly(new Stretch(2, Optional.of(0), Optional.empty()));
    }

    @Test
    void warningsOfABoardThatFailsAreNotWhatItFailsOf() throws IOException {
        Matrix matrix = oak(0, WARNING, 2, WARNING + ERROR);

        assertThat(said(Blame.ofFailures(matrix))).containsExactly("a.c:1:2: error: no");
        assertThat(said(Blame.ofBoard(matrix, "oak"))).hasSize(2);
    }

    @Test
    void aBoardThatFailsAndOnlyWarnsIsNamedAllTheSame() throws IOException {
        Matrix matrix = oak(0, WARNING, 2, WARNING);

        assertThat(said(Blame.ofFailures(matrix))).containsExactly("");
    }
}
