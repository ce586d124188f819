package dev.buildboss.lock;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.model.Owner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who this process is, for the locks that it takes. */
public final class ThisProcess {

    /** Places in {@code /proc/PID/stat} after the name (proc(5)): the parent's id, and the start in ticks since boot. */
    private static final int PARENT = 1;

    private static final int STARTED = 19;

    private static final Pattern SPACE = Pattern.compile("pid:\\[(\\d+)]");

    /** The kernel's own number for the space of ids that is in no container (PROC_PID_INIT_INO of proc_ns.h). */
    private static final String OUTERMOST = "4026531836";

    private ThisProcess() {}

    /** This process, its user and its host. */
    public static Owner owner(Instant since) {
        return new Owner(
                System.getProperty("user.name", ""),
                host(),
                ProcessHandle.current().pid(),
                since);
    }

    /**
     * This host's own name, without asking any network service where the kernel tells it. In a container with process ids of its
     * own their space is added, as {@code name/4026532281}: the same id means another process outside of it.
     */
    public static String host() {
        String known = read("/proc/sys/kernel/hostname");
        if (!known.isEmpty()) {
            return known + container();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }

    private static String container() {
        try {
            Matcher space = SPACE.matcher(
                    Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString());
            return space.matches() && !space.group(1).equals(OUTERMOST) ? "/" + space.group(1) : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** When this process started, in the kernel's ticks since boot; with its id that names it for good. 0: not known. */
    public static long startTicks() {
        return stat("self", STARTED);
    }

    /** The same of another process of this host. 0: it is gone, or not known. */
    public static long startTicks(long pid) {
        return stat(Long.toString(pid), STARTED);
    }

    /** The process that this one hangs on; another one later means that the first is gone. 0: not known. */
    public static long parent() {
        return stat("self", PARENT);
    }

    private static long stat(String process, int place) {
        String text = read("/proc/" + process + "/stat");
        List<String> fields =
                List.of(text.substring(text.lastIndexOf(')') + 1).strip().split(" ", -1));
        try {
            return place < fields.size() ? Long.parseLong(fields.get(place)) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file), UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
