package dev.buildboss.ssh;

import dev.buildboss.files.Carried;
import dev.buildboss.model.Machine;
import dev.buildboss.model.Owner;
import dev.buildboss.runtime.RuntimeImage;
import dev.buildboss.spi.ShellTask;
import dev.buildboss.spi.WorkerBundle;
import dev.buildboss.spi.WorkerCommand;
import dev.buildboss.spi.WorkerLaunch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The scripts that run on machines: POSIX sh, one exec each, so that few round trips are made.
 *
 * <p>Each answers with one line {@code BUILDBOSS <nonce> <word> …} on standard output; what comes before it is noise of the
 * login. The nonce keeps a banner from passing for the answer.
 */
final class Scripts {

    /** The answer's first word. */
    static final String MARKER = "BUILDBOSS";

    private static final String WORKDIR = Carried.text(Scripts.class, "workdir.sh");
    private static final String PREPARE = Carried.text(Scripts.class, "prepare.sh");
    private static final String HOLDER = Carried.text(Scripts.class, "holder.sh");
    private static final String EXISTING = Carried.text(Scripts.class, "existing.sh");
    private static final String JAVA = Carried.text(Scripts.class, "java.sh");
    private static final String START = Carried.text(Scripts.class, "start.sh");
    private static final String INSTALL = Carried.text(Scripts.class, "install.sh");
    private static final String PROBE = Carried.text(Scripts.class, "probe.sh");

    private Scripts() {}

    /**
     * What scripts need to know to take a work directory's lock.
     *
     * @param boss who takes it
     * @param grace how old an existing boss's lock must be before what works there tells whether it is held
     * @param age how old another user's must be before it counts as left behind
     */
    record Lock(Owner boss, Duration grace, Duration age) {}

    /**
     * Starts a worker of our own; answers {@code ok <who holds the lock> archive|plain}, {@code missing} (the bundle),
     * {@code nojava <system> <arch> <libc> …}, {@code send} (the named runtime), {@code busy …} or {@code failed …}.
     *
     * @param javaPlaces where Java is looked for, as patterns
     * @param runtime what to take where there is none; empty: not known yet
     */
    static String start(
            String nonce,
            Machine machine,
            WorkerLaunch launch,
            boolean archive,
            Lock lock,
            List<String> javaPlaces,
            Optional<RuntimeImage> runtime) {
        String bundle = "b";
        WorkerBundle jars = launch.bundle();
        String classPath = jars.jars().stream()
                .map(jar -> ShellTemplate.variable(bundle) + "/" + jar.name())
                .collect(Collectors.joining(":"));
        String java = ShellTemplate.variable("java");
        String errors = ShellTemplate.variable(bundle) + "/hs_err_%p.log";
        String here = ShellTemplate.variable("PWD");
        List<String> quick =
                WorkerCommand.start(java, classPath, Optional.of(ShellTemplate.variable("jsa")), errors, launch, here);
        List<String> plain = WorkerCommand.start(java, classPath, Optional.empty(), errors, launch, here);
        List<String> dump = WorkerCommand.dumpArchive(java, classPath, ShellTemplate.variable("aside"));
        long bytes = jars.jars().stream().mapToLong(WorkerBundle.Jar::size).sum();
        Map<String, String> values = Map.ofEntries(
                Map.entry("JAVA", javaSetting(machine)),
                Map.entry("PLACES", places(javaPlaces)),
                Map.entry("RUNTIME", runtime.map(RuntimeImage::id).orElse("")),
                Map.entry(
                        "RUNTIMESUMS",
                        ShellQuote.quote(runtime.map(RuntimeImage::sums).orElse(""))),
                Map.entry("BUNDLE", BundleId.of(jars)),
                Map.entry("SUMS", ShellQuote.quote(BundleId.sums(jars))),
                Map.entry("JARS", jarNames(jars)),
                Map.entry("BYTES", String.valueOf(bytes)),
                Map.entry("ARCHIVE", archive ? "yes" : "no"),
                Map.entry("DUMP", ShellTemplate.quote(dump)));
        return head(nonce)
                + ShellTemplate.fill(JAVA + START, values)
                + workDir(machine, launch.workDir(), lock)
                + PREPARE
                + "touch -c \"$b\"\n"
                + "if [ -f \"$jsa\" ]; then kind=archive; else kind=plain; fi\n"
                + "say ok \"$me\" $kind\n"
                + "exec 2>&3 3>&-\n"
                + "[ $kind = plain ] || exec " + ShellTemplate.quote(quick) + "\n"
                + "exec " + ShellTemplate.quote(plain) + "\n";
    }

