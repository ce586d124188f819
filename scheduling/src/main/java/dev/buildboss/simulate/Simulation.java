package dev.buildboss.simulate;

import dev.buildboss.BuildEvent;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.plan.Demand;
import dev.buildboss.plan.Estimates;
import dev.buildboss.plan.Placement;
import dev.buildboss.plan.PlanLimits;
import dev.buildboss.plan.WorkPlan;
import dev.buildboss.settings.Settings;
import dev.buildboss.simulate.VirtualMachine.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * One run in virtual time: the plan of real runs, over simulated machines.
 *
 * <p>A machine's makes share its cores evenly, each has a serial part first; time passes from event to event. Nothing is random but
 * what comes in with fleet, workload and faults.
 */
public final class Simulation {

    private static final Duration PATIENCE = Duration.ofHours(1);

    /** How often who waits asks again, in parts of the bound. */
    private static final double TICKS = 200;

    private record Event(double atS, int machine, long version) {}

    private final Workload workload;
    private final boolean keepsTimeline;
    private final WorkPlan plan;
    private final List<VirtualMachine> machines = new ArrayList<>();
    private final Map<String, VirtualMachine> byName = new HashMap<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>((a, b) -> Double.compare(a.atS(), b.atS()));
    private final PriorityQueue<Action> actions = new PriorityQueue<>((a, b) -> Double.compare(a.atS(), b.atS()));
    private final List<Segment> timeline = new ArrayList<>();
    private final double tickS;
    private int waiting;
    private double nowS;
    private int built;
    private double wasted;
    private long decisions;
    private long slowestNs;
    private long decidingNs;

    private record Action(double atS, Runnable what) {}

    /** Sees what a real run's events would tell. */
    @FunctionalInterface
    public interface Watcher {
        /** One event, at that virtual time. */
        void event(BuildEvent event, double nowS);
    }

    private Watcher watcher = (event, nowS) -> {};

    /** What is played: a placement, whether a machine's makes share its cores as they go, and whether costs are known. */
    private record Rules(Placement placement, boolean shares, boolean estimates) {
        static Rules of(Policy policy) {
            return new Rules(policy.placement(), policy.shares(), policy.estimates());
        }
    }

    private Simulation(SimFleet fleet, Workload workload, Rules rules, List<Fault> faults, boolean keepsTimeline) {
        this.workload = workload;
        this.keepsTimeline = keepsTimeline;
        this.tickS = Math.max(0.05, workload.bound(fleet) / TICKS);
        plan = new WorkPlan(
                workload.boards(),
                workload.commits(),
                workload::isBuilt,
                PlanLimits.of(Settings.defaults().boss()),
                rules.placement(),
                rules.estimates() ? workload.estimates() : Estimates.NONE);
        for (SimMachine machine : fleet.machines()) {
            VirtualMachine virtual = new VirtualMachine(machine, machines.size(), rules.shares());
            machines.add(virtual);
            byName.put(machine.name(), virtual);
            plan.expect(machine.name(), machine.power());
            actions.add(new Action(machine.readyS(), () -> join(virtual)));
        }
        for (Fault fault : faults) {
            actions.add(new Action(fault.atS(), () -> happens(fault)));
        }
    }

    /** Plays a run to its end. */
    public static SimResult run(SimFleet fleet, Workload workload, Policy policy, List<Fault> faults) {
        return new Simulation(fleet, workload, Rules.of(policy), faults, false).play();
    }

    /** Plays a run to its end and keeps what was built where. */
    public static SimResult runWithTimeline(SimFleet fleet, Workload workload, Policy policy, List<Fault> faults) {
        return new Simulation(fleet, workload, Rules.of(policy), faults, true).play();
    }

    /** Plays a real run with those settings to its end, and keeps what was built where. */
    public static SimResult planned(SimFleet fleet, Workload workload, Settings.Schedule schedule) {
        Rules rules = new Rules(Placement.of(schedule), true, true);
        return new Simulation(fleet, workload, rules, List.of(), true).play();
    }

    /** Plays a run to its end before somebody who watches it. */
    public static SimResult watch(
            SimFleet fleet, Workload workload, Policy policy, List<Fault> faults, Watcher watcher) {
        Simulation simulation = new Simulation(fleet, workload, Rules.of(policy), faults, false);
        simulation.watcher = watcher;
        return simulation.play();
    }

    private SimResult play() {
        double lastTick = 0;
        while (plan.openCells() > 0) {
            Action action = actions.peek();
            while (!events.isEmpty()
                    && events.peek().version() != machines.get(events.peek().machine()).version) {
                events.poll();
            }
            Event event = events.peek();
            double next = Math.min(
                    action == null ? Double.MAX_VALUE : action.atS(), event == null ? Double.MAX_VALUE : event.atS());
            if (waiting > 0 && plan.askAgain().isPresent()) {
                next = Math.min(next, lastTick + tickS);
            }
            if (next == Double.MAX_VALUE) {
                throw new IllegalStateException(plan.openCells() + " cells are open and nothing happens any more");
            }
            nowS = Math.max(nowS, next);
            plan.at((long) (nowS * 1000));
            if (action != null && action.atS() <= nowS) {
                actions.remove(action);
                action.what().run();
            } else if (event != null && event.atS() <= nowS) {
                events.poll();
                work(machines.get(event.machine()));
            } else {
                lastTick = nowS;
                serveWaiting();
            }
        }
        return new SimResult(
                nowS, built, decisions, slowestNs, decisions == 0 ? 0 : decidingNs / decisions, wasted, timeline);
    }

