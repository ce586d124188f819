package dev.buildboss.cli;

import dev.buildboss.history.Beliefs;
import dev.buildboss.history.Beliefs.BoardCost;
import dev.buildboss.history.Beliefs.CommitCost;
import dev.buildboss.history.Beliefs.MachineSpeed;
import dev.buildboss.history.BoardTimes;
import dev.buildboss.history.ChangedFiles;
import dev.buildboss.plan.Estimates.Work;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables of {@code boss history}, for people and for programs. */
final class HistoryView {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
    private static final BoardTimes NO_TIMES = new BoardTimes("", "", 0, 0, 0, 0, 0);
    private static final int SHORT_HASH = 12;
    private static final int MOST_COMMITS = 40;

    private final BossCommand boss;
    private final PrintStream out;
    private final Beliefs beliefs;
    private final List<String> terms;

    HistoryView(BossCommand boss, Beliefs beliefs, List<String> terms) {
        this.boss = boss;
        this.out = boss.around.out();
        this.beliefs = beliefs;
        this.terms = terms;
    }

    /** Boards; {@code times} is what is known of them by the clock. */
    void boards(List<BoardTimes> times) {
        Map<String, BoardTimes> byBoard = new HashMap<>();
        times.forEach(one -> byBoard.put(one.board(), one));
        List<BoardCost> chosen = beliefs.boards().stream()
                .filter(cost -> isChosen(cost.board(), cost.arch()))
                .toList();
        if (boss.json) {
            chosen.forEach(cost -> json(json(cost, byBoard.getOrDefault(cost.board(), NO_TIMES))));
            return;
        }
        TextTable table = new TextTable()
                .row(
                        "board",
                        "arch",
                        "  first",
                        "   next",
                        "off by",
                        "configure",
                        "serial",
                        "builds",
                        "machines",
                        "by the clock",
                        "last built");
        for (BoardCost cost : chosen) {
            BoardTimes clock = byBoard.getOrDefault(cost.board(), NO_TIMES);
            table.row(
                    cost.board(),
                    cost.arch(),
                    number(cost.first().total()),
                    number(cost.next().total()),
                    percent(cost.offBy()),
                    String.format(Locale.ROOT, "%9s", plain(part(cost.configure(), cost.first()))),
                    String.format(
                            Locale.ROOT,
                            "%2.0f, %s",
                            100 * part(cost.first().serial(), cost.first()),
                            plain(part(cost.next().serial(), cost.next()))),
                    String.format(Locale.ROOT, "%2d + %2d", cost.firsts(), cost.nexts()),
                    String.format(Locale.ROOT, "%8d", clock.machines()),
                    seconds(clock.first()) + seconds(clock.next()),
                    time(clock.last()));
        }
        print(table, chosen.isEmpty(), "board", "boards");
        if (!chosen.isEmpty()) {
            out.println(
                    "first, next: core-seconds from the beginning and after a commit, as runs reckon with them; two of three builds are");
            out.println("nearer than \"off by\"; builds: from how many of each that is learnt.");
            out.println(
                    "configure: its part of a build from the beginning; serial: what only one core can work at, of that and of one after a commit.");
            out.println("by the clock: seconds that both took on average, whatever else their machines were building.");
        }
    }

    /** Machines. */
    void machines() {
        List<MachineSpeed> chosen = beliefs.machines().stream()
                .filter(machine -> isChosen(machine.machine()))
                .toList();
        if (boss.json) {
            chosen.forEach(machine -> json(json(machine)));
            return;
        }
        TextTable table = new TextTable().row("machine", "threads", "speed", "builds", "compared", "last built");
        for (MachineSpeed machine : chosen) {
            table.row(
                    machine.machine(),
                    machine.threads() == 0 ? "      -" : String.format(Locale.ROOT, "%7d", machine.threads()),
                    machine.compared() == 0 ? " -" : String.format(Locale.ROOT, "%.2f", machine.speed()),
                    String.format(Locale.ROOT, "%6d", machine.builds()),
                    String.format(Locale.ROOT, "%8d", machine.compared()),
                    time(machine.last()));
        }
        print(table, chosen.isEmpty(), "machine", "machines");
        if (!chosen.isEmpty()) {
            out.println(
                    "speed: of one thread, told from the builds that others built too (compared); without any it is taken to be 1.");
        }
    }

