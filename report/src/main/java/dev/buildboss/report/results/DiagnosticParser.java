package dev.buildboss.report.results;

import dev.buildboss.report.results.Diagnostic.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts the stderr of a build into {@link Diagnostic}s. Pure; linear in the text's length.
 *
 * <p>A line of context before (an include chain, "In function …") waits for the diagnostic that it belongs to; excerpts, carets
 * and notes go with the one before them. "Waiting for unfinished jobs" is dropped. The same thing said twice, as for U-Boot and
 * its SPL, counts once.
 */
public final class DiagnosticParser {

    /** Longer lines are cut for matching: no expression ever sees more. */
    private static final int MAX_LINE = 2_000;

    private static final int MAX_NUMBER_DIGITS = 9;

    private static final Pattern PLACED = Pattern.compile(
            "((?:[A-Za-z]:)?[^:\\s][^:]*):(\\d+)(?::(\\d+))?: (fatal error|error|warning|note|sorry, unimplemented): ?(.*)");
    private static final Pattern DTC_PLACED =
            Pattern.compile("([^:\\s][^:]*):(\\d+)\\.(\\d+)[-.\\d]*: (Warning|ERROR|Error) (\\(.*)");
    private static final Pattern DTC_BARE = Pattern.compile("[^:\\s][^:]*: (Warning|ERROR) \\(\\w+\\): .*");
    private static final Pattern DTC_SYNTAX = Pattern.compile("Error: ([^:\\s][^:]*):(\\d+)\\.(\\d+)[-.\\d]* (.*)");
    private static final Pattern INCLUDED = Pattern.compile("In file included from .*|\\s++from \\S.*[,:]");
    private static final Pattern FUNCTION = Pattern.compile(
            "(?:([^:\\s][^:]*): )?(?:In (?:(?:static )?member )?function|In constructor|In destructor|In instantiation of) (.*)[:,]");
    private static final Pattern TOP_LEVEL = Pattern.compile("([^:\\s][^:]*): At top level:");
    private static final Pattern LINKER_FUNCTION = Pattern.compile("\\S.*: in function [`'‘](.*)['’]:");
    private static final Pattern INLINED = Pattern.compile("\\s+inlined from .*");
    private static final Pattern EXCERPT = Pattern.compile("\\s*+(?:\\d++\\s++)?+\\|.*");
    private static final Pattern INDENTED = Pattern.compile("\\s+\\S.*");
    private static final Pattern NOTE = Pattern.compile(".*: (?:NOTE|note): .*");
    private static final Pattern WARNING = Pattern.compile("(?i)(?:.*[:\\s])?warning:.*");
    private static final Pattern ERROR =
            Pattern.compile("(?i)(?:.*[:\\s])?(?:fatal )?error:.*|.*: undefined reference to .*");
    private static final Pattern MAKE = Pattern.compile("g?make(?:\\[\\d+\\])?: \\*\\*\\* .*");
    private static final Pattern BANNER = Pattern.compile("=+ WARNING =+");
    private static final Pattern BANNER_END = Pattern.compile("={10,}");
    private static final Pattern BLOBS = Pattern.compile(
            "(?:Image|Section) '[^']*' (?:is missing|has faked|is missing optional) .*(?:blobs?|bintools?).*");
    private static final Pattern BLOB_HELP = Pattern.compile("/\\S.* \\(.*\\):");
    private static final Pattern NUMBERS =
            Pattern.compile("0x[0-9a-fA-F]+|:\\d+(?=[:)\\]\\s,])|\\[\\d+\\]|\\+0x[0-9a-f]+");

    private final int most;
    private final Set<Diagnostic> found = new LinkedHashSet<>();
    private final Map<String, String> functions = new HashMap<>();
    private final List<String> before = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private Severity severity = Severity.OTHER;
    private String key = "";
    private int headline;
    private Optional<Place> place = Optional.empty();
    private boolean consequence;
    private boolean inBanner;
    private boolean inBlobs;
    private String linkerFunction = "";

    private DiagnosticParser(int most) {
        this.most = most;
    }

    /** The diagnostics of a build's stderr, each once, in order; at most so many. */
    public static List<Diagnostic> parse(String err, int most) {
        DiagnosticParser parser = new DiagnosticParser(most);
        for (String line : err.split("\r?\n|\r", -1)) {
            if (parser.found.size() >= most) {
                break;
            }
            parser.line(line.length() > MAX_LINE ? line.substring(0, MAX_LINE) : line);
        }
        parser.end();
        return List.copyOf(parser.found);
    }

    private void line(String line) {
        if (inBanner) {
            lines.add(line);
            if (BANNER_END.matcher(line).matches()) {
                finish();
            } else if (lines.size() == 2) {
                headline = 1;
                key = "banner|" + withoutNumbers(line);
            }
        } else if (line.isBlank() || line.contains("Waiting for unfinished jobs")) {
            return;
        } else if (!isContext(line) && !isBlob(line) && !isStart(line) && !isMore(line)) {
            start(Severity.OTHER, withoutNumbers(line), Optional.empty(), line);
        }
    }

    /** What comes before the diagnostic that it belongs to. */
    private boolean isContext(String line) {
        Matcher function = FUNCTION.matcher(line);
        Matcher top = TOP_LEVEL.matcher(line);
        Matcher linker = LINKER_FUNCTION.matcher(line);
        if (function.matches()) {
            if (function.group(1) != null) {
                functions.put(file(function.group(1)), function.group(2));
            }
        } else if (top.matches()) {
            functions.remove(file(top.group(1)));
        } else if (linker.matches()) {
            linkerFunction = linker.group(1);
        } else if (!INCLUDED.matcher(line).matches() && !INLINED.matcher(line).matches()) {
            return false;
        }
        before.add(line);
        return true;
    }

