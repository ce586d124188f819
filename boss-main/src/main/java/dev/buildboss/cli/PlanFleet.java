package dev.buildboss.cli;

import dev.buildboss.BuildRequest;
import dev.buildboss.history.LearntEstimates;
import dev.buildboss.model.Board;
import dev.buildboss.model.BoardMemory;
import dev.buildboss.model.Compiler;
import dev.buildboss.model.Machine;
import dev.buildboss.plan.Capability;
import dev.buildboss.plan.CompilerRule;
import dev.buildboss.plan.WorkerFitness;
import dev.buildboss.settings.Settings;
import dev.buildboss.simulate.SimMachine;
import dev.buildboss.toolchain.CompilerScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The machines of a plan, judged by the rules of a run: which are used, how many boards they take at once, what they may build. What a
 * run would say of them is in the remarks. For one thread.
 */
final class PlanFleet {

    private static final int MOST_NAMED = 8;

    private final BossCommand boss;
    private final Settings settings;
    private final BuildRequest request;
    private final LearntEstimates estimates;
    private final Set<String> wanted = new TreeSet<>();
    private final List<SimMachine> machines = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    /** Machines that are there, with what they have and what is refused; those that can build nothing included. */
    private final Map<String, Capability> capabilities = new TreeMap<>();

    PlanFleet(BossCommand boss, Settings settings, BuildRequest request, LearntEstimates estimates) {
        this.boss = boss;
        this.settings = settings;
        this.request = request;
        this.estimates = estimates;
        request.boards().forEach(board -> wanted.add(board.arch()));
    }

    /** Looks at them. */
    void look(List<Machine> chosen) {
        try (FleetLook fleet = new FleetLook(boss, settings, chosen)) {
            fleet.look(waiting -> {}).forEach(this::judge);
        }
        tellWhatIsMissing();
    }

    /** Of machines only what others have; what nobody has is told once. */
    private void tellWhatIsMissing() {
        Map<String, List<String>> hopeless = hopelessArchs();
        for (SimMachine machine : machines) {
            List<String> without = machine.lacks().stream()
                    .filter(arch -> !hopeless.containsKey(arch) && !isRefused(machine.name(), arch))
                    .sorted()
                    .toList();
            if (!without.isEmpty()) {
                remarks.add(machine.name() + ": no compiler for " + String.join(", ", without));
            }
        }
        hopeless.forEach((arch, boards) -> remarks.add(whyNobody(arch) + ": not built: " + named(boards)));
    }

    /** Those that would build. */
    List<SimMachine> machines() {
        return machines;
    }

    /** What is to be told of them. */
    List<String> remarks() {
        return remarks;
    }

    /** Boards that no machine would build. */
    Set<String> hopeless() {
        Set<String> result = new TreeSet<>();
        hopelessArchs().values().forEach(result::addAll);
        return result;
    }

    private Map<String, List<String>> hopelessArchs() {
        Map<String, List<String>> result = new TreeMap<>();
        if (capabilities.isEmpty()) {
            return result; // nobody was there to be asked
        }
        for (Board board : request.boards()) {
            if (capabilities.values().stream().noneMatch(has -> has.canBuild(board.arch()))) {
                result.computeIfAbsent(board.arch(), arch -> new ArrayList<>()).add(board.target());
            }
        }
        return result;
    }

    private String whyNobody(String arch) {
        List<String> without = capabilities.keySet().stream()
                .filter(machine -> !isRefused(machine, arch))
                .toList();
        return without.isEmpty()
                ? "no fit compiler for " + arch
                : "no compiler for " + arch + " on " + String.join(", ", without);
    }

    private boolean isRefused(String machine, String arch) {
        Capability capability = capabilities.get(machine);
        return capability != null && capability.refused().containsKey(arch);
    }

    private static String named(List<String> boards) {
        int more = boards.size() - MOST_NAMED;
        return String.join(" ", boards.subList(0, Math.min(MOST_NAMED, boards.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }

    private void judge(LookedAt one) {
        Machine machine = one.machine();
        Optional<String> trouble =
                machine.isLocal() ? Optional.empty() : one.trouble(); // a run does not look at this computer
        if (trouble.isEmpty() && isExisting(machine)) {
            trouble = WorkerFitness.unfit(
                    settings, request.boards(), request.options().changes(), Set.of());
        }
        if (trouble.isPresent()) {
            remarks.add(machine.name() + " is not counted: " + trouble.get());
            return;
        }
        Capability capability = capability(one);
        capabilities.put(machine.name(), capability);
        String refused = CompilerRule.words(capability, wanted);
        if (!refused.isEmpty()) {
            remarks.add(machine.name() + ": " + refused);
        }
        Set<String> lacks = new TreeSet<>(wanted);
        lacks.removeIf(capability::canBuild);
        if (lacks.equals(wanted)) {
            remarks.add(machine.name() + " is not counted: no " + (refused.isEmpty() ? "" : "fit ")
                    + "compiler for any of the boards");
            return;
        }
        machines.add(played(one, lacks));
    }

    private SimMachine played(LookedAt one, Set<String> lacks) {
        Machine machine = one.machine();
        int cores = cores(one);
        int own = machine.isLocal() ? settings.local().slots() : machine.maxBoards();
        return new SimMachine(
                machine.name(),
                cores,
                estimates.speed(machine.name()),
                own > 0 ? own : offered(cores, one),
                0,
                lacks,
                !isExisting(machine));
    }

    private static boolean isExisting(Machine machine) {
        return !machine.workerCommand().isEmpty();
    }

    /** As its worker will reckon; an existing one takes no notice of our limits. */
    private int cores(LookedAt one) {
        int threads = one.facts()
                .map(facts -> facts.threads())
                .filter(count -> count > 0)
                .orElse(Runtime.getRuntime().availableProcessors());
        int limit = one.machine().threads() > 0
                ? one.machine().threads()
                : settings.worker().threads();
        return limit > 0 && !isExisting(one.machine()) ? Math.min(threads, limit) : threads;
    }

    private int offered(int cores, LookedAt one) {
        if (isExisting(one.machine())) {
            return cores;
        }
        long available = one.facts().map(facts -> facts.memoryMib()).orElse(0L) << 20;
        return BoardMemory.offer(cores, available, settings.worker().boardMemory())
                .boards();
    }

    /** What it can build and may. Whose compilers can't be told is taken to have all. */
    private Capability capability(LookedAt one) {
        if (one.there().isEmpty()) {
            remarks.add(one.machine().name() + ": its compilers can't be told, so it is taken to have all");
            return new Capability.Any();
        }
        Map<String, Compiler> own = one.here().map(CompilerScan::byArch).orElse(Map.of());
        Capability.Archs found = new CompilerRule(settings.toolchains(), own, Map.of())
                .capability(one.there().get().closestTo(own));
        return one.machine().isLocal() ? found.and(Board.HERE) : found;
    }
}