    /** Commits. */
    void commits() {
        List<CommitCost> chosen = beliefs.commits().stream()
                .filter(commit -> terms.isEmpty()
                        || terms.stream().anyMatch(term -> commit.commit().startsWith(term)))
                .toList();
        if (boss.json) {
            chosen.forEach(commit -> json(json(commit)));
            return;
        }
        TextTable table = new TextTable().row("commit", "costs", "off by", "boards", "last built", "changes");
        for (CommitCost commit : chosen.subList(0, Math.min(MOST_COMMITS, chosen.size()))) {
            table.row(
                    commit.commit()
                            .substring(0, Math.min(SHORT_HASH, commit.commit().length())),
                    percent(commit.part()),
                    percent(commit.offBy()),
                    String.format(Locale.ROOT, "%6d", commit.boards()),
                    time(commit.last()),
                    commit.files().map(HistoryView::words).orElse("not known"));
        }
        print(table, chosen.isEmpty(), "commit", "commits");
        if (!chosen.isEmpty()) {
            out.println("costs: a board's build after it, as a part of one from the beginning.");
        }
        if (chosen.size() > MOST_COMMITS) {
            out.println("The latest " + MOST_COMMITS + " of " + chosen.size() + "; --json tells all.");
        }
    }

    private void print(TextTable table, boolean isEmpty, String one, String many) {
        if (isEmpty) {
            out.println(
                    terms.isEmpty()
                            ? "no " + one + " is remembered"
                            : "no " + many + " match: " + String.join(" ", terms));
            return;
        }
        table.lines().forEach(out::println);
        out.println();
    }

    private boolean isChosen(String... names) {
        return terms.isEmpty()
                || terms.stream().anyMatch(term -> List.of(names).stream().anyMatch(name -> name.contains(term)));
    }

    private void json(Map<String, Object> object) {
        out.println(EventJson.text(object));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%7.1f", value);
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%6s", plain(part));
    }

    private static double part(double seconds, Work of) {
        return seconds / of.total();
    }

    private static String plain(double part) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * part);
    }

    private static String seconds(double value) {
        return value == 0 ? "      -" : String.format(Locale.ROOT, "%7.1f", value);
    }

    private static String time(long at) {
        return TIME.format(Instant.ofEpochSecond(at).atZone(ZoneId.systemDefault()));
    }

    /** Such as {@code 1 Kconfig, 3 headers, 12 sources}. */
    private static String words(ChangedFiles files) {
        List<String> parts = new ArrayList<>();
        add(parts, files.config(), "Kconfig", "Kconfigs");
        add(parts, files.make(), "makefile", "makefiles");
        add(parts, files.headers(), "header", "headers");
        add(parts, files.sources(), "source", "sources");
        add(parts, files.others(), "other", "others");
        return parts.isEmpty() ? "nothing" : String.join(", ", parts);
    }

    private static void add(List<String> parts, int count, String one, String many) {
        if (count > 0) {
            parts.add(count + " " + (count == 1 ? one : many));
        }
    }

    private static Map<String, Object> json(BoardCost cost, BoardTimes clock) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("board", cost.board());
        object.put("arch", cost.arch());
        object.put("first_core_s", cost.first().total());
        object.put("first_serial_s", cost.first().serial());
        object.put("configure_core_s", cost.configure());
        object.put("next_core_s", cost.next().total());
        object.put("next_serial_s", cost.next().serial());
        object.put("off_by", cost.offBy());
        object.put("first_builds", cost.firsts());
        object.put("next_builds", cost.nexts());
        object.put("builds", clock.builds());
        object.put("first_s", clock.first());
        object.put("next_s", clock.next());
        object.put("machines", clock.machines());
        object.put("last", Instant.ofEpochSecond(clock.last()).toString());
        return object;
    }

    private static Map<String, Object> json(MachineSpeed machine) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("machine", machine.machine());
        object.put("threads", machine.threads());
        object.put("speed", machine.speed());
        object.put("builds", machine.builds());
        object.put("compared", machine.compared());
        object.put("last", Instant.ofEpochSecond(machine.last()).toString());
        return object;
    }

    private static Map<String, Object> json(CommitCost commit) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("commit", commit.commit());
        object.put("part", commit.part());
        object.put("off_by", commit.offBy());
        object.put("boards", commit.boards());
        commit.files().ifPresent(files -> {
            object.put("kconfigs", files.config());
            object.put("makefiles", files.make());
            object.put("headers", files.headers());
            object.put("sources", files.sources());
            object.put("others", files.others());
        });
        object.put("last", Instant.ofEpochSecond(commit.last()).toString());
        return object;
    }
}