    /**
     * Starts an existing worker by its command; answers as {@link #start}.
     *
     * @param holder who holds the lock for it, as {@link #prepare} answered; empty: it takes the lock itself
     */
    static String startExisting(
            String nonce, Machine machine, Optional<String> workDir, Optional<String> holder, Lock lock) {
        List<String> command = machine.workerCommand();
        String words = command.stream().map(Scripts::word).collect(Collectors.joining(" "));
        return head(nonce)
                + workDir(machine, workDir, lock)
                + holder.map(Scripts::stillHeld).orElse(PREPARE)
                + "! git rev-parse -q --verify refs/heads/work >/dev/null || git checkout -qf work ||"
                + " stop failed \"git checkout work failed in $wd\"\n"
                + EXISTING
                + "say ok \"$me\" plain\n"
                + "exec 2>&3 3>&-\n"
                + "exec " + words + "\n";
    }

    private static String stillHeld(String holder) {
        return "holder\n[ \"$pid:$since\" = " + ShellQuote.quote(holder)
                + " ] && [ \"$(started \"$pid\")\" = \"$since\" ] || "
                + "stop failed \"the lock of the work directory $wd was lost\"\n";
    }

    /**
     * Makes the work directory ready for a push before the worker's start, answers {@code ok <who holds the lock>} or
     * {@code busy …}, and then holds it until its input ends.
     */
    static String prepare(String nonce, Machine machine, Optional<String> workDir, Lock lock) {
        // Detached, so that a push to the branch `work` never meets a changed tree.
        return head(nonce)
                + workDir(machine, workDir, lock)
                + PREPARE
                + "! git rev-parse -q --verify HEAD >/dev/null || git checkout -qf --detach || "
                + "stop failed \"git checkout failed in $wd\"\n"
                + HOLDER;
    }

    /** Makes a directory for a bundle or a runtime of that id; answers {@code ok <directory>}. */
    static String beginInstall(String nonce, String id) {
        return head(nonce) + ShellTemplate.fill(INSTALL, Map.of("BUNDLE", id, "STEP", "begin"));
    }

    /** Unpacks a runtime that was received as {@code runtime.tgz}, checks and tries it, and puts it in place; answers {@code ok}. */
    static String endRuntime(String nonce, RuntimeImage runtime, String aside) {
        return head(nonce)
                + ShellTemplate.fill(
                        INSTALL,
                        Map.of(
                                "BUNDLE", runtime.id(),
                                "STEP", "runtime",
                                "ASIDE", ShellQuote.quote(aside),
                                "SUMS", ShellQuote.quote(runtime.sums())));
    }

    /** Takes one jar on standard input. */
    static String receive(String aside, String name) {
        return "umask 077; exec cat >" + ShellQuote.quote(aside + "/" + name);
    }

    /** Checks a bundle and puts it in place; answers {@code ok}. */
    static String endInstall(String nonce, WorkerBundle bundle, String aside) {
        return head(nonce)
                + ShellTemplate.fill(
                        INSTALL,
                        Map.of(
                                "BUNDLE", BundleId.of(bundle),
                                "STEP", "end",
                                "ASIDE", ShellQuote.quote(aside),
                                "SUMS", ShellQuote.quote(BundleId.sums(bundle)),
                                "JARS", jarNames(bundle)));
    }

    /** Tells about a machine; see {@link ProbeReport}. */
    static String probe(Machine machine, List<String> javaPlaces) {
        return probe(machine, javaPlaces, "");
    }

