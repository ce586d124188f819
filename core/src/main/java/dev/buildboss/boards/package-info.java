/** Lists of boards and choosing from them: {@link dev.buildboss.boards.BoardList} is the way in. */
@NullMarked
package dev.buildboss.boards;

import org.jspecify.annotations.NullMarked;
