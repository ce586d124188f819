package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.MachineException;
import dev.buildboss.fetch.Archive;
import dev.buildboss.fetch.Crosstool;
import dev.buildboss.fetch.Delivery;
import dev.buildboss.fetch.FetchProgress;
import dev.buildboss.fetch.Sizes;
import dev.buildboss.fetch.ToolchainFetch;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.WorkerTransport;
import dev.buildboss.text.Printable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;

/** One fetch of compilers, to this computer and to machines, with its lines and its status. */
final class FetchRun {

    private static final String LIST = "list";
    private static final String ALL = "all";

    /** Machines that are sent to at once: the way out of this computer is one. */
    private static final int AT_ONCE = 4;

    private final BossCommand boss;
    private final Settings settings;
    private final boolean force;
    private final TransferLine line;
    private final Crosstool index;
    private boolean failed;

    FetchRun(BossCommand boss, Settings settings, boolean force) {
        this.boss = boss;
        this.settings = settings;
        this.force = force;
        this.line = new TransferLine(boss.around.out(), boss.around.err(), boss.around.screen(), boss.nanoTime);
        this.index = Crosstool.of(settings);
    }

    /**
     * Fetches.
     *
     * @param words architectures, {@code all} or {@code list}
     * @param machines where to; this computer is one, if it is among them
     * @return the exit status: 1 if one could not be fetched or sent
     */
    int fetch(List<String> words, List<Machine> machines) {
        Set<String> asked = new LinkedHashSet<>();
        words.forEach(word -> Stream.of(word.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .forEach(asked::add));
        if (asked.contains(LIST)) {
            return list();
        }
        try (ToolchainFetch store = open()) {
            if (machines.stream().anyMatch(Machine::isLocal)) {
                wanted(asked, ownHost()).forEach(archive -> install(store, archive));
            }
            List<Machine> remote = machines.stream().filter(m -> !m.isLocal()).toList();
            send(store, remote, found -> tasks(asked, found));
        }
        return failed ? 1 : 0;
    }

    /**
     * Gives machines what this computer has and they lack, in this computer's versions where it has fetched them.
     *
     * @param own architecture to version, empty where it is not a fetched one
     */
    int sendMissing(Map<String, Optional<String>> own, List<Machine> machines) {
        try (ToolchainFetch store = open()) {
            send(store, machines, found -> {
                List<Task> tasks = new ArrayList<>();
                own.forEach((arch, version) -> {
                    if (found.compilerFor(names(arch)).isEmpty()) {
                        tasks.add(new Task(arch, () -> index.find(arch, found.host(), version)));
                    }
                });
                return tasks;
            });
        }
        return failed ? 1 : 0;
    }

    private ToolchainFetch open() {
        FetchProgress progress = boss.json ? FetchProgress.NONE : line;
        return ToolchainFetch.open(index, settings.fetch(), boss.around.home(), ownHost(), Clock.systemUTC(), progress);
    }

    private String ownHost() {
        return Crosstool.host(boss.around.properties().getOrDefault("os.arch", System.getProperty("os.arch")));
    }

    private int list() {
        for (Archive archive : index.all(ownHost())) {
            if (boss.json) {
                boss.around.out().println(EventJson.text(json(archive, "available")));
            } else {
                boss.around.out().println(archive.arch() + "  " + archive.version() + "  " + archive.target());
            }
        }
        return 0;
    }

    private static Map<String, Object> json(Archive archive, String state) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("arch", archive.arch());
        object.put("target", archive.target());
        object.put("version", archive.version());
        object.put("host", archive.host());
        object.put("state", state);
        return object;
    }

    /** Something to fetch; what it is exactly is found out last, as that may fail. */
    private record Task(String arch, Find archive) {}

    private interface Find {
        Archive find();
    }

    private List<Archive> wanted(Set<String> asked, String host) {
        List<Archive> result = new ArrayList<>();
        for (String name : asked) {
            if (name.equals(ALL)) {
                result.addAll(index.all(host));
            } else {
                attempt(name, () -> result.add(index.find(name, host, Optional.empty())));
            }
        }
        return result;
    }

