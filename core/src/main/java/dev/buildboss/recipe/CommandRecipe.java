package dev.buildboss.recipe;

import com.typesafe.config.ConfigUtil;
import dev.buildboss.boards.SourceTree;
import dev.buildboss.model.Board;
import dev.buildboss.model.BuildChanges;
import dev.buildboss.spi.BuildRecipe;
import dev.buildboss.spi.BuildStep;
import dev.buildboss.spi.BuildTarget;
import dev.buildboss.spi.RecipeOutputs;
import dev.buildboss.spi.RecipeOutputs.NamedFile;
import dev.buildboss.spi.StepResult;
import dev.buildboss.toolchain.Toolchain;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Builds any tree by commands of the user's settings. Boards are named there too: each is a set of words that the commands take in.
 *
 * <p>Commands are lists of arguments and reach no shell. Settings: see {@code recipes.command} in {@code reference.conf}.
 */
public final class CommandRecipe implements BuildRecipe {

    /** The recipe's name. */
    public static final String NAME = "command";

    private static final String BOARDS = "boards";
    private static final String ARCH = "arch";
    private static final String ARGS = "args";

    /** For {@link java.util.ServiceLoader}. */
    public CommandRecipe() {}

    @Override
    public String name() {
        return NAME;
    }

    /** The boards of the settings, after a look at whether the commands can be filled in for each of them. */
    @Override
    public List<Board> boards(SourceTree tree, Map<String, String> settings) {
        RecipeSettings own = new RecipeSettings(settings);
        Map<String, Map<String, String>> given = given(own);
        if (given.isEmpty()) {
            throw new IllegalArgumentException(
                    "boards: none are set; each board is a name with its words, such as small { args = [] }");
        }
        if (own.lists("build").isEmpty()) {
            throw new IllegalArgumentException("build: no command is set");
        }
        warnings(own);
        files(own);
        List<Board> boards = given.entrySet().stream()
                .map(board -> Board.of(board.getKey(), board.getValue().getOrDefault(ARCH, "")))
                .toList();
        for (Board board : boards) {
            Words words = new Words(own, board.target(), board.arch(), "1", "build", "", List.of());
            List.of("clean", "configure", "build").forEach(commands -> steps(own, commands, words));
        }
        return boards;
    }

    /** Commands are what they are: nothing of Kbuild's has a place in them. */
    @Override
    public List<String> unsupported(BuildChanges changes) {
        return changes.decisive().stream()
                .filter(List.of("-a", "--fragments", "--target", "--dtc-skip", "-O")::contains)
                .toList();
    }

    /** What is set for each board, by name. */
    private static Map<String, Map<String, String>> given(RecipeSettings own) {
        Map<String, Map<String, String>> result = new TreeMap<>();
        own.below(BOARDS).forEach((path, value) -> {
            List<String> parts = ConfigUtil.splitPath(path);
            Map<String, String> words = result.computeIfAbsent(parts.get(0), name -> new HashMap<>());
            if (parts.size() == 2) {
                words.put(parts.get(1), value);
            }
        });
        return result;
    }

    /** What commands may take in. */
    private record Words(Map<String, String> texts, Map<String, List<String>> lists) {

        private Words(
                RecipeSettings own,
                String board,
                String arch,
                String jobs,
                String output,
                String cross,
                List<String> flags) {
            this(new TreeMap<>(), new TreeMap<>());
            lists.put(ARGS, List.of());
            lists.put("flags", flags);
            RecipeSettings set = new RecipeSettings(given(own).getOrDefault(board, Map.of()));
            set.names().forEach(name -> {
                if (name.equals(ARGS) || set.isList(name)) {
                    lists.put(name, set.words(name));
                } else {
                    texts.put(name, set.text(name).orElse(""));
                }
            });
            texts.putAll(Map.of("board", board, ARCH, arch, "jobs", jobs, "output", output, "cross", cross));
        }
    }

    private static Words words(RecipeSettings own, BuildTarget target) {
        return new Words(
                own,
                target.board(),
                target.arch(),
                String.valueOf(target.jobs()),
                target.outputName(),
                target.toolchain().map(Toolchain::cross).orElse(""),
                target.makeFlags());
    }

    private static List<BuildStep> steps(RecipeSettings own, String name, Words words) {
        Map<String, String> environment = own.below("environment");
        try {
            return own.lists(name).stream()
                    .map(argv -> new CommandTemplate(argv).fill(words.texts(), words.lists()))
                    .map(argv -> new BuildStep(argv, environment, Optional.empty()))
                    .toList();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(message.startsWith(name + ": ") ? message : name + ": " + message, e);
        }
    }

    @Override
    public List<BuildStep> configure(BuildTarget target, boolean clean) {
        RecipeSettings own = new RecipeSettings(target.settings());
        Words words = words(own, target);
        List<BuildStep> steps = new java.util.ArrayList<>();
        if (clean) {
            steps.addAll(steps(own, "clean", words));
        }
        steps.addAll(steps(own, "configure", words));
        return steps;
    }

    @Override
    public List<BuildStep> build(BuildTarget target) {
        RecipeSettings own = new RecipeSettings(target.settings());
        return target.options().configOnly() ? List.of() : steps(own, "build", words(own, target));
    }

    @Override
    public RecipeOutputs outputs(BuildTarget target) {
        RecipeSettings own = new RecipeSettings(target.settings());
        return new RecipeOutputs(own.words("images"), files(own), own.words("kept"));
    }

    private static List<NamedFile> files(RecipeSettings own) {
        try {
            return own.below("files").entrySet().stream()
                    .map(file ->
                            new NamedFile(ConfigUtil.splitPath(file.getKey()).get(0), file.getValue()))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("files: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean reconfigures(BuildTarget target, String changedPath) {
        return new RecipeSettings(target.settings())
                .words("reconfigure").stream()
                        .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                        .anyMatch(glob -> glob.matches(Path.of(changedPath)));
    }

    /** A board that names no architecture needs no compiler that we know of. */
    @Override
    public Optional<String> toolchainArch(BuildTarget target) {
        return Optional.of(target.arch()).filter(arch -> !arch.isEmpty());
    }

    /** Tools differ in where they warn: what counts is what the user says a warning looks like, in either stream. */
    @Override
    public StepResult judge(BuildTarget target, StepResult result) {
        Optional<Pattern> warnings = warnings(new RecipeSettings(target.settings()));
        if (result.code() != 0 || warnings.isEmpty()) {
            return result;
        }
        Pattern pattern = warnings.get();
        if (pattern.matcher(result.stderr()).find()) {
            return result;
        }
        String said = result.stdout()
                .lines()
                .filter(line -> pattern.matcher(line).find())
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        return new StepResult(0, result.stdout() + result.stderr(), said);
    }

    private static Optional<Pattern> warnings(RecipeSettings own) {
        try {
            return own.text("warnings").map(regex -> Pattern.compile(regex, Pattern.MULTILINE));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("warnings: not a regular expression: " + e.getDescription(), e);
        }
    }
}
