package dev.buildboss.fetch;

import static java.util.Objects.requireNonNull;

import dev.buildboss.MachineException;
import dev.buildboss.files.Carried;
import dev.buildboss.model.Machine;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineLink;
import dev.buildboss.spi.ShellInput;
import dev.buildboss.spi.ShellTask;
import dev.buildboss.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * Gives fetched compilers to one machine, over its own connection: the machine needs no way to the net. A transfer that breaks off
 * leaves its part there, and the next one goes on from it. Blocking.
 */
public final class Delivery {

    private static final String SCRIPT = Carried.text(Delivery.class, "toolchain.sh");
    private static final String MARKER = "BUILDBOSS-FETCH ";
    private static final int BUFFER_BYTES = 32 * 1024;

    private final Machine machine;
    private final MachineLink link;
    private final Settings settings;

    /** For a machine; nothing is done there yet. */
    public Delivery(Machine machine, MachineLink link, Settings settings) {
        this.machine = requireNonNull(machine, "machine");
        this.link = requireNonNull(link, "link");
        this.settings = requireNonNull(settings, "settings");
    }

    /**
     * What a machine has.
     *
     * @param host what it is, in the index's words
     * @param compilers the paths of its compilers
     */
    public record Found(String host, List<String> compilers) {
        /** Copies the list. */
        public Found {
            compilers = List.copyOf(compilers);
        }

        /** A compiler there whose name begins with one of these architectures; empty: it lacks them all. */
        public Optional<String> compilerFor(List<String> names) {
            return compilers.stream()
                    .filter(path -> names.contains(archOf(path.substring(path.lastIndexOf('/') + 1))))
                    .findFirst();
        }

        private static String archOf(String program) {
            int dash = program.indexOf('-');
            return dash < 0 ? "" : program.substring(0, dash);
        }
    }

    /**
     * Looks what is there; changes nothing.
     *
     * @throws MachineException if it can't be reached, or is no Linux
     */
    public Found look() {
        List<String> arguments = new ArrayList<>(List.of("look", directory()));
        arguments.addAll(settings.toolchains().paths());
        List<String> lines = ask(new ShellTask(
                "looking for compilers", SCRIPT, arguments, settings.probe().timeout()));
        String kind = value(lines, "machine").orElse("");
        if (!kind.startsWith("Linux ")) {
            throw failed("compilers are for Linux, and this is '" + kind + "'");
        }
        return new Found(
                Crosstool.host(kind.substring(kind.indexOf(' ') + 1)),
                lines.stream()
                        .filter(line -> line.startsWith("compiler "))
                        .map(line -> line.substring("compiler ".length()))
                        .toList());
    }

    /**
     * Sends a compiler and puts it into its place.
     *
     * @return its gcc there
     * @throws MachineException with the reason; only the part of a transfer is left there then
     */
    public String send(Archive archive, ToolchainFetch.Parcel parcel, FetchProgress progress) {
        String name = parcel.sha256().substring(0, 32);
        List<String> begun = ask(new ShellTask(
                "sending " + archive.target(),
                SCRIPT,
                List.of("begin", directory(), name),
                settings.probe().timeout()));
        long offset = offset(value(begun, "part").orElse(""), parcel);
        ShellTask task = new ShellTask(
                "sending " + archive.target(),
                SCRIPT,
                List.of(
                        "store",
                        directory(),
                        name,
                        String.valueOf(offset),
                        String.valueOf(parcel.bytes()),
                        parcel.sha256(),
                        archive.place(),
                        parcel.gcc().toString()),
                settings.fetch().sendTimeout());
        String what = "sending " + archive.target() + " to " + machine.name();
        List<String> done =
                wait(task, out -> copy(parcel, offset, out, sent -> progress.at(what, sent, parcel.bytes())));
        return value(done, "stored")
                .orElseThrow(() -> failed("the transfer of " + archive.target() + " was cut short"));
    }

    /** The part that is there, if it is a part of this very file. */
    private static long offset(String answer, ToolchainFetch.Parcel parcel) {
        String[] words = answer.split(" ", -1);
        try {
            long size = Long.parseLong(words[0]);
            if (size <= 0 || size > parcel.bytes() || words.length < 2) {
                return 0;
            }
            try (InputStream in = Files.newInputStream(parcel.file())) {
                return Download.sha256(in, size).equals(words[1]) ? size : 0;
            }
        } catch (NumberFormatException | IOException e) {
            return 0;
        }
    }

    private interface Sent {
        void at(long bytes);
    }

    private static void copy(ToolchainFetch.Parcel parcel, long offset, OutputStream out, Sent sent)
            throws IOException {
        try (InputStream in = Files.newInputStream(parcel.file())) {
            in.skipNBytes(offset);
            byte[] buffer = new byte[BUFFER_BYTES];
            long done = offset;
            sent.at(done);
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                done += n;
                sent.at(done);
            }
        }
    }

    private String directory() {
        return settings.fetch().directory();
    }

    private List<String> ask(ShellTask task) {
        return wait(task, stdin -> {});
    }

    private List<String> wait(ShellTask task, ShellInput input) {
        String out;
        try {
            out = link.run(task, input).toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof MachineException known) {
                throw known;
            }
            throw new MachineException(machine.name(), String.valueOf(e.getCause()), e);
        }
        List<String> lines = out.lines()
                .filter(line -> line.startsWith(MARKER))
                .map(line -> Printable.line(line.substring(MARKER.length())))
                .toList();
        value(lines, "failed").ifPresent(why -> {
            throw failed(why);
        });
        if (!lines.contains("end")) {
            throw failed(task.what() + " was cut short");
        }
        return lines;
    }

    private MachineException failed(String why) {
        return new MachineException(machine.name(), why, null);
    }

    private static Optional<String> value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key + " "))
                .map(line -> line.substring(key.length() + 1))
                .findFirst();
    }
}
