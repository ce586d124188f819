package dev.buildboss.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.spi.MachineFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProbeReportTest {

    private static final Instant ASKED = Instant.ofEpochSecond(1_700_000_000);
    private static final Instant ANSWERED = ASKED.plusMillis(400);

    private static MachineFacts facts(String... lines) {
        return ProbeReport.parse(
                        "BUILDBOSS-PROBE " + String.join("\nBUILDBOSS-PROBE ", lines) + "\nBUILDBOSS-PROBE end\n")
                .orElseThrow()
                .facts(ASKED, ANSWERED);
    }

    @Test
    void readsAWholeReport() {
        MachineFacts facts = facts(
                "arch x86_64",
                "system Linux",
                "cpus 4",
                "threads 8",
                "cpumax max 100000",
                "bogomips 5187.80",
                "load 0.42 0.30 0.20 1/234 5678",
                "memory 2097152 kB",
                "disk /dev/sda1 100000000 50000000 52428800 50% /",
                "java 21",
                "version git git version 2.39.5",
                "version make GNU Make 4.3",
                "version dtc Version: DTC 1.6.1-g183df9e9",
                "version swig SWIG Version 4.1.0",
                "version python3 Python 3.11.2");

        assertThat(facts.arch()).isEqualTo("x86_64");
        assertThat(facts.cpus()).isEqualTo(4);
        assertThat(facts.threads()).isEqualTo(8);
        assertThat(facts.bogomips()).isEqualTo(5187.80);
        assertThat(facts.load()).isEqualTo(0.42);
        assertThat(facts.memoryMib()).isEqualTo(2048);
        assertThat(facts.diskMib()).isEqualTo(51200);
        assertThat(facts.javaMajor()).hasValue(21);
        assertThat(facts.versions())
                .isEqualTo(
                        Map.of("git", "2.39.5", "make", "4.3", "dtc", "1.6.1", "swig", "4.1.0", "python3", "3.11.2"));
    }

    @Test
    void countsTheShareOfAControlGroup() {
        assertThat(facts("threads 16", "cpumax 250000 100000").threads()).isEqualTo(3);
        assertThat(facts("threads 2", "cpumax 800000 100000").threads()).isEqualTo(2);
        assertThat(facts("threads 2", "cpumax junk").threads()).isEqualTo(2);
    }

    @Test
    void takesTheStrictestOfTheControlGroups() {
        MachineFacts facts = facts(
                "threads 16",
                "online 64",
                "memory 33554432 kB",
                "total 67108864 kB",
                "cpumax 600000 100000",
                "cpumax 250000 100000",
                "cpumax max 100000",
                "memorymax 4294967296 3221225472 1073741824",
                "memorymax 9223372036854771712 5004828672 1708396544");

        assertThat(facts.threads()).isEqualTo(3);
        assertThat(facts.hostThreads()).isEqualTo(64);
        assertThat(facts.cpus()).as("what the host's load is compared with").isEqualTo(64);
        assertThat(facts.totalMemoryMib()).isEqualTo(4096);
        assertThat(facts.memoryMib()).isEqualTo(2048);
    }

    @Test
    void tellsAFullDiskAndAFullGroupFromUnknownOnes() {
        MachineFacts facts = facts(
                "disk /dev/sda1 100000000 100000000 0 100% /", "memory 33554432 kB", "memorymax 1048576 1048576 0");

        assertThat(facts.diskMib()).isEqualTo(1);
        assertThat(facts.memoryMib()).isEqualTo(1);
    }

    @Test
    void comparesClocksAgainstTheTimeOnTheWay() {
        MachineFacts.Clock clock = facts("clock 1700000042.100000000", "clockend 1700000042.200000000")
                .clock()
                .orElseThrow();

        assertThat(clock.ahead()).isEqualTo(Duration.ofMillis(41_950));
        assertThat(clock.roundTrip()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void widensTheDoubtForAClockOfWholeSeconds() {
        MachineFacts.Clock clock =
                facts("clock 1700000000.%N", "clockend 1700000000.").clock().orElseThrow();

        assertThat(clock.ahead()).isEqualTo(Duration.ofMillis(300));
        assertThat(clock.roundTrip()).isEqualTo(Duration.ofMillis(1400));
        assertThat(facts("clock", "clockend 17").clock()).isEmpty();
    }

    @Test
    void takesWhatIsMissingOrOddForNothing() {
        MachineFacts facts =
                facts("cpus", "threads x", "load NaN", "memory -5 kB", "disk a b", "bogomips 1e999", "java");

        assertThat(facts.threads()).isZero();
        assertThat(facts.cpus()).isZero();
        assertThat(facts.load()).isZero();
        assertThat(facts.bogomips()).isZero();
        assertThat(facts.memoryMib()).isZero();
        assertThat(facts.diskMib()).isZero();
        assertThat(facts.javaMajor()).isEmpty();
        assertThat(facts.versions()).isEmpty();
    }

    @Test
    void takesThreadsForCoresWhereTheKernelNamesNoCores() {
        assertThat(facts("threads 4", "cpus 0").cpus()).isEqualTo(4);
    }

    @Test
    void skipsBannersAndBoundsVersions() {
        String output = "Welcome!\r\nBUILDBOSS-PROBE version make nonsense\r\nBUILDBOSS-PROBE version git "
                + "1.".repeat(500) + "\nBUILDBOSS-PROBE end";

        MachineFacts facts = ProbeReport.parse(output).orElseThrow().facts(ASKED, ANSWERED);

        assertThat(facts.versions().get("make")).isEqualTo("?");
        assertThat(facts.versions().get("git")).hasSizeLessThan(50);
    }

    @Test
    void isNoReportWhenItWasCutShort() {
        assertThat(ProbeReport.parse("BUILDBOSS-PROBE threads 4\n")).isEmpty();
        assertThat(ProbeReport.parse("")).isEmpty();
    }
}
