package dev.buildboss.testing;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Machine;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.DecodedCommand;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.ProtocolCodec;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.ShellTask;
import dev.buildboss.spi.SourcePush;
import dev.buildboss.spi.WorkerBundle;
import dev.buildboss.spi.WorkerChannel;
import dev.buildboss.spi.WorkerLaunch;
import dev.buildboss.spi.WorkerTransport;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.BroadcastHub;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Machines in memory, each with a worker that follows the protocol unless its {@link Worker} is overridden: the peer of the
 * boss's tests.
 */
public final class FakeFleet implements WorkerTransport {

    private final ActorSystem<?> system;
    private final Function<Machine, Worker> workers;
    private final Map<String, List<Worker>> started = new ConcurrentHashMap<>();
    private final Map<String, WorkerLaunch> launches = new ConcurrentHashMap<>();
    private volatile Optional<String> scripts = Optional.empty();
    private volatile Optional<MachineFacts> facts =
            Optional.of(new MachineFacts("x86_64", 4, 4, 5000, 0.1, 8000, 50_000, OptionalInt.of(17), Map.of()));

    /** A fleet whose machines start workers made by that function, one for each connection. */
    public FakeFleet(ActorSystem<?> system, Function<Machine, Worker> workers) {
        this.system = system;
        this.workers = workers;
    }

    /** What every probe finds from now on. */
    public void facts(MachineFacts value) {
        facts = Optional.of(value);
    }

    /** What every script says that is run on a machine; without it, none can be run. */
    public void scripts(String output) {
        scripts = Optional.of(output);
    }

    /** The workers that a machine had, in order. */
    public List<Worker> workersOf(String machine) {
        return List.copyOf(started.getOrDefault(machine, List.of()));
    }

    /** How a machine's last worker was started. */
    public WorkerLaunch launchOf(String machine) {
        return requireNonNull(launches.get(machine));
    }