    /** The same, with what the kernel tells found below another directory than {@code /}. */
    static String probe(Machine machine, List<String> javaPlaces, String root) {
        return ShellTemplate.fill(
                JAVA + PROBE,
                Map.of(
                        "ROOT", ShellQuote.quote(root),
                        "JAVA", javaSetting(machine),
                        "PLACES", places(javaPlaces),
                        "WORKDIR", ShellQuote.path(machine.workDir())));
    }

    /** Removes refs and, if it is still that one's, the lock. */
    static String tidy(Machine machine, Optional<String> workDir, String holder, List<String> refs) {
        StringBuilder script =
                new StringBuilder("cd " + ShellQuote.path(workDir.orElse(machine.workDir())) + " || exit 0\n");
        for (String ref : refs) {
            script.append("git update-ref -d ").append(ShellQuote.quote(ref)).append('\n');
        }
        return script.append("pid= since=\n[ ! -r .lock.buildboss ] || read -r stamp pid since rest <.lock.buildboss\n")
                .append("[ \"$pid:$since\" != ")
                .append(ShellQuote.quote(holder))
                .append(" ] || [ \"$(cat .lock 2>/dev/null)\" != \"$stamp\" ] || rm -f .lock .lock.buildboss\n")
                .toString();
    }

    /** Takes a push on standard input and output. */
    static String receivePack(Machine machine, Optional<String> workDir) {
        return "cd " + ShellQuote.path(workDir.orElse(machine.workDir())) + " && exec git receive-pack .";
    }

    /** A script as one command for whatever login shell there is. */
    static String command(String script) {
        return "exec sh -c " + ShellQuote.quote(script);
    }

    /** A script with its arguments, each of them one word there. */
    static String command(ShellTask task) {
        return command(task.script()) + " sh " + ShellQuote.quote(task.arguments());
    }

    private static String workDir(Machine machine, Optional<String> workDir, Lock lock) {
        return ShellTemplate.fill(
                WORKDIR,
                Map.of(
                        "WORKDIR", ShellQuote.path(workDir.orElse(machine.workDir())),
                        "BOSS", ShellQuote.quote(lock.boss().text()),
                        "LOCKGRACE", String.valueOf(lock.grace().toSeconds()),
                        "LOCKAGE", String.valueOf(lock.age().toSeconds())));
    }

    /** Errors of the script's own commands go to standard output as noise: nobody reads stderr before the answer. */
    private static String head(String nonce) {
        return "exec 3>&2 2>&1\n"
                + "say() { printf '%s\\n' \"" + MARKER + " " + nonce + " $*\"; }\n"
                + "stop() { say \"$@\"; exit 97; }\n";
    }

    private static String jarNames(WorkerBundle bundle) {
        return ShellQuote.quote(
                bundle.jars().stream().map(WorkerBundle.Jar::name).toList());
    }

    /** Patterns as words of the script: quoted, but for what makes them patterns. */
    private static String places(List<String> patterns) {
        return patterns.stream().map(Scripts::pattern).collect(Collectors.joining(" "));
    }

    private static String pattern(String text) {
        boolean below = text.startsWith("~/");
        StringBuilder result = new StringBuilder(below ? "\"$HOME\"/" : "");
        StringBuilder plain = new StringBuilder();
        for (char c : (below ? text.substring(2) : text).toCharArray()) {
            if (c != '*' && c != '?') {
                plain.append(c);
                continue;
            }
            result.append(plain.isEmpty() ? "" : ShellQuote.quote(plain.toString()))
                    .append(c);
            plain.setLength(0);
        }
        return result.append(plain.isEmpty() ? "" : ShellQuote.quote(plain.toString()))
                .toString();
    }

    private static String javaSetting(Machine machine) {
        return machine.java().map(Scripts::word).orElse("''");
    }

    private static String word(String word) {
        return word.startsWith("~/") ? ShellQuote.path(word) : ShellQuote.quote(word);
    }
}
