package dev.buildboss.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Machine;
import dev.buildboss.spi.MachineFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The probe's script in every POSIX shell that there is here, on what kernels of other machines would say. */
@Tag("process")
class ProbeScriptTest {

    private static final String SEARCH_PATH = "/usr/local/bin:/usr/bin:/bin";

    @TempDir
    Path dir;

    private static Stream<List<String>> shells() {
        return Stream.of(List.of("sh"), List.of("dash"), List.of("busybox", "sh"), List.of("bash", "--posix"))
                .filter(shell -> Stream.of(SEARCH_PATH.split(":", -1))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, shell.get(0)))));
    }

    private void file(String name, String text) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
    }

    /** A program of the machine, found before those of this computer. */
    private void program(String name, String script) throws IOException {
        file("bin/" + name, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(dir.resolve("bin/" + name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void host() throws IOException {
        file(
                "root/proc/cpuinfo",
                "processor\t: 0\nphysical id\t: 0\ncore id\t: 0\nbogomips\t: 4000.50\n\n".repeat(1)
                        + "processor\t: 1\nphysical id\t: 0\ncore id\t: 0\nbogomips\t: 4000.50\n\n"
                        + "processor\t: 2\nphysical id\t: 0\ncore id\t: 1\nbogomips\t: 4000.50\n\n"
                        + "processor\t: 3\nphysical id\t: 0\ncore id\t: 1\nbogomips\t: 4000.50\n");
        file("root/proc/loadavg", "1.50 1.00 0.50 1/100 4242\n");
        file("root/proc/meminfo", "MemTotal:       8388608 kB\nMemFree: 1 kB\nMemAvailable:   4194304 kB\n");
        program("git", "echo git version 2.30.2");
        program("swig", "printf '\\nSWIG Version 4.0.2\\n\\nCompiled with g++\\n'");
        program("dtc", "echo 'Version: DTC 1.6.0-g3b01518e'");
    }

    private MachineFacts probe(List<String> shell) throws Exception {
        return probe(shell, "no-such-java");
    }

    private MachineFacts probe(List<String> shell, String java) throws Exception {
        Files.createDirectories(dir.resolve("home"));
        Machine machine = new Machine("m1", "m1", 0, "~/dev/work it", Optional.of(java), List.of());
        List<String> argv = new ArrayList<>(shell);
        argv.add("-c");
        // A function, as busybox has a program of its own that comes before those of the search path.
        argv.add("nproc() { echo 4; }\n"
                + Scripts.probe(machine, List.of(), dir.resolve("root").toString()));
        ProcessBuilder builder = new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().put("PATH", dir.resolve("bin") + ":" + SEARCH_PATH);
        builder.environment().put("HOME", dir.resolve("home").toString());
        Instant asked = Instant.now();
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(dir.resolve("home")).isEmptyDirectory();
        return ProbeReport.parse(output).orElseThrow().facts(asked, Instant.now());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void tellsWhatAHostIs(List<String> shell) throws Exception {
        host();

        MachineFacts facts = probe(shell);

        assertThat(facts.cpus()).isEqualTo(2);
        assertThat(facts.hostThreads()).isEqualTo(4);
        assertThat(facts.threads()).isEqualTo(4);
        assertThat(facts.bogomips()).isEqualTo(4000.5);
        assertThat(facts.load()).isEqualTo(1.5);
        assertThat(facts.memoryMib()).isEqualTo(4096);
        assertThat(facts.totalMemoryMib()).isEqualTo(8192);
        assertThat(facts.diskMib()).isPositive();
        assertThat(facts.javaMajor()).isEmpty();
        assertThat(facts.versions())
                .containsEntry("git", "2.30.2")
                .containsEntry("swig", "4.0.2")
                .containsEntry("dtc", "1.6.0")
                .containsKey("kernel");
        assertThat(facts.clock().orElseThrow().surelyOff()).isLessThan(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void tellsOfAJavaThatIsTooOld(List<String> shell) throws Exception {
        host();
        program("java11", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");

        assertThat(probe(shell, "java11").javaMajor()).hasValue(11);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void tellsTheLibraryThatProgramsAreLinkedWith(List<String> shell) throws Exception {
        host();
        program("ldd", "echo 'musl libc (x86_64)' >&2; exit 1");
        assertThat(probe(shell).libc()).isEqualTo("musl");

        program("ldd", "echo 'ldd (Debian GLIBC 2.36-9) 2.36'");
        assertThat(probe(shell).libc()).isEqualTo("gnu");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void seesTheLimitsOfAGroupAndOfThoseAboveIt(List<String> shell) throws Exception {
        host();
        file("root/proc/self/cgroup", "0::/user.slice/user-1000.slice/session-2.scope\n");
        file("root/sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
        file("root/sys/fs/cgroup/user.slice/cpu.max", "150000 100000\n");
        file("root/sys/fs/cgroup/user.slice/user-1000.slice/cpu.max", "max 100000\n");
        file("root/sys/fs/cgroup/user.slice/user-1000.slice/memory.max", "2147483648\n");
        file("root/sys/fs/cgroup/user.slice/user-1000.slice/memory.current", "1610612736\n");
        file("root/sys/fs/cgroup/user.slice/user-1000.slice/memory.stat", "anon 1\ninactive_file 536870912\n");
        file("root/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope/memory.max", "max\n");

        MachineFacts facts = probe(shell);

        assertThat(facts.threads()).isEqualTo(2);
        assertThat(facts.totalMemoryMib()).isEqualTo(2048);
        assertThat(facts.memoryMib()).isEqualTo(1024);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void seesTheLimitsOfAContainerThatNamesItsGroupByTheHostsPath(List<String> shell) throws Exception {
        host();
        file("root/proc/self/cgroup", "0::/docker/4242\n");
        file("root/sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
        file("root/sys/fs/cgroup/cpu.max", "50000 100000\n");

        assertThat(probe(shell).threads()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void seesTheLimitsOfOldControlGroups(List<String> shell) throws Exception {
        host();
        file("root/proc/self/cgroup", "5:memory:/jobs\n3:cpu,cpuacct:/jobs/a\n2:cpuset:/\n1:name=systemd:/\n");
        file("root/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
        file("root/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
        file("root/sys/fs/cgroup/cpu/jobs/a/cpu.cfs_quota_us", "300000\n");
        file("root/sys/fs/cgroup/cpu/jobs/a/cpu.cfs_period_us", "100000\n");
        file("root/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        file("root/sys/fs/cgroup/memory/memory.usage_in_bytes", "4096\n");
        file("root/sys/fs/cgroup/memory/jobs/memory.limit_in_bytes", "1073741824\n");
        file("root/sys/fs/cgroup/memory/jobs/memory.usage_in_bytes", "805306368\n");
        file("root/sys/fs/cgroup/memory/jobs/memory.stat", "inactive_file 1\ntotal_inactive_file 268435456\n");

        MachineFacts facts = probe(shell);

        assertThat(facts.threads()).isEqualTo(3);
        assertThat(facts.totalMemoryMib()).isEqualTo(1024);
        assertThat(facts.memoryMib()).isEqualTo(512);
    }
}
