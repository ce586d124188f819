package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buildboss.BuildRequest;
import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.model.CellOutcome;
import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.NotBuilt;
import dev.buildboss.model.CellOutcome.Reason;
import dev.buildboss.model.Commit;
import dev.buildboss.protocol.Response;
import dev.buildboss.results.ResultLayout;
import dev.buildboss.results.ResultStore;
import dev.buildboss.testing.FakeFleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine's failure is not taken for the source's, whoever says so; and what has no verdict leaves no files. */
class CellFilesTest {

    private static final Cell CELL = new Cell("one", 0);
    private static final String KILLED = "cc1: fatal error: Killed signal terminated program cc1\n";

    @TempDir
    Path temp;

    private ResultStore store;
    private CellFiles files;

    @BeforeEach
    void open() {
        BuildRequest request = BuildRequest.of(
                Path.of("/nowhere/.git"),
                List.of(Board.of("one", "arm")),
                List.of(new Commit("a".repeat(40), "first")),
                temp.resolve("out"));
        store = ResultStore.open(request, 1 << 20);
        files = new CellFiles(store, Optional.of("m1"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void takesNoVerdictFromAnExistingWorkerWhoseCompilerWasKilled() throws IOException {
        files.judged(false);

        CellOutcome outcome = finish(2, KILLED);

        assertThat(((NotBuilt) outcome).reason()).isEqualTo(Reason.INFRASTRUCTURE);
        assertThat(((NotBuilt) outcome).detail()).contains("Killed signal");
        assertThat(store.cellDir(CELL)).doesNotExist();
    }

    @Test
    void namesTheMachineWhoseDiskIsFull() throws IOException {
        files.judged(false);

        CellOutcome outcome = finish(2, "cc1: fatal error: opening a.o: No space left on device\n");

        assertThat(outcome).isEqualTo(new NotBuilt(Reason.DISK_FULL, "no space left on m1"));
    }

    @Test
    void believesAWorkerThatTellsTheTwoApartItself() throws IOException {
        files.judged(true);

        assertThat(finish(2, KILLED)).isInstanceOf(Built.class);
    }

    @Test
    void aGoodBuildIsGoodWhateverItsWarningsSay() throws IOException {
        files.judged(false);

        assertThat(finish(0, KILLED)).isInstanceOf(Built.class);
    }

    @Test
    void anInterruptedMakeKeepsItsWordsAndIsBuiltAgain() throws IOException {
        files.judged(false);

        CellOutcome outcome = finish(2, "make: wait: No child processes.  Stop.\n");

        assertThat(((NotBuilt) outcome).reason()).isEqualTo(Reason.INFRASTRUCTURE);
        assertThat(store.cellDir(CELL).resolve("done")).hasContent("-1");
        assertThat(store.previous()).isEmpty();
    }

    /** The run has ended then, and tells what is open as not built. */
    @Test
    void storesNothingMoreOnceAResultCouldNotBeStored() throws IOException {
        Path staging = temp.resolve("out").resolve(ResultLayout.WORK_DIR).resolve("staging");
        Files.delete(staging);
        assertThatThrownBy(() -> finish(0, "")).isInstanceOf(IOException.class);
        Files.createDirectory(staging); // as where what is removed of one result leaves room for the next

        assertThatThrownBy(() -> finish(0, "")).hasMessageStartingWith("no result is stored any more: ");

        assertThat(store.cellDir(CELL)).doesNotExist();
    }

    @Test
    void dropsThePiecesOfACellWithoutAVerdict() throws IOException {
        files.piece(CELL, new Response.Artefact("one", 0, "log", ByteString.fromString("half"), true));
        files.judged(false);

        finish(2, KILLED);

        assertThat(temp.resolve("out")).isDirectoryNotContaining("glob:**/one");
        files.discardAll();
        store.close();
        assertThat(temp.resolve("out").toFile().list())
                .as("nothing but the lock is left")
                .allMatch(name -> name.startsWith("."));
    }

    private CellOutcome finish(int code, String stderr) throws IOException {
        return files.finish(CELL, FakeFleet.Worker.resultOf("one", 0, code, stderr), Optional.empty());
    }
}
