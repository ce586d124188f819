package dev.buildboss.worker;

import dev.buildboss.model.ArtefactNames;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what of an output directory is kept besides the result, by globs such as {@code arch/*}{@code /boot/*Image*}. */
final class KeptFiles {

    private static final Logger LOG = LoggerFactory.getLogger(KeptFiles.class);

    private KeptFiles() {}

    /**
     * The files, glob by glob and each one's by name; those whose name a result can't have are left out, and no link to a directory is
     * followed. What is not there or can't be read is passed over: it must not cost the build its verdict.
     */
    static List<Path> find(Path outputDir, List<String> globs) {
        List<Path> result = new ArrayList<>();
        for (String glob : globs) {
            List<Path> places = List.of(outputDir);
            List<String> parts = Arrays.stream(glob.split("/", -1))
                    .filter(part -> !part.isEmpty() && !part.equals("."))
                    .toList();
            if (parts.isEmpty()) {
                continue;
            }
            for (String part : parts.subList(0, parts.size() - 1)) {
                List<Path> next = new ArrayList<>();
                for (Path entry : matching(places, part)) {
                    if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                        next.add(entry);
                    }
                }
                places = next;
            }
            for (Path entry : matching(places, parts.get(parts.size() - 1))) {
                if (Files.isRegularFile(entry) && ArtefactNames.isFree(String.valueOf(entry.getFileName()))) {
                    result.add(entry);
                }
            }
        }
        return result;
    }

    private static List<Path> matching(List<Path> places, String glob) {
        List<Path> found = new ArrayList<>();
        for (Path place : places) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(place, glob)) {
                entries.forEach(found::add);
            } catch (IOException | DirectoryIteratorException | PatternSyntaxException e) {
                LOG.debug("{} is not looked through for {}", place, glob, e);
            }
        }
        found.sort(null);
        return found;
    }
}
