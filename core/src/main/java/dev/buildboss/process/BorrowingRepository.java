package dev.buildboss.process;

import dev.buildboss.spi.PushReport;
import dev.buildboss.spi.SourcePush;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A git repository that has no objects of its own: it borrows another's by {@code objects/info/alternates}. Made of a few files
 * (gitrepository-layout(5)), so that no program is needed for it.
 */
final class BorrowingRepository {

    private BorrowingRepository() {}

    /** Makes an empty repository, unless one is there. */
    static void create(Path gitDir) throws IOException {
        if (Files.isRegularFile(gitDir.resolve("HEAD"))) {
            return;
        }
        Files.createDirectories(gitDir.resolve("objects/info"));
        Files.createDirectories(gitDir.resolve("objects/pack"));
        Files.createDirectories(gitDir.resolve("refs/heads"));
        boolean bare = !gitDir.endsWith(".git");
        Files.writeString(
                gitDir.resolve("config"),
                "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = " + bare
                        + "\n\tlogallrefupdates = false\n[gc]\n\tauto = 0\n");
        replace(gitDir.resolve("HEAD"), "ref: refs/heads/work\n");
    }

    /** Makes the source's commits available, and says how long that took. */
    static PushReport push(Path gitDir, SourcePush push) throws IOException {
        long begun = System.nanoTime();
        borrow(gitDir, push);
        return new PushReport(1, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }

    /** Makes the source's commits available, and lets {@code refs/heads/work} name the last of them. */
    static void borrow(Path gitDir, SourcePush push) throws IOException {
        Path objects = push.gitDir().resolve("objects").toRealPath();
        replace(gitDir.resolve("objects/info/alternates"), String.join("\n", lenders(objects)) + "\n");
        Path shallow = push.gitDir().resolve("shallow");
        if (Files.isRegularFile(shallow, LinkOption.NOFOLLOW_LINKS)) {
            Files.copy(shallow, gitDir.resolve("shallow"), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.deleteIfExists(gitDir.resolve("shallow"));
        }
        String last = push.commits().get(push.commits().size() - 1);
        replace(gitDir.resolve("refs/heads/work"), last + "\n");
    }

    /** Where the objects are: there, and where that one borrows itself; git follows relative paths one step only. */
    private static List<String> lenders(Path objects) throws IOException {
        List<String> result = new ArrayList<>(List.of(objects.toString()));
        Path others = objects.resolve("info/alternates");
        if (Files.isRegularFile(others)) {
            for (String line : Files.readAllLines(others)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    result.add(objects.resolve(line).normalize().toString());
                }
            }
        }
        return result;
    }

    private static void replace(Path file, String text) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(aside, text);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
