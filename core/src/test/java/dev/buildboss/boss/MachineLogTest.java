package dev.buildboss.boss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineLogTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path dir;

    @Test
    void marksWhatWasSentReceivedAndWrong() throws Exception {
        try (MachineLog log = open(100_000, false)) {
            log.sent("{\"cmd\":\"quit\"}\n".getBytes(UTF_8));
            log.received("BM> {\"resp\":\"quit_ack\"}".getBytes(UTF_8));
            log.trouble("the connection closed");
        }

        assertThat(text().lines().skip(1).map(line -> line.substring(line.indexOf(' '))))
                .containsExactly(
                        " >> {\"cmd\":\"quit\"}", " << BM> {\"resp\":\"quit_ack\"}", " !! the connection closed");
    }

    @Test
    void cutsLongLinesAndPiecesOfFilesShorter() throws Exception {
        try (MachineLog log = open(100_000, false)) {
            log.received("x".repeat(5000).getBytes(UTF_8));
            log.received(("BM> {\"resp\":\"artefact\",\"data\":\"" + "x".repeat(5000)).getBytes(UTF_8));
        }

        assertThat(text().lines().skip(1).map(String::length)).allMatch(length -> length < 1100);
        assertThat(text().lines().skip(2).findFirst().orElseThrow()).hasSizeLessThan(200);
    }

    @Test
    void endsAtItsLimitAndSaysSo() throws Exception {
        try (MachineLog log = open(2000, false)) {
            for (int i = 0; i < 1000; i++) {
                log.sent("a line\n".getBytes(UTF_8));
            }
        }

        assertThat(text()).hasSizeLessThan(2200).endsWith("!! the log ends here: it reached its limit\n");
    }

    @Test
    void aFurtherConnectionGoesOnInTheSameFileAndANewRunDoesNot() throws Exception {
        log("first", false);
        log("second", true);
        assertThat(text()).contains("first").contains("second");

        log("third", false);
        assertThat(text()).contains("third").doesNotContain("first");
    }

    @Test
    void doesNotWriteThroughALink() throws Exception {
        Path precious = Files.writeString(dir.resolve("precious"), "mine");
        Files.createSymbolicLink(dir.resolve("worker-m.log"), precious);

        log("x", false);

        assertThat(precious).hasContent("mine");
    }

    private void log(String text, boolean again) {
        try (MachineLog log = open(100_000, again)) {
            log.trouble(text);
        }
    }

    private MachineLog open(long max, boolean again) {
        return MachineLog.open(dir, "m", NOON, max, again);
    }

    private String text() throws IOException {
        return Files.readString(dir.resolve("worker-m.log"));
    }
}
