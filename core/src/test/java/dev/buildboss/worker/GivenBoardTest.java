package dev.buildboss.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Command.BoardSpec;
import dev.buildboss.protocol.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GivenBoardTest {

    private final List<Response> sent = Collections.synchronizedList(new ArrayList<>());
    private final GivenBoards boards = new GivenBoards(sent::add);

    private GivenBoard board(Integer... commits) {
        return boards.add(new BoardSpec("b", "arm", List.of(commits), List.of()));
    }

    @Test
    void givesBackWhatHasNotBegunAndNothingElse() {
        GivenBoard board = board(1, 2, 3);
        assertThat(board.begin(1)).isTrue();

        boards.on(new Command.TakeBack("b", List.of(1, 2, 7)));

        assertThat(sent).containsExactly(new Response.GivenBack("b", List.of(2)));
        assertThat(board.answers(1)).isTrue();
        assertThat(board.begin(2)).isFalse();
        assertThat(board.answers(2)).isFalse();
        assertThat(board.begin(3)).isTrue();
    }

    @Test
    void aWholeBoardIsGivenBackAsFarAsItIsAskedFor() {
        GivenBoard board = board();
        assertThat(board.begin(0)).isTrue();

        boards.on(new Command.TakeBack("b", List.of(0, 1)));

        assertThat(sent).containsExactly(new Response.GivenBack("b", List.of(1)));
    }

    @Test
    void ofABoardThatIsNotThereNothingIsGivenBack() {
        boards.on(new Command.TakeBack("b", List.of(0)));
        boards.on(new Command.Cancel("b", 0));

        assertThat(sent).containsExactly(new Response.GivenBack("b", List.of()));
    }

    @Test
    void aCellThatIsBuiltIsEndedAndGivenBackWhenItsBuildHasEnded() {
        GivenBoard board = board();
        board.begin(0);

        boards.on(new Command.Cancel("b", 0));

        assertThat(board.ending().isGiven()).isTrue();
        assertThat(sent).isEmpty();
        assertThat(board.answers(0)).isFalse();
        assertThat(sent).containsExactly(new Response.GivenBack("b", List.of(0)));
        assertThat(board.begin(1)).isTrue();
        assertThat(board.ending().isGiven()).isFalse();
    }

    @Test
    void aCellWhoseResultIsOnItsWayIsNotGivenBack() {
        GivenBoard board = board();
        board.begin(0);
        assertThat(board.answers(0)).isTrue();

        boards.on(new Command.Cancel("b", 0));

        assertThat(sent).containsExactly(new Response.GivenBack("b", List.of()));
        assertThat(board.answers(0)).as("the worker fails while it sends").isTrue();
    }

    @Test
    void aCellThatWasCancelledBeforeItBeganIsGivenBackAtOnce() {
        GivenBoard board = board();

        boards.on(new Command.Cancel("b", 4));

        assertThat(sent).containsExactly(new Response.GivenBack("b", List.of(4)));
        assertThat(board.begin(4)).isFalse();
    }

    /** Whatever comes first: an answer or its being given back, never both and never neither. */
    @Test
    void everyCommitIsEitherAnsweredOrGivenBack() throws Exception {
        for (int round = 0; round < 300; round++) {
            sent.clear();
            GivenBoard board = board();
            List<Integer> answered = new ArrayList<>();
            CyclicBarrier start = new CyclicBarrier(2);
            Thread builder = new Thread(() -> {
                await(start);
                for (int commit = 0; commit < 20; commit++) {
                    if (board.begin(commit) && board.answers(commit)) {
                        answered.add(commit);
                    }
                }
            });
            builder.start();
            await(start);
            int from = ThreadLocalRandom.current().nextInt(20);
            boards.on(
                    new Command.TakeBack("b", IntStream.range(from, 20).boxed().toList()));
            boards.on(new Command.Cancel("b", ThreadLocalRandom.current().nextInt(20)));
            builder.join();

            List<Integer> all = new ArrayList<>(answered);
            sent.forEach(response -> all.addAll(((Response.GivenBack) response).commits()));
            assertThat(all)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 20).boxed().toList());
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