    /** A bundle that nobody unpacks. */
    public static WorkerBundle bundle() {
        return List::of;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public boolean serves(Machine machine) {
        return true;
    }

    @Override
    public MachineLink link(Machine machine) {
        return new Link(machine);
    }

    @Override
    public void close() {}

    private final class Link implements MachineLink {
        private final Machine machine;

        private Link(Machine machine) {
            this.machine = machine;
        }

        @Override
        public CompletionStage<MachineFacts> probe() {
            return CompletableFuture.completedFuture(facts.orElseThrow());
        }

        @Override
        public CompletionStage<WorkerChannel> start(WorkerLaunch launch) {
            Worker worker = workers.apply(machine);
            started.computeIfAbsent(machine.name(), name -> new ArrayList<>()).add(worker);
            launches.put(machine.name(), launch);
            Channel channel = new Channel(worker);
            worker.begin(channel);
            return CompletableFuture.completedFuture(channel);
        }

        @Override
        public CompletionStage<PushReport> push(SourcePush push) {
            return CompletableFuture.completedFuture(new PushReport(1, 1));
        }

        @Override
        public CompletionStage<String> run(ShellTask task) {
            return scripts.<CompletionStage<String>>map(CompletableFuture::completedFuture)
                    .orElseGet(() -> MachineLink.super.run(task));
        }

        @Override
        public CompletionStage<Void> tidy() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }

    private final class Channel implements WorkerChannel {
        private final Worker worker;
        private final BoundedSourceQueue<ByteString> out;
        private final Source<ByteString, NotUsed> source;
        private final CompletableFuture<Integer> exited = new CompletableFuture<>();
        private final ProtocolFlows flows =
                new ProtocolFlows(Settings.defaults().protocol());

        private Channel(Worker worker) {
            this.worker = worker;
            Pair<BoundedSourceQueue<ByteString>, Source<ByteString, NotUsed>> pair = Source.<ByteString>queue(100_000)
                    .toMat(BroadcastHub.of(ByteString.class, 256), Keep.both())
                    .run(system);
            this.out = pair.first();
            this.source = pair.second();
        }

        @Override
        public Sink<ByteString, NotUsed> input() {
            return flows.commands().to(Sink.<DecodedCommand>foreach(decoded -> {
                if (decoded instanceof DecodedCommand.Accepted accepted && accepted.command() instanceof Command.Ping) {
                    worker.onPing();
                } else if (decoded instanceof DecodedCommand.Accepted accepted) {
                    worker.onCommand(accepted.command());
                }
            }));
        }

        @Override
        public Source<ByteString, NotUsed> output() {
            return source;
        }

        @Override
        public Source<ByteString, NotUsed> errors() {
            return Source.empty();
        }

        @Override
        public CompletionStage<Integer> exited() {
            return exited;
        }

        @Override
        public Traffic traffic() {
            return new Traffic(1, 2);
        }

        @Override
        public void kill() {
            end(137);
        }

        private void end(int status) {
            if (!out.isCompleted()) {
                out.complete();
            }
            exited.complete(status);
        }
    }

    /** A worker that answers as the protocol says: every board builds at once, with what {@link #result} makes of it. */
    public static class Worker {
        private static final ProtocolCodec CODEC =
                new ProtocolCodec(Settings.defaults().protocol());

        private final List<Command> received = new ArrayList<>();
        private Optional<Channel> channel = Optional.empty();
        private int commits;

        private void begin(Channel opened) {
            channel = Optional.of(opened);
            greet();
        }

        /** What it says first. */
        protected void greet() {
            say(new Response.Ready(4, 4, 2, features(), "test"));
        }

        /** The features that it names. */
        protected Set<Feature> features() {
            return EnumSet.allOf(Feature.class);
        }

        /** The compilers that it has. */
        protected Set<String> archs() {
            return Set.of("arm", "aarch64", "sandbox");
        }

        /** Answers a sign of life; pings are not among the commands received. */
        protected void onPing() {
            say(new Response.Pong());
        }

        /** Follows the protocol. */
        protected synchronized void onCommand(Command command) {
            received.add(command);
            if (command instanceof Command.Configure) {
                Map<String, Response.ToolchainInfo> toolchains = new java.util.HashMap<>();
                archs().forEach(arch -> toolchains.put(arch, new Response.ToolchainInfo("/usr/bin/" + arch, "12")));
                say(new Response.ConfigureDone(features().contains(Feature.TOOLCHAINS) ? toolchains : Map.of()));
            } else if (command instanceof Command.BuildPrepare prepare) {
                commits = prepare.commits().size();
                say(new Response.BuildStarted(prepare.maxBoards()));
                say(new Response.BuildPrepareDone());
            } else if (command instanceof Command.BuildBoard build) {
                onBoard(build.spec());
            } else if (command instanceof Command.BuildDone) {
                say(new Response.BuildDone(0));
            } else if (command instanceof Command.Quit) {
                say(new Response.QuitAck());
                exit(0);
            }
        }

        /** Takes a command without an answer. */
        protected final synchronized void note(Command command) {
            received.add(command);
        }

        /** Builds a board: a heartbeat and all its results. */
        protected void onBoard(Command.BoardSpec spec) {
            say(new Response.Heartbeat(spec.board(), 0));
            List<Integer> indexes = spec.commits();
            for (int commit = 0; commit < commits; commit++) {
                if (indexes.isEmpty() || indexes.contains(commit)) {
                    say(result(spec.board(), commit));
                }
            }
        }

        /** The result of a cell: all well. */
        protected Response.BuildResult result(String board, int commit) {
            return resultOf(board, commit, 0, "");
        }

        /** A result with that code and stderr. */
        public static Response.BuildResult resultOf(String board, int commit, int code, String stderr) {
            return new Response.BuildResult(
                    board,
                    commit,
                    code,
                    "",
                    stderr,
                    0.5,
                    Optional.empty(),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of());
        }

        /** Sends a response. */
        public final void say(Response response) {
            raw(CODEC.encode(response));
        }

        /** Sends bytes as they are. */
        public final void raw(ByteString bytes) {
            channel.orElseThrow().out.offer(bytes);
        }

        /** Ends, and the streams with it. */
        public final void exit(int status) {
            channel.orElseThrow().end(status);
        }

        /** The commands that came so far. */
        public final synchronized List<Command> received() {
            return List.copyOf(received);
        }
    }
}
