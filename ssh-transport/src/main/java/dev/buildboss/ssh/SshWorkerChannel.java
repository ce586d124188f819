package dev.buildboss.ssh;

import dev.buildboss.spi.WorkerChannel;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A worker that runs on a machine; each of its three streams has a thread, unless it can do without. */
final class SshWorkerChannel implements WorkerChannel {

    private final RemoteProcess process;
    private final InputStream stdout;
    private final RemoteShell session;
    private final TrafficCounter traffic;
    private final ThreadFactory threads;
    private final List<String> notes;

    /** {@code session} is the worker's own and ends with it; {@code stdout} is what is left of the process's output. */
    SshWorkerChannel(
            RemoteProcess process,
            InputStream stdout,
            RemoteShell session,
            TrafficCounter traffic,
            ThreadFactory threads,
            List<String> notes) {
        this.notes = notes;
        this.process = process;
        this.stdout = stdout;
        this.session = session;
        this.traffic = traffic;
        this.threads = threads;
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    @Override
    public Sink<ByteString, NotUsed> input() {
        return Sink.fromGraph(new OutputStreamSink(process.stdin(), threads));
    }

    @Override
    public Source<ByteString, NotUsed> output() {
        Optional<Readiness> readiness = process.stdoutReadiness();
        return readiness.isPresent()
                ? Source.fromGraph(new ReadySource(stdout, readiness.get()))
                : Source.fromGraph(new InputStreamSource(stdout, threads));
    }

    @Override
    public Source<ByteString, NotUsed> errors() {
        return Source.fromGraph(new InputStreamSource(process.stderr(), threads));
    }

    @Override
    public CompletionStage<Integer> exited() {
        return process.exited();
    }

    @Override
    public Traffic traffic() {
        return traffic.now();
    }

    @Override
    public void kill() {
        session.close();
        process.kill();
    }
}
