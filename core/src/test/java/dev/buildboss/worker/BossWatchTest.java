package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.DecodedCommand;
import dev.buildboss.protocol.Response;
import dev.buildboss.protocol.stream.ProtocolFlows;
import dev.buildboss.settings.Settings;
import dev.buildboss.testing.Waits;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The worker's ear for its boss; time passes only where a test says so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BossWatchTest {

    private static final Duration OWN_INTERVAL = Duration.ofSeconds(15);
    private static final Duration STEP = Duration.ofSeconds(5);

    private ActorTestKit kit;
    private ManualTime time;
    private BlockingQueue<Duration> silences;
    private BlockingQueue<Response> answers;
    private BoundedSourceQueue<ByteString> boss;
    private SinkQueueWithCancel<DecodedCommand> commands;

    @BeforeAll
    void start() {
        kit = ActorTestKit.create(ManualTime.config());
        time = ManualTime.get(kit.system());
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @BeforeEach
    void connect() {
        silences = new LinkedBlockingQueue<>();
        answers = new LinkedBlockingQueue<>();
        listen(answers::add);
    }

    private void listen(ResponseSink sink) {
        BossWatch watch = new BossWatch(OWN_INTERVAL, sink, silences::add);
        Pair<BoundedSourceQueue<ByteString>, SinkQueueWithCancel<DecodedCommand>> ends = Source.<ByteString>queue(100)
                .via(watch.commands(new ProtocolFlows(Settings.defaults().protocol())))
                .toMat(Sink.queue(), Keep.both())
                .run(kit.system());
        boss = ends.first();
        commands = ends.second();
    }

    /** When this returns, what was sent before it is dealt with, too. */
    private void say(String... lines) throws Exception {
        for (String line : lines) {
            boss.offer(ByteString.fromString(line + "\n"));
        }
        boss.offer(ByteString.fromString("{\"cmd\":\"build_done\"}\n"));
        assertThat(commands.pull().toCompletableFuture().get(Waits.LIMIT_S, TimeUnit.SECONDS))
                .contains(new DecodedCommand.Accepted(new Command.BuildDone()));
    }

    private Duration untilSilenceIsTold() throws Exception {
        // The stage that counts asks for its next tick on a thread of its own: steps may be missed, so time may only
        // look longer.
        commands.pull();
        AtomicInteger steps = new AtomicInteger();
        Waits.until("word of the silence", () -> {
            time.timePasses(STEP);
            steps.incrementAndGet();
            return !silences.isEmpty();
        });
        return STEP.multipliedBy(steps.get());
    }

    @Test
    void answersAPingAndKeepsItFromTheDispatcher() throws Exception {
        say("{\"cmd\":\"ping\"}");

        assertThat(answers.poll(Waits.LIMIT_S, TimeUnit.SECONDS)).isEqualTo(new Response.Pong());
    }

    @Test
    void tellsTheSilenceOfABossThatPingedAfterFiveIntervalsAndNotBefore() throws Exception {
        say("{\"cmd\":\"ping\"}");

        assertThat(untilSilenceIsTold()).isGreaterThan(OWN_INTERVAL.multipliedBy(5));
        assertThat(silences).containsExactly(Duration.ofMillis(82_500));
    }

    @Test
    void takesTheIntervalFromThePing() throws Exception {
        say("{\"cmd\":\"ping\",\"every_ms\":60000}");

        assertThat(untilSilenceIsTold()).isGreaterThan(Duration.ofMinutes(5));
    }

    @Test
    void neverTiresOfABossThatDoesNotPing() throws Exception {
        for (int i = 0; i < 10; i++) {
            time.timePasses(Duration.ofHours(1));
        }
        say();

        assertThat(silences).isEmpty();
    }

    @Test
    void countsAnyLineAsASignOfLife() throws Exception {
        say("{\"cmd\":\"ping\"}");
        for (int i = 0; i < 30; i++) {
            time.timePasses(STEP);
            say();
        }

        assertThat(silences).isEmpty();
    }

    @Test
    void hearsTheBossWhoDoesNotReadTheAnswers() throws Exception {
        BlockingQueue<Response> neverRead = new LinkedBlockingQueue<>(1);
        listen(response -> {
            try {
                neverRead.put(response);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 0; i < 10; i++) {
            time.timePasses(OWN_INTERVAL);
            say("{\"cmd\":\"ping\"}");
        }

        assertThat(silences).isEmpty();
    }
}
