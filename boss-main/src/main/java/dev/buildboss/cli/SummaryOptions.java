package dev.buildboss.cli;

import dev.buildboss.report.results.Matrix;
import dev.buildboss.report.summary.TextOptions;
import dev.buildboss.report.summary.TextOptions.Part;
import dev.buildboss.report.summary.Unwanted;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** What a summary shows: the same for {@code boss summary} and {@code boss build -s}. */
final class SummaryOptions {

    @Option(
            names = {"-e", "--show-errors", "--show_errors"},
            description = "Summary: show errors and warnings that came and went.")
    private boolean errors;

    @Option(
            names = {"-l", "--list-error-boards"},
            description = "Summary: show the boards of each error.")
    private boolean errorBoards;

    @Option(
            names = {"-S", "--show-sizes"},
            description = "Summary: show how the sizes of images changed, averaged by architecture.")
    private boolean sizes;

    @Option(
            names = {"-d", "--show-detail", "--detail"},
            description = "Summary: show each board's sizes.")
    private boolean boardSizes;

    @Option(
            names = {"-B", "--show-bloat", "--bloat"},
            description = "Summary: show each function's sizes.")
    private boolean functions;

    @Option(
            names = {"-K", "--show-config"},
            description = "Summary: show how the configuration changed.")
    private boolean config;

    @Option(
            names = {"-U", "--show-environment"},
            description = "Summary: show how the default environment changed.")
    private boolean environment;

    @Option(
            names = {"-u", "--show-unknown", "--show_unknown"},
            description = "Summary: show boards that have no result.")
    private boolean unknown;

    @Option(
            names = {"-y", "--filter-dtb-warnings"},
            description = "Summary: leave out warnings of the device-tree compiler.")
    private boolean noDeviceTree;

    @Option(
            names = {"-Y", "--filter-migration-warnings"},
            description = "Summary: leave out warnings that a board has yet to move to a newer interface.")
    private boolean noMigration;

    TextOptions shown() {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        add(parts, errors || errorBoards, Part.ERRORS);
        add(parts, errorBoards, Part.ERROR_BOARDS);
        add(parts, sizes, Part.SIZES);
        add(parts, boardSizes, Part.BOARD_SIZES);
        add(parts, functions, Part.FUNCTIONS);
        add(parts, config, Part.CONFIG);
        add(parts, environment, Part.ENVIRONMENT);
        add(parts, unknown, Part.UNKNOWN);
        return new TextOptions(parts);
    }

    private static void add(Set<Part> parts, boolean given, Part part) {
        if (given) {
            parts.add(part);
        }
    }

    Matrix filter(Matrix matrix) {
        Matrix result = noDeviceTree ? matrix.without(Unwanted.deviceTreeWarnings()) : matrix;
        return noMigration ? result.without(Unwanted.migrationWarnings()) : result;
    }
}
