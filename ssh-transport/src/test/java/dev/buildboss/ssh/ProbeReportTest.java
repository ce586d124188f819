package dev.buildboss.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.spi.MachineFacts;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProbeReportTest {

    private static MachineFacts facts(String... lines) {
        return ProbeReport.parse(
                        "BUILDBOSS-PROBE " + String.join("\nBUILDBOSS-PROBE ", lines) + "\nBUILDBOSS-PROBE end\n")
                .orElseThrow()
                .facts();
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

        MachineFacts facts = ProbeReport.parse(output).orElseThrow().facts();

        assertThat(facts.versions().get("make")).isEqualTo("?");
        assertThat(facts.versions().get("git")).hasSizeLessThan(50);
    }

    @Test
    void isNoReportWhenItWasCutShort() {
        assertThat(ProbeReport.parse("BUILDBOSS-PROBE threads 4\n")).isEmpty();
        assertThat(ProbeReport.parse("")).isEmpty();
    }
}
