package dev.buildboss.cli.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the recipes of a demo machine wrote down: which cores were held from when to when. Stateless. */
public final class HeldCores {

    /** The end of a list is enough to know what runs: so many recipes are over long before. */
    private static final int TAIL = 1 << 16;

    private HeldCores() {}

    /**
     * One recipe.
     *
     * @param fromS when it began, in seconds since boot
     * @param untilS when it was to end
     * @param board whose it was
     */
    public record Held(double fromS, double untilS, String board) {}

    /** All that is in a list; what is not a whole line yet is left out. */
    public static List<Held> read(Path recipes) throws IOException {
        return parse(Files.readString(recipes, UTF_8));
    }

    /** How many cores are held at this moment. */
    public static int now(Path recipes) throws IOException {
        String uptime = Files.readString(Path.of("/proc/uptime"));
        double now = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        return (int) parse(tail(recipes)).stream()
                .filter(held -> held.fromS() <= now && now < held.untilS())
                .count();
    }

    private static String tail(Path recipes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(recipes.toFile(), "r")) {
            byte[] end = new byte[(int) Math.min(TAIL, file.length())];
            file.seek(file.length() - end.length);
            file.readFully(end);
            return new String(end, UTF_8);
        }
    }

    private static List<Held> parse(String text) {
        List<Held> result = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", -1);
            if (words.length == 3 && words[0].matches("\\d+\\.\\d+") && words[1].matches("\\d{1,9}")) {
                double from = Double.parseDouble(words[0]);
                result.add(new Held(from, from + Long.parseLong(words[1]) / 1000.0, words[2]));
            }
        }
        return result;
    }
}