    private List<Task> tasks(Set<String> asked, Delivery.Found found) {
        List<Task> tasks = new ArrayList<>();
        for (String name : asked) {
            if (name.equals(ALL)) {
                index.all(found.host()).forEach(archive -> tasks.add(new Task(archive.arch(), () -> archive)));
            } else {
                tasks.add(new Task(name, () -> index.find(name, found.host(), Optional.empty())));
            }
        }
        return tasks;
    }

    private List<String> names(String arch) {
        return Stream.concat(Stream.of(arch), settings.toolchains().aliases().getOrDefault(arch, List.of()).stream())
                .toList();
    }

    private void install(ToolchainFetch store, Archive archive) {
        attempt(archive.target(), () -> {
            if (!force && store.isInstalled(archive)) {
                said(archive, "", "there already: " + store.placeOf(archive));
            } else {
                said(archive, "", String.valueOf(store.install(archive)));
            }
        });
    }

    /** Looks at all machines at once; what they need is fetched here one after the other, and sent to several at a time. */
    private void send(ToolchainFetch store, List<Machine> machines, Function<Delivery.Found, List<Task>> choose) {
        if (machines.isEmpty()) {
            return;
        }
        List<WorkerTransport> transports = boss.builds.transports(settings);
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, machines.size()));
        Map<Machine, MachineLink> links = new LinkedHashMap<>();
        try {
            for (Machine machine : machines) {
                transports.stream()
                        .filter(transport -> transport.serves(machine))
                        .findFirst()
                        .ifPresent(transport -> links.put(machine, transport.link(machine)));
            }
            List<CompletableFuture<Void>> running = new ArrayList<>();
            links.forEach((machine, link) -> running.add(CompletableFuture.runAsync(
                    () -> attempt(machine.name(), () -> serve(store, machine, link, choose)), threads)));
            running.forEach(CompletableFuture::join);
        } finally {
            threads.shutdownNow();
            links.values().forEach(MachineLink::close);
            transports.forEach(WorkerTransport::close);
        }
    }

    private void serve(
            ToolchainFetch store, Machine machine, MachineLink link, Function<Delivery.Found, List<Task>> choose) {
        Delivery delivery = new Delivery(machine, link, settings);
        Delivery.Found found = delivery.look();
        List<Task> tasks;
        synchronized (this) {
            tasks = choose.apply(found);
        }
        for (Task task : tasks) {
            Optional<String> there = force ? Optional.empty() : found.compilerFor(names(task.arch()));
            if (there.isPresent()) {
                said(task.arch(), machine.name(), "there already: " + there.get() + " (--force sends it all the same)");
                continue;
            }
            attempt(machine.name() + ": " + task.arch(), () -> {
                Archive archive;
                ToolchainFetch.Parcel parcel;
                synchronized (this) { // fetched once, for all
                    archive = task.archive().find();
                    parcel = store.parcel(archive);
                }
                String gcc = delivery.send(archive, parcel, boss.json ? FetchProgress.NONE : line);
                said(archive, machine.name(), gcc + " (" + Sizes.words(parcel.bytes()) + " sent)");
            });
        }
        if (tasks.isEmpty()) {
            said("", machine.name(), "lacks nothing");
        }
    }

    private void said(Archive archive, String machine, String what) {
        if (boss.json) {
            Map<String, Object> object = json(archive, what);
            object.put("machine", machine);
            line.say(EventJson.text(object));
        } else {
            said(archive.target() + " " + archive.version(), machine, what);
        }
    }

    private void said(String about, String machine, String what) {
        String where = machine.isEmpty() ? "" : machine + ": ";
        String text = Printable.line(where + (about.isEmpty() ? "" : about + ": ") + what);
        if (boss.json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("arch", about);
            object.put("machine", machine);
            object.put("state", what);
            line.say(EventJson.text(object));
        } else {
            line.say(text);
        }
    }

    /** One that fails keeps the others from nothing. */
    private void attempt(String about, Runnable work) {
        try {
            work.run();
        } catch (BuildbossException e) {
            synchronized (line) {
                failed = true;
                String words = String.valueOf(e.getMessage());
                boolean named = e instanceof MachineException || words.startsWith(about);
                if (boss.json) {
                    line.say(EventJson.text(Map.of("about", about, "failed", words)));
                } else {
                    line.complain("boss: " + Printable.line(named ? words : about + ": " + words));
                }
            }
        }
    }
}
