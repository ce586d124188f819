package dev.buildboss.worker;

import dev.buildboss.spi.StepResult;
import dev.buildboss.toolchain.Toolchain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures images with the toolchain's {@code size}, {@code nm} and {@code objdump}, run in the output directory, so that
 * names in their output are relative and the same on all machines.
 */
final class ImageReport {
    private static final Pattern RODATA = Pattern.compile("(?m)^ *\\d+ \\.rodata +([0-9a-f]+) ");
    private static final String NO_RODATA = "00000000";

    private final Toolchain toolchain;
    private final Path outputDir;
    private final CellFiles files;

    ImageReport(Toolchain toolchain, Path outputDir, CellFiles files) {
        this.toolchain = toolchain;
        this.outputDir = outputDir;
        this.files = files;
    }

    /**
     * Sends the reports of all images that are there.
     *
     * @return {@code size}'s line for the first image; empty: it is not there, or can't be measured
     */
    Optional<String> send(List<String> images) {
        List<String> there = images.stream()
                .filter(image -> Files.isRegularFile(outputDir.resolve(image)))
                .toList();
        if (there.isEmpty()) {
            return Optional.empty();
        }
        List<String> argv = new ArrayList<>(List.of(toolchain.tool("size")));
        argv.addAll(files.wanted() ? there : there.subList(0, 1));
        StepResult size = files.run(argv);
        List<String> lines = size.stdout().lines().skip(1).toList();
        if (size.code() != 0 || lines.size() != argv.size() - 1) {
            return Optional.empty();
        }
        if (files.wanted()) {
            sendDetails(there, lines);
        }
        return there.get(0).equals(images.get(0)) ? Optional.of(lines.get(0)) : Optional.empty();
    }

    private void sendDetails(List<String> images, List<String> sizeLines) {
        StringBuilder sizes = new StringBuilder();
        for (int i = 0; i < images.size(); i++) {
            String image = images.get(i);
            String flat = image.replace('/', '-');
            StepResult symbols = files.run(List.of(toolchain.tool("nm"), "--size-sort", image));
            if (symbols.code() == 0) {
                files.text(flat + ".sizes", symbols.stdout());
            }
            StepResult sections = files.run(List.of(toolchain.tool("objdump"), "-h", image));
            Matcher rodata = RODATA.matcher(sections.stdout());
            if (sections.code() == 0) {
                files.text(flat + ".objdump", sections.stdout());
            }
            sizes.append(sizeLines.get(i))
                    .append(' ')
                    .append(rodata.find() ? rodata.group(1) : NO_RODATA)
                    .append('\n');
        }
        files.text("sizes", sizes.toString());
    }
}
