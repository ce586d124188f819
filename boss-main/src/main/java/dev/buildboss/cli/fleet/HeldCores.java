package dev.buildboss.cli.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the recipes of a demo machine wrote down: which cores were held from when to when. Stateless. */
public final class HeldCores {

    /** The end of a list is enough to know what runs: so many recipes are over long before. */
    private static final int TAIL = 1 << 16;

    private static final Pattern LINE = Pattern.compile("(\\d+\\.\\d+) (\\d{1,9}) (\\S*)(?: (\\d+\\.\\d+))?");

    private HeldCores() {}

    /**
     * One recipe.
     *
     * @param fromS when it began, in seconds since boot
     * @param untilS when it ended or is to end
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
            Matcher words = LINE.matcher(line);
            if (words.matches()) {
                double from = Double.parseDouble(words.group(1));
                double until = from + Long.parseLong(words.group(2)) / 1000.0;
                Held held = new Held(from, until, words.group(3));
                if (words.group(4) == null) {
                    result.add(held);
                } else {
                    // Recipes with the same words are alike: any of them may be the one that was ended.
                    int at = result.lastIndexOf(held);
                    double ended = Math.min(until, Double.parseDouble(words.group(4)));
                    if (at >= 0) {
                        result.set(at, new Held(from, ended, held.board()));
                    }
                }
            }
        }
        return result;
    }
}
