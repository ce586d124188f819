package dev.buildboss.boss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.model.Board;
import dev.buildboss.model.Cell;
import dev.buildboss.plan.Fitness;
import dev.buildboss.plan.Grant;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineFacts;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LeaseBookTest {

    private static final Settings.Probe LIMITS = Settings.defaults().probe();

    @Test
    void takesEachCommitOfALeaseOnceAndClosesWithTheLast() {
        LeaseBook book = book(3, true);
        Grant grant = grant("a", 0, 2);
        book.lease(grant);

        assertThat(book.check("a", 0)).isEqualTo(new LeaseBook.Expected(grant, new Cell("a", 0)));
        assertThat(book.answered("a", 0)).isEmpty();
        assertThat(book.check("a", 0)).isInstanceOf(LeaseBook.Foreign.class);
        assertThat(book.answered("a", 2)).contains(grant);
        assertThat(book.grant("a")).isEmpty();
    }

    @Test
    void refusesBoardsAndCommitsThatWereNotLeased() {
        LeaseBook book = book(3, true);
        book.lease(grant("a", 0, 2));

        assertThat(book.check("b", 0)).isInstanceOf(LeaseBook.Foreign.class);
        assertThat(book.check("a", 1)).isInstanceOf(LeaseBook.Foreign.class);
        assertThat(book.check("a", 3)).isInstanceOf(LeaseBook.Foreign.class);
        assertThat(book.check("a", -1)).isInstanceOf(LeaseBook.Foreign.class);
        assertThat(((LeaseBook.Foreign) book.check("x\u001b[2J", 0)).reason()).doesNotContain("\u001b");
    }

    @Test
    void aWorkerThatCannotSelectBuildsAllAndWhatNobodyAskedForIsPassedOver() {
        LeaseBook book = book(3, false);
        Grant grant = grant("a", 1);
        book.lease(grant);

        assertThat(book.check("a", 0)).isInstanceOf(LeaseBook.PassedOver.class);
        book.answered("a", 0);
        assertThat(book.check("a", 1)).isInstanceOf(LeaseBook.Expected.class);
        book.answered("a", 1);
        assertThat(book.grant("a")).isPresent();
        assertThat(book.answered("a", 2)).contains(grant);
    }

    @Test
    void whatStillComesOfARefusedCellIsPassedOver() {
        LeaseBook book = book(2, true);
        book.lease(grant("a", 0, 1));

        book.refuse("a", 0);

        assertThat(book.check("a", 0)).isInstanceOf(LeaseBook.PassedOver.class);
        book.answered("a", 0);
        assertThat(book.check("a", 1)).isInstanceOf(LeaseBook.Expected.class);
    }

    @Test
    void fitnessNamesFigureAndThreshold() {
        assertThat(Fitness.unfit(facts(4, 4.8, 8000, 50_000), LIMITS))
                .contains("busy: load/cpus 1.20 > 0.8 (probe.max-load)");
        assertThat(Fitness.unfit(facts(4, 1, 400, 50_000), LIMITS).orElseThrow())
                .contains("400 MiB")
                .contains("512 MiB");
        assertThat(Fitness.unfit(facts(4, 1, 8000, 999), LIMITS).orElseThrow())
                .contains("999 MiB")
                .contains("1000 MiB");
        assertThat(Fitness.unfit(facts(4, 3.2, 512, 1000), LIMITS)).isEmpty();
        assertThat(Fitness.unfit(facts(0, 0, 0, 0), LIMITS)).isEmpty();
    }

    private static LeaseBook book(int commits, boolean selects) {
        LeaseBook book = new LeaseBook(commits);
        book.selects(selects);
        return book;
    }

    private static MachineFacts facts(int cpus, double load, long memory, long disk) {
        return new MachineFacts("x86_64", cpus, cpus * 2, 5000, load, memory, disk, OptionalInt.of(17), Map.of());
    }

    private static Grant grant(String board, Integer... commits) {
        return new Grant(1, "w", Board.of(board, "arm"), List.of(commits));
    }
}
