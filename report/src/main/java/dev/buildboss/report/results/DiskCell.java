package dev.buildboss.report.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.buildboss.model.CellOutcome.Built;
import dev.buildboss.model.CellOutcome.Kind;
import dev.buildboss.model.Confirmation;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one cell's directory. Expects anything of it; what is wrong becomes words. */
final class DiskCell {

    /** More than any number takes. */
    private static final int MAX_DONE = 16;

    private static final int MAX_SMALL = 64 * 1024;
    private static final int MAX_IMAGES = 100;
    /** What {@code done} says of a build that was interrupted. */
    private static final int AGAIN = -1;

    private final String dir;
    private final DiagnosticPool pool;
    private final List<String> damage = new ArrayList<>();

    private DiskCell(String dir, DiagnosticPool pool) {
        this.dir = dir;
        this.pool = pool;
    }

    /** What is there; {@link CellReport#MISSING} if there is no such directory. */
    static CellReport read(String dir, DiagnosticPool pool) {
        return new DiskCell(dir, pool).read();
    }

    private CellReport read() {
        // Plain java.io: with fifty thousand cells, half of the time of java.nio's calls for the same.
        if (!new File(dir).isDirectory()) {
            return CellReport.MISSING;
        }
        byte[] err = bytes("err", pool.limits().maxText());
        // Whether it warns can't be told then; that it fails can.
        boolean isErrRead = err.length > 0 || damage.isEmpty();
        Optional<Built> outcome = outcome(err.length > 0).filter(b -> isErrRead || b.kind() == Kind.FAILED);
        if (outcome.isEmpty() && damage.isEmpty()) {
            return CellReport.MISSING;
        }
        List<Diagnostic> diagnostics = pool.diagnostics(err, damage);
        List<ImageSize> sizes = sizes();
        String machine = new String(bytes("host", MAX_SMALL), UTF_8).strip();
        return new CellReport(outcome, diagnostics, sizes, pool.name(machine), confirmation(), damage);
    }

    private Optional<Built> outcome(boolean hasErrorText) {
        File done = new File(dir, "done");
        if (!done.exists()) {
            return Optional.empty(); // being built, or never ended
        }
        String text = new String(bytes("done", MAX_DONE + 1L), UTF_8).strip();
        if (text.isEmpty()) {
            damage.add("done is empty");
            return Optional.empty();
        }
        try {
            int code = Integer.parseInt(text);
            return code == AGAIN ? Optional.empty() : Optional.of(Built.of(code, hasErrorText));
        } catch (NumberFormatException e) {
            damage.add("done holds no number");
            return Optional.empty();
        }
    }

    private Optional<Confirmation> confirmation() {
        byte[] bytes = bytes(Confirmation.FILE, Confirmation.MAX_FILE);
        Optional<Confirmation> known = Confirmation.parse(new String(bytes, UTF_8));
        if (bytes.length > 0 && known.isEmpty()) {
            damage.add(Confirmation.FILE + " says nothing that is known");
        }
        return known;
    }

    private List<ImageSize> sizes() {
        String text = new String(bytes("sizes", MAX_SMALL), UTF_8);
        List<ImageSize> sizes = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (line.isBlank() || sizes.size() >= MAX_IMAGES) {
                continue;
            }
            Optional<ImageSize> size = ImageSize.parse(line);
            if (size.isPresent()) {
                sizes.add(pool.size(size.get()));
            } else {
                if (!damage.contains("sizes has a line that is none")) {
                    damage.add("sizes has a line that is none");
                }
            }
        }
        return pool.sizes(sizes);
    }

    /** The beginning of a file; nothing if it isn't there. Anything else but a file is damage: a pipe would keep us waiting. */
    private byte[] bytes(String name, long most) {
        File file = new File(dir, name);
        if (!file.isFile()) {
            if (file.exists()) {
                damage.add(name + " is no file");
            }
            return new byte[0];
        }
        try (FileInputStream in = new FileInputStream(file)) {
            byte[] bytes = in.readNBytes(Math.toIntExact(most));
            if (bytes.length == most && most == pool.limits().maxText() && in.read() >= 0) {
                damage.add(name + " is longer than " + most + " bytes: only its beginning was read");
            }
            return bytes;
        } catch (IOException e) {
            damage.add(name + " cannot be read");
            return new byte[0];
        }
    }
}
