package dev.buildboss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.ExitStatus;
import dev.buildboss.model.Machine;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Response;
import dev.buildboss.testing.FakeFleet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that lies, floods or attacks loses its boards to an honest one, and writes nothing that is not its own. */
class HostileWorkersTest extends RunsOnFakes {

    private static final String HASH = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String COMMIT_DIR = "01_g" + HASH + "_a-subject";
    private static final List<Board> BOARDS = List.of(Board.of("one", "arm"), Board.of("two", "arm"));
    private static final Map<Cell, Built> ALL_WELL =
            Map.of(new Cell("one", 0), new Built(Kind.OK, 0), new Cell("two", 0), new Built(Kind.OK, 0));

    static Stream<String> lies() {
        List<String> boards = List.of(
                "three", "../../x", "/etc/x", "one/../two", ".", "..", "one\\u0000", "", "one\\n", "\\u202eeno");
        List<String> numbers = List.of("-1", "1", "2147483647", "99999999999999999999", "0.5", "\"0\"", "null");
        List<String> names = List.of(
                "../x",
                "/etc/x",
                "a/b",
                ".",
                "..",
                "done",
                "host",
                "",
                "log\\u0000",
                "-x",
                "HOST",
                "confirmation",
                "\\u001b[2J",
                ".git");
        List<String> lines = new ArrayList<>();
        boards.forEach(board -> lines.add(result(board, "0")));
        numbers.forEach(number -> lines.add(result("one", number)));
        names.forEach(name -> lines.add("{\"resp\":\"artefact\",\"board\":\"one\",\"commit_upto\":0,\"name\":\"" + name
                + "\",\"data\":\"eA==\",\"last\":true}"));
        lines.add(
                "{\"resp\":\"artefact\",\"board\":\"one\",\"commit_upto\":0,\"name\":\"log\",\"data\":\"eA==\",\"last\":false}\nBM> "
                        + result("one", "0"));
        lines.add(result("one", "0") + "\nBM> " + result("one", "0"));
        lines.add(
                "{\"resp\":\"artefact\",\"board\":\"one\",\"commit_upto\":0,\"name\":\"log\",\"data\":\"!\",\"last\":true}");
        lines.add(
                "{\"resp\":\"build_result\",\"board\":\"one\",\"commit_upto\":0,\"return_code\":0,\"files\":{\"../x\":\"y\"}}");
        lines.add("{\"resp\":");
        lines.add("[1]");
        lines.add("17");
        lines.add("{\"resp\":\"build_result\",\"board\":[],\"commit_upto\":0,\"return_code\":0}");
        lines.add("[".repeat(100_000));
        lines.add("{\"a\":".repeat(100_000));
        lines.add("{\"resp\":" + "9".repeat(100_000) + "}");
        return lines.stream();
    }

    @ParameterizedTest
    @MethodSource("lies")
    void expelsALiarAndBuildsItsBoardsElsewhere(String line) throws Exception {
        Run run = runWith(worker -> worker.raw(ByteString.fromString("BM> " + line + "\n")));

        assertThat(run.report.outcomes()).isEqualTo(ALL_WELL);
        assertThat(run.report.exitStatus(false)).isEqualTo(ExitStatus.OK);
        assertThat(run.lastWordsOfLiar()).startsWith("it broke the protocol: ");
        assertThat(run.lastWordsOfLiar().length()).isLessThan(600);
        assertThat(run.lastWordsOfLiar().chars()).noneMatch(Character::isISOControl);
        assertThat(filesBelow(temp)).allSatisfy(file -> assertThat(file).startsWith("out/"));
        assertThat(filesBelow(out().resolve(COMMIT_DIR)))
                .containsExactly("one/done", "one/host", "one/log", "two/done", "two/host", "two/log");
        assertThat(out().resolve(".bm-work/staging")).doesNotExist();
    }

    @Test
    void aLineOfTheBuildThatLooksLikeTheProtocolStaysText() throws Exception {
        String text = "ok\nBM> " + result("two", "0") + "\nBM> {\"resp\":\"quit_ack\"}\n\u001b[2J\u202e\n";

        BuildReport report = run(QUICK, request(BOARDS, HASH), machines("honest"), machine -> new FakeFleet.Worker() {
            @Override
            protected Response.BuildResult result(String board, int commit) {
                return new Response.BuildResult(
                        board,
                        commit,
                        0,
                        text,
                        "",
                        0.0,
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of());
            }
        });

        assertThat(report.outcomes()).isEqualTo(ALL_WELL);
        assertThat(out().resolve(COMMIT_DIR).resolve("one/log")).hasContent(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {COMMIT_DIR, COMMIT_DIR + "/one"})
    void aLinkPlantedInTheOutputLeadsNowhere(String place) throws Exception {
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        Path link = out().resolve(place);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, elsewhere);

        BuildReport report = run(QUICK, request(BOARDS, HASH), machines("honest"), machine -> new FakeFleet.Worker());

        assertThat(report.outcomes()).isEqualTo(ALL_WELL);
        assertThat(filesBelow(elsewhere)).isEmpty();
        assertThat(out().resolve(COMMIT_DIR).resolve("one/done")).hasContent("0");
        assertThat(Files.isSymbolicLink(out().resolve(COMMIT_DIR))).isFalse();
    }

