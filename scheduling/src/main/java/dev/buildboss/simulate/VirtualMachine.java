package dev.buildboss.simulate;

import dev.buildboss.plan.Estimates.Work;
import dev.buildboss.plan.Grant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A machine at work, in virtual time: which boards it has, and how its cores are shared among them. */
final class VirtualMachine {

    /** A board on it. */
    static final class Job {
        final Grant grant;
        final int board;
        final List<Integer> cells;
        final int lane;
        private double serial;
        private double parallel;
        private int jobs;
        private double rate;
        double begunS;
        double spent;

        Job(Grant grant, int board, int lane) {
            this.grant = grant;
            this.board = board;
            this.cells = new ArrayList<>(grant.commits());
            this.lane = lane;
        }

        int cell() {
            return cells.get(0);
        }

        private boolean isSerial() {
            return serial > 0;
        }

        private double left() {
            return serial > 0 ? serial : parallel;
        }
    }

    private static final double NEVER = Double.MAX_VALUE;
    private static final double TINY = 1e-9;

    final SimMachine machine;
    final int number;
    final Map<Long, Job> jobs = new TreeMap<>();
    /** Whether it asks for more. */
    boolean asks;

    /** Whether it has a free slot and got nothing for it. */
    boolean waits;

    boolean lost;
    long version;
    private final boolean shares;
    private double factor = 1;
    private double nowS;

    VirtualMachine(SimMachine machine, int number, boolean shares) {
        this.machine = machine;
        this.number = number;
        this.shares = shares;
    }

    boolean hasFreeSlot() {
        return jobs.size() < machine.slots();
    }

    Job start(Grant grant, Workload workload) {
        int lane = 0;
        for (boolean taken = true; taken; ) {
            int wanted = lane;
            taken = jobs.values().stream().anyMatch(job -> job.lane == wanted);
            lane += taken ? 1 : 0;
        }
        Job job = new Job(grant, workload.number(grant.board()), lane);
        jobs.put(grant.id(), job);
        begin(job, workload.first(job.board, job.cell()));
        return job;
    }

    /** The next cell of a board; or the board is through, and gone. */
    void next(Job job, Workload workload, boolean afresh) {
        job.cells.remove(0);
        if (job.cells.isEmpty()) {
            jobs.remove(job.grant.id());
            share();
        } else {
            begin(job, afresh ? workload.first(job.board, job.cell()) : workload.next(job.board, job.cell()));
        }
    }

    private void begin(Job job, Work work) {
        job.serial = work.serial();
        job.parallel = work.total() - work.serial();
        job.begunS = nowS;
        job.spent = 0;
        int active = jobs.size();
        int twice = active < machine.slots() ? 2 : 1;
        job.jobs = shares ? Integer.MAX_VALUE : Math.max(1, twice * machine.cores() / active);
        share();
    }

    /** Hands out the cores anew: evenly (a jobserver), or by the number of jobs where there are more of them than cores. */
    private void share() {
        version++;
        double speed = lost ? 0 : machine.speed() * factor;
        if (shares) {
            List<Job> parallel = new ArrayList<>();
            double left = machine.cores();
            for (Job job : jobs.values()) {
                if (job.isSerial()) {
                    double part = Math.min(1, (double) machine.cores() / jobs.size());
                    job.rate = part * speed;
                    left -= part;
                } else {
                    parallel.add(job);
                }
            }
            for (Job job : parallel) {
                job.rate = Math.max(0, left) / parallel.size() * speed;
            }
        } else {
            double wanted = 0;
            for (Job job : jobs.values()) {
                wanted += job.isSerial() ? 1 : Math.min(job.jobs, machine.cores());
            }
            double scale = Math.min(1, machine.cores() / Math.max(1, wanted));
            for (Job job : jobs.values()) {
                job.rate = (job.isSerial() ? 1 : Math.min(job.jobs, machine.cores())) * scale * speed;
            }
        }
    }

    /** When the next thing happens here. */
    double nextEventS() {
        double first = NEVER;
        for (Job job : jobs.values()) {
            first = job.rate > 0 ? Math.min(first, nowS + job.left() / job.rate) : first;
        }
        return first;
    }

    /** Works until then; boards whose cell is through. */
    List<Job> advance(double toS) {
        double seconds = toS - nowS;
        nowS = toS;
        boolean changed = false;
        List<Job> through = new ArrayList<>(1);
        for (Job job : jobs.values()) {
            double done = job.rate * seconds;
            job.spent += done;
            if (job.isSerial()) {
                job.serial -= done;
                if (job.serial < TINY) {
                    job.serial = 0;
                    changed = true;
                }
            } else {
                job.parallel -= done;
                if (job.parallel < TINY) {
                    through.add(job);
                }
            }
        }
        if (changed) {
            share();
        }
        version++;
        through.sort(Comparator.comparingLong(job -> job.grant.id()));
        return through;
    }

    void slow(double by) {
        factor *= by;
        share();
    }

    void lose() {
        lost = true;
        share();
    }
}
