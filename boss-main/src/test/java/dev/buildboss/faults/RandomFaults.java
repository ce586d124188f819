package dev.buildboss.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * One run on this computer and two machines (one behind a relay) with faults by a seed. Every build waits at a gate of its own, so
 * that faults come in the middle of builds: a step opens a gate or does harm.
 */
final class RandomFaults {

    private static final int MAX_FAULTS = 6;
    private static final int STEPS_PER_FAULT = 3;
    private static final int DISK_IS_SPARED = 3;
    private static final int RESULT_BYTES = 4000;
    private static final String GARBAGE = "BM> {\"resp\": \"build_result\", \"board\": ]\u0007\n";

    private enum Fault {
        KILL_WORKER,
        KILL_SESSION,
        KILL_MAKE,
        KILL_BOSS,
        STOP_FOR_A_WHILE,
        DROP_NOW,
        DROP_LATER,
        GARBAGE,
        FULL_DISK
    }

    private final FaultBed bed;
    private final Random random;
    private final List<String> story = new ArrayList<>();

    RandomFaults(FaultBed bed, long seed) {
        this.bed = bed;
        this.random = new Random(seed);
    }

    /** What was done, for messages. */
    String story() {
        return String.join("\n", story);
    }

    void run() throws IOException {
        bed.undisturbed();
        for (String cell : cells()) {
            bed.tree().hold(cell);
        }
        // Of its own: how long the builds of another seed waited at their gates would keep boards from a machine.
        Path history = Files.createTempDirectory(bed.directory(), "history").resolve("builds.db");
        try (Relay relay = new Relay(bed.fleet().port("m1"))) {
            FaultBed.Run run = bed.run()
                    .with("--use-machines", "m1,m2")
                    .set("machines.m1.max-boards", "1")
                    .set("machines.m2.max-boards", "1")
                    .set("local.slots", "1")
                    .set("history.enabled", "true")
                    .set("history.file", history.toString())
                    .sshConfig(bed.fleet().sshConfigWithPort(bed.directory().resolve("random"), "m1", relay.port()));
            Files.createDirectories(run.output());
            try (SmallDisk disk = SmallDisk.mount(run.output(), "64m")) {
                disturb(run, relay, disk);
                bed.tree().reset();
                run.completes();
                bed.awaitNobodyLeft();
            }
        }
    }

    private static List<String> cells() {
        List<String> result = new ArrayList<>();
        for (String board : StubTree.BOARDS) {
            for (int commit = 0; commit < StubTree.COMMITS; commit++) {
                result.add(board + "-" + commit);
            }
        }
        return result;
    }

    private void disturb(FaultBed.Run run, Relay relay, SmallDisk disk) throws IOException {
        BossProcess boss = run.start();
        for (String place : List.of(FaultBed.LOCAL, "m1", "m2")) {
            BossProcess first = boss;
            Waits.until("a build on " + place, () -> hasBegunOn(place), first::words);
        }
        int faults = 0;
        while (boss.isAlive() && !gates(cell -> true).isEmpty()) {
            awaitSomebody(boss);
            if (faults < MAX_FAULTS && random.nextInt(STEPS_PER_FAULT) == 0) {
                faults++;
                boss = harm(run, boss, relay, disk);
            } else {
                openOne();
            }
        }
        int status = boss.awaitExit();
        Files.deleteIfExists(run.output().resolve("filler"));
        story.add(boss.words());
        check(run, boss, status);
    }

    /** Waits until a build is at a closed gate, or the boss has given up. */
    private void awaitSomebody(BossProcess boss) {
        Waits.until(
                "a build at a gate",
                () -> !boss.isAlive() || !gates(this::hasBegun).isEmpty(),
                boss::words);
    }

    private boolean hasBegunOn(String machine) {
        return bed.tree().begun().stream().anyMatch(line -> line.contains(" " + machine + " "));
    }

    private boolean hasBegun(String cell) {
        return bed.tree().hasBegun(cell.replace('-', ' ') + " ");
    }

