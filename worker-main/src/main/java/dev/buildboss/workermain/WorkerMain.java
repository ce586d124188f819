package dev.buildboss.workermain;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.buildboss.BuildbossException;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.Recipes;
import dev.buildboss.worker.WorkerConfig;
import dev.buildboss.worker.WorkerServer;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.StreamConverters;
import org.apache.pekko.util.ByteString;
import org.slf4j.LoggerFactory;

/**
 * The program that runs on a machine: serves the protocol on standard input and output.
 *
 * <p>Exit status: 0 after {@code quit}, 1 when the boss is gone or the work directory in use, 2 for wrong arguments, 128 + n
 * after signal n.
 */
public final class WorkerMain {
    private static final int CHUNK = 8192;

    private WorkerMain() {}

    /** Runs a worker; see {@link Arguments#USAGE}. */
    public static void main(String[] args) {
        // First of all: standard output is the protocol's, and nothing else in this JVM may reach it.
        OutputStream protocol = new FileOutputStream(FileDescriptor.out);
        System.setOut(System.err);
        // On this thread, before there are others: what is logged while the logger sets itself up is put off, with a
        // notice.
        LoggerFactory.getLogger(WorkerMain.class);
        try {
            Arguments arguments = Arguments.parse(args);
            if (arguments.help()) {
                new PrintStream(protocol, true).println(Arguments.USAGE);
                return;
            }
            if (arguments.warmUp()) {
                WarmUp.run(config(arguments));
                Runtime.getRuntime().exit(0); // not halt: the archive of classes is written at exit
            }
            serve(config(arguments), protocol);
        } catch (IllegalArgumentException | BuildbossException e) {
            System.err.println("worker: " + e.getMessage());
            Runtime.getRuntime().halt(e instanceof IllegalArgumentException ? 2 : 1);
        }
    }

    private static WorkerConfig config(Arguments arguments) {
        Config own = ConfigFactory.empty();
        if (!arguments.settings().isEmpty()) {
            own = ConfigFactory.parseString(String.join("\n", arguments.settings()));
        }
        Settings settings = Settings.of(own);
        int usable = WorkerConfig.usableThreads(settings);
        return new WorkerConfig(
                arguments.directory(),
                arguments.repository(),
                arguments.threads().isPresent()
                        ? Math.min(usable, arguments.threads().getAsInt())
                        : usable,
                settings,
                Recipes.installed(),
                arguments.debug(),
                Optional.ofNullable(WorkerMain.class.getPackage().getImplementationVersion())
                        .orElse("development"),
                arguments.boss());
    }

    static ActorSystem<Void> actorSystem() {
        return ActorSystem.create(Behaviors.empty(), "worker", ConfigFactory.load("worker"));
    }

    private static void serve(WorkerConfig config, OutputStream protocol) {
        AtomicBoolean exiting = new AtomicBoolean();
        Consumer<String> debug = config.debug() ? line -> System.err.println("W: " + line) : line -> {};
        // Not System.in: its buffer would be one copy more.
        InputStream in = new FileInputStream(FileDescriptor.in);
        Source<ByteString, NotUsed> input =
                StreamConverters.fromInputStream(() -> in, CHUNK).mapMaterializedValue(size -> NotUsed.getInstance());
        CompletableFuture<WorkerServer> started = new CompletableFuture<>();
        // A signal: the JVM is on its way out with 128 + n already, and waits for this.
        // It may come as soon as the worker has said that it is ready.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (!exiting.get()) {
                                started.join().kill();
                            }
                        },
                        "worker-signal"));
        try {
            started.complete(WorkerServer.start(actorSystem(), config, input, protocol, debug, status -> {
                exiting.set(true);
                Runtime.getRuntime().halt(status);
            }));
        } catch (RuntimeException e) {
            started.completeExceptionally(e);
            throw e;
        }
    }
}