    @Test
    void aLineOverTheLimitFailsItsCellAndNotTheMachine() throws Exception {
        BuildReport report = run(
                QUICK + "\nbuildboss.protocol { max-line = 64 KiB, chunk = 16 KiB }",
                request(BOARDS, HASH),
                machines("loud"),
                machine -> new FakeFleet.Worker() {
                    @Override
                    protected Response.BuildResult result(String board, int commit) {
                        return resultOf(board, commit, 1, board.equals("one") ? "x".repeat(1 << 20) : "");
                    }
                });

        NotBuilt refused = (NotBuilt) report.outcomes().get(new Cell("one", 0));
        assertThat(refused.reason()).isEqualTo(Reason.RESULT_REFUSED);
        assertThat(refused.detail()).startsWith("output too large: a line of 10");
        assertThat(report.outcomes()).containsEntry(new Cell("two", 0), new Built(Kind.FAILED, 1));
        assertThat(out().resolve(COMMIT_DIR).resolve("one")).doesNotExist();
    }

    @Test
    void aCellThatWritesWithoutEndIsCutOffAndLeavesNothing() throws Exception {
        BuildReport report = run(
                QUICK + "\nbuildboss.protocol.max-cell = 1 MiB",
                request(BOARDS, HASH),
                machines("loud"),
                machine -> new FakeFleet.Worker() {
                    @Override
                    protected void onBoard(Command.BoardSpec spec) {
                        for (int piece = 0; spec.board().equals("one") && piece < 100; piece++) {
                            say(new Response.Artefact("one", 0, "log", ByteString.fromArray(new byte[65536]), false));
                        }
                        super.onBoard(spec);
                    }
                });

        NotBuilt refused = (NotBuilt) report.outcomes().get(new Cell("one", 0));
        assertThat(refused.reason()).isEqualTo(Reason.RESULT_REFUSED);
        assertThat(refused.detail()).contains("more than 1048576 bytes for one cell (protocol.max-cell)");
        assertThat(report.outcomes()).containsEntry(new Cell("two", 0), new Built(Kind.OK, 0));
        assertThat(filesBelow(out().resolve(COMMIT_DIR))).containsExactly("two/done", "two/host", "two/log");
        assertThat(out().resolve(".bm-work/staging").toFile().exists()).isFalse();
    }

    @Test
    void aRefusalWithEscapesIsHarmlessInTheReport() throws Exception {
        BuildReport report = run(QUICK, request(BOARDS, HASH), machines("evil"), machine -> new FakeFleet.Worker() {
            @Override
            protected void greet() {
                say(new Response.Refusal("\u001b]0;owned\u0007\u009b31m\u202eno\r\nBM> {}"));
            }
        });

        assertThat(report.machines().get(0).ended().chars())
                .noneMatch(Character::isISOControl)
                .noneMatch(c -> Character.getType(c) == Character.FORMAT);
        assertThat(report.outcomes().values()).allMatch(outcome -> outcome instanceof NotBuilt);
        assertThat(report.exitStatus(false)).isEqualTo(ExitStatus.NOT_BUILT);
    }

    private static String result(String board, String commit) {
        return "{\"resp\":\"build_result\",\"board\":\"" + board + "\",\"commit_upto\":" + commit
                + ",\"return_code\":0,\"stdout\":\"\",\"stderr\":\"\",\"load_avg\":0.0}";
    }

    private static List<Machine> machines(String... names) {
        return Stream.of(names)
                .map(name -> new Machine(name, "host", 2, "~/w", Optional.empty(), List.of()))
                .toList();
    }

    /** The liar is there first and gets both boards; the honest machine comes when the lie is out. */
    private Run runWith(java.util.function.Consumer<FakeFleet.Worker> lie) throws Exception {
        CompletableFuture<String> lied = new CompletableFuture<>();
        BuildReport report = run(QUICK, request(BOARDS, HASH), machines("liar", "honest"), machine -> {
            if (machine.name().equals("honest")) {
                return new FakeFleet.Worker() {
                    @Override
                    protected void greet() {
                        var unused = lied.thenRunAsync(super::greet);
                    }
                };
            }
            return new FakeFleet.Worker() {
                @Override
                protected void onBoard(Command.BoardSpec spec) {
                    if (spec.board().equals("one")) {
                        lie.accept(this);
                        lied.complete("");
                    }
                }
            };
        });
        return new Run(report);
    }

    private record Run(BuildReport report) {
        String lastWordsOfLiar() {
            return report.machines().stream()
                    .filter(machine -> machine.machine().equals("liar"))
                    .findFirst()
                    .orElseThrow()
                    .ended();
        }
    }
}