    private List<String> gates(Predicate<String> which) {
        return cells().stream()
                .filter(cell -> bed.tree().isClosed(cell))
                .filter(which)
                .toList();
    }

    private void openOne() {
        pick(gates(this::hasBegun)).ifPresent(cell -> {
            story.add("open " + cell);
            bed.tree().open(cell);
        });
    }

    private <T> Optional<T> pick(List<T> from) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }

    private BossProcess harm(FaultBed.Run run, BossProcess boss, Relay relay, SmallDisk disk) throws IOException {
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        if (fault == Fault.FULL_DISK && random.nextInt(DISK_IS_SPARED) != 0) {
            fault = Fault.KILL_WORKER; // a full disk ends the run: not too often
        }
        story.add(fault.toString());
        switch (fault) {
            case KILL_WORKER -> pick(workers()).ifPresent(Processes::kill);
            case KILL_SESSION ->
                pick(remoteWorkers())
                        .ifPresent(worker -> Processes.session(worker).forEach(Processes::kill));
            case KILL_MAKE -> pick(makes()).ifPresent(Processes::kill);
            case KILL_BOSS -> {
                boss.kill();
                bed.awaitNobodyLeft();
                run.results().assertWholeCells(bed.undisturbed());
                return run.start();
            }
            case STOP_FOR_A_WHILE -> pick(workers()).ifPresent(this::stopForAWhile);
            case DROP_NOW -> relay.breakNow();
            case DROP_LATER -> {
                relay.breakAfter(1L + random.nextInt(RESULT_BYTES));
                openOne();
            }
            case GARBAGE -> pick(bed.localWorkers()).ifPresent(RandomFaults::writeGarbage);
            case FULL_DISK -> {
                if (disk.isThere()) {
                    SmallDisk.fill(run.output().resolve("filler"));
                    openOne();
                }
            }
        }
        return boss;
    }

    private List<Processes.Seen> workers() {
        List<Processes.Seen> result = new ArrayList<>(remoteWorkers());
        result.addAll(bed.localWorkers());
        return result;
    }

    private List<Processes.Seen> remoteWorkers() {
        List<Processes.Seen> result = new ArrayList<>(bed.fleet().workers("m1"));
        result.addAll(bed.fleet().workers("m2"));
        return result;
    }

    /** The stub's shells that are there now: what make has started. */
    private List<Processes.Seen> makes() {
        return bed.others().stream()
                .filter(seen -> seen.command().startsWith("sh ./stub build"))
                .toList();
    }

    private void stopForAWhile(Processes.Seen worker) {
        Processes.signal("STOP", worker.pid());
        openOne();
        openOne();
        Processes.signal("CONT", worker.pid());
    }

    /** Into the middle of what a worker of this computer says to its boss. */
    private static void writeGarbage(Processes.Seen worker) {
        try {
            Files.write(Path.of("/proc/" + worker.pid() + "/fd/1"), GARBAGE.getBytes(UTF_8), StandardOpenOption.WRITE);
        } catch (IOException e) {
            // It has ended meanwhile.
        }
    }

    private void check(FaultBed.Run run, BossProcess boss, int status) throws IOException {
        int cells = cells().size();
        FaultBed.assertOneEndForEachCell(boss, cells);
        JsonNode outcomes = boss.report().path("outcomes");
        int expected = outcomes.path("not-built").asInt() > 0
                ? FaultBed.NOT_BUILT_STATUS
                : outcomes.path("failed").asInt() > 0
                        ? 100
                        : outcomes.path("warning").asInt() > 0 ? 101 : 0;
        assertThat(status).as("exit status").isEqualTo(expected);
        assertThat(boss.report().path("internalErrors")).isEmpty();
        assertThat(run.results().cells())
                .hasSize(cells - outcomes.path("not-built").asInt());
        run.results().assertWholeCells(bed.undisturbed());
        run.results().assertNothingAside();
        bed.awaitNobodyLeft();
    }
}
