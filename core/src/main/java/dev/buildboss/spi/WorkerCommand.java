package dev.buildboss.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The command line of a worker of our own, for every transport that starts one.
 *
 * <p>The flags make a small JVM that is ready soon, and keep the JVM's own words off standard output, which is the protocol's: it
 * would print warnings about a class archive there before {@code main} begins.
 */
public final class WorkerCommand {

    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-Xlog:disable", "-Xlog:all=warning:stderr");

    /** Names the boss in a worker's arguments; a process that has it was started by one of ours. */
    public static final String BOSS = "--boss";

    private WorkerCommand() {}

    /**
     * Starts a worker.
     *
     * @param java the java program
     * @param classPath the bundle's jars where they are on that machine, separated by {@code :}
     * @param archive a class archive made by {@link #dumpArchive}; empty: none
     * @param errorFile where a JVM that crashes may write
     * @param launch how the worker is started
     * @param workDir its work directory there
     */
    public static List<String> start(
            String java,
            String classPath,
            Optional<String> archive,
            String errorFile,
            WorkerLaunch launch,
            String workDir) {
        List<String> argv = new ArrayList<>();
        argv.add(java);
        argv.addAll(FLAGS);
        argv.add("-XX:ErrorFile=" + errorFile);
        archive.ifPresent(file -> argv.addAll(List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + file)));
        argv.addAll(List.of("-cp", classPath, WorkerBundle.MAIN_CLASS));
        argv.addAll(arguments(launch, workDir));
        return argv;
    }

    /** The worker's own arguments. */
    public static List<String> arguments(WorkerLaunch launch, String workDir) {
        List<String> argv = new ArrayList<>(List.of("-g", workDir));
        launch.repository().ifPresent(repository -> argv.addAll(List.of("--repo", repository)));
        launch.boss().ifPresent(boss -> argv.addAll(List.of(BOSS, boss.text())));
        if (launch.debug()) {
            argv.add("-D");
        }
        for (Map.Entry<String, String> setting : new TreeMap<>(launch.settings()).entrySet()) {
            argv.addAll(List.of("--set", setting.getKey() + "=" + setting.getValue()));
        }
        return argv;
    }

    /**
     * Makes a class archive: a run of the worker that ends by itself; the archive is bound to these jars and that JVM. Its work
     * directory is one that isn't there, so that nothing is left where it is called: that may be the user's tree.
     */
    public static List<String> dumpArchive(String java, String classPath, String archive) {
        List<String> argv = new ArrayList<>();
        argv.add(java);
        argv.addAll(FLAGS);
        argv.addAll(List.of("-XX:ArchiveClassesAtExit=" + archive, "-cp", classPath, WorkerBundle.MAIN_CLASS));
        argv.addAll(List.of("--warm-up", "-g", archive + ".none"));
        return argv;
    }
}