    /** Missing blobs, and the paragraphs that tell where to get them. */
    private boolean isBlob(String line) {
        if (BLOBS.matcher(line).matches()) {
            start(Severity.MISSING_BLOB, withoutNumbers(line), Optional.empty(), line);
            inBlobs = true;
            return true;
        }
        if (inBlobs
                && (BLOB_HELP.matcher(line).matches() || INDENTED.matcher(line).matches() || isInvalidImages(line))) {
            lines.add(line);
            return true;
        }
        return false;
    }

    private static boolean isInvalidImages(String line) {
        return line.startsWith("Some images are invalid");
    }

    /** The headline of a diagnostic. */
    private boolean isStart(String line) {
        if (BANNER.matcher(line).matches()) {
            start(Severity.WARNING, "banner", Optional.empty(), line);
            inBanner = true;
            return true;
        }
        return isPlaced(PLACED.matcher(line), line) || isDtc(line) || isMake(line) || isBare(line);
    }

    private boolean isPlaced(Matcher placed, String line) {
        if (!placed.matches()) {
            return false;
        }
        String kind = placed.group(4);
        if (kind.equals("note") && !lines.isEmpty()) {
            lines.addAll(before);
            before.clear();
            lines.add(line);
            return true;
        }
        String file = file(placed.group(1));
        String function = functions.getOrDefault(file, "");
        start(
                kind.equals("warning") || kind.equals("note") ? Severity.WARNING : Severity.ERROR,
                file + "|" + function + "|" + placed.group(5),
                place(file, placed.group(2), placed.group(3)),
                line);
        return true;
    }

    private boolean isDtc(String line) {
        Matcher placed = DTC_PLACED.matcher(line);
        Matcher syntax = DTC_SYNTAX.matcher(line);
        Matcher bare = DTC_BARE.matcher(line);
        if (placed.matches()) {
            String file = file(placed.group(1));
            Severity said = placed.group(4).equals("Warning") ? Severity.WARNING : Severity.ERROR;
            start(
                    said,
                    file + "||" + withoutNumbers(placed.group(5)),
                    place(file, placed.group(2), placed.group(3)),
                    line);
        } else if (syntax.matches()) {
            String file = file(syntax.group(1));
            start(Severity.ERROR, file + "||" + syntax.group(4), place(file, syntax.group(2), syntax.group(3)), line);
        } else if (bare.matches()) {
            Severity said = bare.group(1).equals("Warning") ? Severity.WARNING : Severity.ERROR;
            start(said, withoutNumbers(line), Optional.empty(), line);
        } else {
            return false;
        }
        return true;
    }

    private boolean isMake(String line) {
        if (!MAKE.matcher(line).matches()) {
            return false;
        }
        start(Severity.ERROR, withoutNumbers(line), Optional.empty(), line);
        consequence = true;
        return true;
    }

    private boolean isBare(String line) {
        boolean warns = WARNING.matcher(line).matches();
        if (!warns && !ERROR.matcher(line).matches()) {
            return false;
        }
        start(
                warns ? Severity.WARNING : Severity.ERROR,
                linkerFunction + "|" + withoutNumbers(line),
                Optional.empty(),
                line);
        return true;
    }

    /** What goes on with the diagnostic before it. */
    private boolean isMore(String line) {
        if (lines.isEmpty() || severity == Severity.OTHER) {
            return false;
        }
        boolean indentedBelow = place.isPresent() && INDENTED.matcher(line).matches();
        if (indentedBelow
                || EXCERPT.matcher(line).matches()
                || NOTE.matcher(line).matches()) {
            lines.add(line);
            return true;
        }
        return false;
    }

    private void start(Severity newSeverity, String newKey, Optional<Place> newPlace, String line) {
        finish();
        severity = newSeverity;
        key = newSeverity + "|" + newKey;
        place = newPlace;
        lines.addAll(before);
        before.clear();
        headline = lines.size();
        lines.add(line);
    }

    private void finish() {
        if (!lines.isEmpty() && found.size() < most) {
            found.add(new Diagnostic(severity, key, lines, headline, place, consequence));
        }
        lines.clear();
        severity = Severity.OTHER;
        consequence = false;
        inBanner = false;
        inBlobs = false;
    }

    private void end() {
        finish();
        if (!before.isEmpty()) {
            String last = before.get(before.size() - 1);
            start(Severity.OTHER, withoutNumbers(last), Optional.empty(), last);
            lines.remove(lines.size() - 1);
            headline = lines.size() - 1;
            finish();
        }
    }

    private static Optional<Place> place(String file, String line, String column) {
        if (line.length() > MAX_NUMBER_DIGITS || (column != null && column.length() > MAX_NUMBER_DIGITS)) {
            return Optional.empty();
        }
        return Optional.of(new Place(file, Integer.parseInt(line), column == null ? 0 : Integer.parseInt(column)));
    }

    /** Relative to the tree's top: builds are run in a directory below it. */
    private static String file(String path) {
        String file = path;
        while (file.startsWith("../") || file.startsWith("./")) {
            file = file.substring(file.indexOf('/') + 1);
        }
        return file;
    }

    private static String withoutNumbers(String text) {
        return NUMBERS.matcher(text).replaceAll("#");
    }
}
