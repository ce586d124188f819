package dev.buildboss.plan;

import dev.buildboss.plan.Estimates.Work;
import dev.buildboss.plan.Fleet.Seat;
import java.util.List;
import java.util.Optional;

/** A few boards dealt out to a few machines, and made better by moves and swaps until the machine that ends last can't end sooner. */
final class Partition {

    private static final int MOST = 20_000;
    private static final int ROUNDS = 60;

    /** A board and where it goes. */
    static final class Piece {
        final BoardWork board;
        private Seat seat;
        private final boolean mayGoNow;

        Piece(BoardWork board, Seat seat, boolean mayGoNow) {
            this.board = board;
            this.seat = seat;
            this.mayGoNow = mayGoNow;
        }
    }

    private final Fleet fleet;
    private final List<Piece> pieces;

    Partition(Fleet fleet, List<Piece> pieces) {
        this.fleet = fleet;
        this.pieces = pieces;
    }

    /** Whether that many are few enough. */
    static boolean fits(int boards, int machines) {
        return machines > 1 && (long) boards * (boards + machines) <= MOST;
    }

    Partition improve() {
        for (int round = 0; round < ROUNDS && improveOnce(); round++) {
            // once more
        }
        return this;
    }

    private boolean improveOnce() {
        Seat late = fleet.seats.get(0);
        for (Seat seat : fleet.seats) {
            late = seat.end() > late.end() ? seat : late;
        }
        double best = late.end() * (1 - 1e-6);
        Piece moved = null;
        Seat target = late;
        Piece swapped = null;
        for (Piece piece : pieces) {
            if (piece.seat != late) {
                continue;
            }
            Work work = piece.board.waiting;
            double others = longestBut(late, piece);
            double without = Math.max(late.through(late.work - work.total(), late.serial - work.serial()), others);
            if (without >= best) {
                continue;
            }
            for (Seat seat : fleet.seats) {
                if (seat != late && mayGo(piece, seat)) {
                    double end = seat.endWith(seat.work + work.total(), seat.serial + work.serial(), seat.chain(work));
                    double worst = Math.max(without, end);
                    if (worst < best) {
                        best = worst;
                        moved = piece;
                        target = seat;
                        swapped = null;
                    }
                }
            }
            for (Piece other : pieces) {
                Work back = other.board.waiting;
                if (other.seat != late
                        && back.total() < work.total()
                        && mayGo(piece, other.seat)
                        && mayGo(other, late)) {
                    double worst = swapped(late, work, other.seat, back);
                    worst = Math.max(Math.max(worst, others), late.chain(back));
                    if (worst < best) {
                        best = worst;
                        moved = piece;
                        target = other.seat;
                        swapped = other;
                    }
                }
            }
        }
        if (moved == null) {
            return false;
        }
        move(moved, target);
        if (swapped != null) {
            move(swapped, late);
        }
        return true;
    }

    /** When both would be through that swap these boards, were it not for the boards of the first. */
    private static double swapped(Seat late, Work work, Seat other, Work back) {
        return Math.max(
                late.through(late.work - work.total() + back.total(), late.serial - work.serial() + back.serial()),
                other.endWith(
                        other.work + work.total() - back.total(),
                        other.serial + work.serial() - back.serial(),
                        other.chain(work)));
    }

    private double longestBut(Seat seat, Piece but) {
        double result = seat.longestOut;
        for (Piece piece : pieces) {
            if (piece != but && piece.seat == seat) {
                result = Math.max(result, seat.chain(piece.board.waiting));
            }
        }
        return result;
    }

    private static boolean mayGo(Piece piece, Seat seat) {
        return seat.worker.mayStillBuild(piece.board) && !seat.worker.holds(piece.board);
    }

    private void move(Piece piece, Seat to) {
        Seat from = piece.seat;
        piece.seat = to;
        from.work -= piece.board.waiting.total();
        from.serial -= piece.board.waiting.serial();
        from.longest = longestBut(from, piece);
        to.take(piece.board.waiting);
    }

    /** The first of what falls to that machine and may go there now. */
    Optional<BoardWork> firstOf(Seat seat) {
        return pieces.stream()
                .filter(piece -> piece.seat == seat && piece.mayGoNow)
                .map(piece -> piece.board)
                .findFirst();
    }
}
