package dev.buildboss.cli;

import dev.buildboss.boards.BoardChoice;
import dev.buildboss.boards.BoardList;
import dev.buildboss.model.Board;
import dev.buildboss.report.SourceRepository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options of every command that has to do with a source tree and its boards. */
final class SourceOptions {

    @Parameters(
            paramLabel = "TERMS",
            arity = "0..*",
            description = {
                "Which boards: regular expressions for the start of a target, arch, CPU, board name, vendor, SoC or options.",
                "'freescale & arm sandbox' means those that match both of the first two, and sandbox. None: all boards."
            })
    List<String> terms = new ArrayList<>();

    @Option(
            names = {"-x", "--exclude"},
            paramLabel = "EXPR",
            split = ",",
            description = "Leave out the boards that match one of these terms.")
    List<String> exclude = new ArrayList<>();

    @Option(
            names = {"--boards", "--bo"},
            paramLabel = "NAME",
            split = ",",
            description = "Exact names of boards.")
    List<String> boards = new ArrayList<>();

    @Option(
            names = "--board-list",
            paramLabel = "FILE",
            description = "A list of boards in the format of boards.cfg. Else: made from configs/*_defconfig.")
    @Nullable
    Path boardList;

    @Option(
            names = {"-g", "--git"},
            paramLabel = "DIR",
            description = "The git repository (default: the one of the current directory).")
    @Nullable
    Path git;

    SourceRepository open(Surroundings around) {
        return SourceRepository.open(git == null ? around.directory() : around.resolve(git));
    }

    /** The chosen boards; without a work tree those of a revision. */
    List<Board> choose(Surroundings around, SourceRepository source, String revision) {
        BoardList list =
                boardList != null ? BoardList.read(around.resolve(boardList)) : BoardList.scan(source.tree(revision));
        List<String> names =
                boards.stream().map(String::strip).filter(n -> !n.isEmpty()).toList();
        List<String> unwanted =
                exclude.stream().map(String::strip).filter(n -> !n.isEmpty()).toList();
        return new BoardChoice(terms, unwanted, names).from(list);
    }
}
