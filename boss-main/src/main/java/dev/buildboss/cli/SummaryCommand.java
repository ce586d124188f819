package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.report.format.ReportFormats;
import dev.buildboss.settings.Settings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code boss summary}: what each commit changed, from the results on disk. */
@Command(
        name = "summary",
        exitCodeOnInvalidInput = 1,
        sortOptions = false,
        header = "Says what each commit changed: boards, errors, sizes, configuration.",
        description = {
            "",
            "  boss summary -b my-branch -e        each commit of my-branch, with errors that came and went",
            "  boss summary -b my-branch -SdB      with the sizes of images, boards and functions",
            "  boss summary -o ../results/work     from that directory alone; buildman's are fine, too",
            "  boss summary -b my-branch --format html --report page.html",
            "                                      a page to open in a browser",
            "",
            "For each architecture: + boards that fail now, w+ that warn now, no sign: fixed, * new, ? unknown (-u).",
            "Below (-e): + an error that came, - one that went, w+ and w- warnings.",
            ""
        })
final class SummaryCommand implements Callable<Integer> {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Mixin
    private final SourceOptions source = new SourceOptions();

    @Mixin
    private final SeriesOptions series = new SeriesOptions();

    @Mixin
    private final SummaryOptions options = new SummaryOptions();

    @Mixin
    private final ReportOptions report = new ReportOptions();

    @Option(
            names = {"-W", "--ignore-warnings"},
            description = "End with status 0 when there are only warnings.")
    private boolean ignoreWarnings;

    @Option(
            names = "--follow",
            description = "While a build runs there: show each commit when all its boards are built, until it ends.")
    private boolean follow;

    private final BossCommand boss;

    SummaryCommand(BossCommand boss) {
        this.boss = boss;
    }

    @Override
    public Integer call() {
        boss.applyDebug();
        Optional<ReportFormats> form = report.format();
        if (form.isPresent() && follow) {
            throw new BuildbossException("--format and --follow don't go together: a report is of what is there now");
        }
        Ahead<Settings> settings =
                Ahead.of(() -> boss.loader(Optional.empty()).load().settings());
        ResultsFinder.Found found = new ResultsFinder(boss, source, series).find();
        SummaryPrinter printer =
                new SummaryPrinter(boss.around, options, settings.get().local());
        if (form.isPresent()) {
            return printer.report(found, form.get(), report, ignoreWarnings).code();
        }
        if (!follow) {
            return printer.print(found, ignoreWarnings).code();
        }
        Interrupts interrupts = boss.interrupts.listen();
        ExitStatus status = printer.follow(
                found,
                () -> interrupts.count() == 0 && SummaryPrinter.isBusy(found),
                SummaryCommand::pause,
                ignoreWarnings);
        return interrupts.count() > 0 ? ExitStatus.INTERRUPTED.code() : status.code();
    }

    private static void pause() {
        LockSupport.parkNanos(PAUSE.toNanos()); // a signal's handler, or an early return, does no harm
    }
}