    private void join(VirtualMachine machine) {
        machine.advance(nowS);
        plan.join(machine.machine.name(), machine.machine.capability(), PATIENCE, machine.machine.power());
        machine.asks = true;
        watcher.event(
                new BuildEvent.MachineReady(machine.machine.name(), machine.machine.cores(), machine.machine.slots()),
                nowS);
        serve(machine);
    }

    private void happens(Fault fault) {
        VirtualMachine machine = machines.get(fault.machine());
        finish(machine, machine.advance(nowS));
        if (fault instanceof Fault.Slowdown slowdown) {
            machine.slow(slowdown.factor());
            schedule(machine);
        } else if (fault instanceof Fault.Loss loss) {
            machine.lose();
            waiting -= machine.waits ? 1 : 0;
            machine.waits = false;
            actions.add(new Action(nowS + loss.foundAfterS(), () -> {
                machine.jobs.clear();
                machine.asks = false;
                plan.leave(machine.machine.name(), false, "lost");
                watcher.event(
                        new BuildEvent.MachineChanged(machine.machine.name(), BuildEvent.MachineState.LOST, "lost"),
                        nowS);
                serveWaiting();
            }));
        }
    }

    private void work(VirtualMachine machine) {
        finish(machine, machine.advance(nowS));
    }

    private void finish(VirtualMachine machine, List<Job> through) {
        for (Job job : through) {
            int commit = job.cell();
            WorkPlan.Answer answer = plan.settle(job.grant.id(), commit, new Built(Kind.OK, 0));
            built++;
            if (answer == WorkPlan.Answer.ACCEPTED) {
                Cell cell = new Cell(job.grant.board().target(), commit);
                String hash = String.format("%040x", commit);
                watcher.event(
                        new BuildEvent.CellDone(
                                cell, hash, Optional.of(machine.machine.name()), new Built(Kind.OK, 0), ""),
                        nowS);
            }
            record(machine, job, answer == WorkPlan.Answer.ACCEPTED);
            machine.next(job, workload, false);
            closeIfThrough(machine, job);
        }
        schedule(machine);
        if (!through.isEmpty()) {
            recall();
            plan.takeNews();
            serve(machine);
            serveWaiting();
        }
    }

    private void recall() {
        for (WorkPlan.Recall recall : plan.takeRecalls()) {
            VirtualMachine machine = byName.get(recall.worker());
            Job job = machine == null ? null : machine.jobs.get(recall.grant());
            if (machine == null || job == null || machine.lost) {
                continue;
            }
            List<Job> through = machine.advance(nowS);
            int present = job.cell();
            job.cells.removeIf(cell -> cell != present && recall.commits().contains(cell));
            if (recall.begun() && recall.commits().contains(present) && !through.contains(job)) {
                record(machine, job, false);
                machine.next(job, workload, true);
            }
            closeIfThrough(machine, job);
            finish(machine, through);
            serve(machine);
        }
    }

    private void closeIfThrough(VirtualMachine machine, Job job) {
        if (job.cells.isEmpty()) {
            plan.closed(machine.machine.name(), job.grant.id());
            watcher.event(new BuildEvent.BoardEnded(job.grant.board().target(), machine.machine.name()), nowS);
        }
    }

    private void record(VirtualMachine machine, Job job, boolean won) {
        wasted += won ? 0 : job.spent;
        if (keepsTimeline) {
            timeline.add(new Segment(machine.number, job.lane, job.board, job.cell(), job.begunS, nowS, won));
        }
    }

    private void serveWaiting() {
        if (waiting == 0) {
            return;
        }
        for (VirtualMachine machine : machines) {
            if (machine.waits) {
                serve(machine);
            }
        }
    }

    private void serve(VirtualMachine machine) {
        waiting -= machine.waits ? 1 : 0;
        machine.waits = false;
        boolean changed = false;
        while (machine.asks && !machine.lost && machine.hasFreeSlot()) {
            long began = System.nanoTime();
            Demand demand = plan.demand(machine.machine.name());
            long took = System.nanoTime() - began;
            decisions++;
            decidingNs += took;
            slowestNs = Math.max(slowestNs, took);
            if (demand instanceof Demand.Granted granted) {
                machine.advance(nowS);
                machine.start(granted.grant(), workload);
                watcher.event(
                        new BuildEvent.BoardStarted(
                                granted.grant().board().target(),
                                machine.machine.name(),
                                granted.grant().commits().size()),
                        nowS);
                changed = true;
            } else if (demand instanceof Demand.Wait) {
                machine.waits = true;
                waiting++;
                break;
            } else {
                machine.asks = false;
            }
        }
        if (changed) {
            schedule(machine);
            recall();
        }
    }

    private void schedule(VirtualMachine machine) {
        double next = machine.nextEventS();
        if (next < Double.MAX_VALUE) {
            events.add(new Event(next, machine.number, machine.version));
        }
    }
}
