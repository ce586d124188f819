package dev.buildboss.toolchain;

import dev.buildboss.files.Carried;
import dev.buildboss.model.Compiler;
import java.util.Optional;

/** The shell function {@code identity PATH}, which tells what a compiler is: the one definition, for this computer and others. */
public final class IdentityScript {

    private static final String TEXT = Carried.text(IdentityScript.class, "identity.sh");
    private static final int FIELDS = 3;

    private IdentityScript() {}

    /** Its text, to be put before a script that uses it. */
    public static String text() {
        return TEXT;
    }

    /** Reads what the function printed of a compiler; empty if it does not work. */
    static Optional<Compiler> parse(String path, String line) {
        String[] fields = line.split("\t", -1);
        return fields.length == FIELDS && !fields[0].isEmpty() && !fields[1].isEmpty()
                ? Optional.of(new Compiler(path, fields[0], fields[1], fields[2]))
                : Optional.empty();
    }
}
