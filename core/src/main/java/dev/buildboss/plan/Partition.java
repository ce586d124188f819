package dev.buildboss.plan;

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
            double total = piece.board.waiting.total();
            double others = longestBut(late, piece);
            double without = Math.max((late.work - total) / late.capacity, others);
            if (without >= best) {
                continue;
            }
            for (Seat seat : fleet.seats) {
                if (seat != late && mayGo(piece, seat)) {
                    double worst = Math.max(without, seat.endWith(seat.work + total, seat.chain(piece.board.waiting)));
                    if (worst < best) {
                        best = worst;
                        moved = piece;
                        target = seat;
                        swapped = null;
                    }
                }
            }
            for (Piece other : pieces) {
                double otherTotal = other.board.waiting.total();
                if (other.seat != late && otherTotal < total && mayGo(piece, other.seat) && mayGo(other, late)) {
                    double worst = Math.max(
                            (late.work - total + otherTotal) / late.capacity,
                            other.seat.endWith(
                                    other.seat.work + total - otherTotal, other.seat.chain(piece.board.waiting)));
                    worst = Math.max(Math.max(worst, others), late.chain(other.board.waiting));
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
