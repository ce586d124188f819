package dev.buildboss.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A directory of what any machine has, and no Java, for the PATH of a machine that is to have none. */
final class BareHost {

    private static final List<String> PROGRAMS = List.of(
            ("sh cat mkdir rm mv ln ls chmod touch find sync mktemp dirname readlink stat head tail cut tr sort wc cksum "
                            + "sha256sum sed grep awk tar gzip git uname id date df nproc getconf sleep kill ldd bash setsid true")
                    .split(" ", -1));

    private BareHost() {}

    static Path programs(Path into) throws IOException {
        Files.createDirectories(into);
        for (String name : PROGRAMS) {
            for (Path from : List.of(Path.of("/usr/bin", name), Path.of("/bin", name))) {
                Path script = into.resolve(name);
                if (Files.isExecutable(from) && !Files.exists(script)) {
                    Files.writeString(script, "#!/bin/sh\nexec " + from + " \"$@\"\n");
                    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
        return into;
    }
}
