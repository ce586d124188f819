package dev.buildboss.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buildboss.spi.SourcePush;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BorrowingRepositoryTest {

    @TempDir
    Path temp;

    @Test
    void borrowsWhereItsSourceBorrows() throws IOException {
        Path reference = Files.createDirectories(temp.resolve("reference/objects"));
        Path source = Files.createDirectories(temp.resolve("source/.git/objects/info"));
        Files.writeString(source.resolve("alternates"), "# a clone --shared\n../../../reference/objects\n/absolute\n");
        Path own = temp.resolve("own.git");

        BorrowingRepository.create(own);
        BorrowingRepository.borrow(own, new SourcePush(temp.resolve("source/.git"), List.of("a".repeat(40))));

        assertThat(Files.readAllLines(own.resolve("objects/info/alternates")))
                .containsExactly(
                        temp.resolve("source/.git/objects").toRealPath().toString(),
                        reference.toRealPath().toString(),
                        "/absolute");
    }
}
