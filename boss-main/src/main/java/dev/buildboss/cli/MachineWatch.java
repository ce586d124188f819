package dev.buildboss.cli;

import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import java.time.Clock;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks at machines again and again: redrawn in place on a terminal, else one table, or one line of JSON, after the other. */
final class MachineWatch {

    private static final String TOP = "\u001b[H";
    private static final String END_OF_LINE = "\u001b[K";
    private static final String BELOW = "\u001b[J";

    private final BossCommand boss;
    private final Settings settings;
    private final Clock clock;

    MachineWatch(BossCommand boss, Settings settings, Clock clock) {
        this.boss = boss;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Watches until it is interrupted.
     *
     * @param count looks after which it ends by itself; 0: none
     * @return 0 if a machine was usable at the last look
     */
    int watch(List<Machine> machines, int count) {
        MachineTable table = new MachineTable(boss, settings);
        if (machines.isEmpty()) {
            return table.noneConfigured();
        }
        boss.interrupts.listen();
        int status = 1;
        try (FleetLook fleet = new FleetLook(boss, settings, machines)) {
            for (int looks = 1; boss.interrupts.count() == 0; looks++) {
                List<LookedAt> found = fleet.look(waiting -> {});
                if (found.size() < machines.size()) {
                    break; // interrupted meanwhile: what there is says nothing of the others
                }
                show(table, found, looks == 1);
                status = MachineTable.status(found);
                if (looks == count || boss.interrupts.await(settings.probe().watchInterval())) {
                    break;
                }
            }
        }
        return status;
    }

    private void show(MachineTable table, List<LookedAt> found, boolean first) {
        if (boss.json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
            line.put("machines", MachineTable.json(found));
            boss.around.out().println(EventJson.text(line));
            boss.around.out().flush();
            return;
        }
        String head = LocalTime.now(clock).truncatedTo(ChronoUnit.SECONDS) + "  "
                + found.stream().filter(LookedAt::usable).count() + " of " + found.size() + " machines usable";
        Screen screen = boss.around.screen();
        if (!screen.rewrites()) {
            boss.around.out().println((first ? "" : "\n") + head);
            table.lines(found, Integer.MAX_VALUE).forEach(boss.around.out()::println);
            boss.around.out().flush();
            return;
        }
        StringBuilder page = new StringBuilder(TOP).append(head).append(END_OF_LINE);
        List<String> lines = table.lines(found, screen.width().getAsInt() - 1);
        int room = Math.max(2, screen.height().getAsInt() - 2);
        for (int i = 0; i < Math.min(lines.size(), room); i++) {
            boolean more = i == room - 1 && lines.size() > room;
            page.append('\n')
                    .append(
                            more
                                    ? "(" + (lines.size() - room + 1) + " lines more than this terminal has)"
                                    : lines.get(i))
                    .append(END_OF_LINE);
        }
        boss.around.out().print((first ? TOP + BELOW : "") + page.append(BELOW).append('\n'));
        boss.around.out().flush();
    }
}
