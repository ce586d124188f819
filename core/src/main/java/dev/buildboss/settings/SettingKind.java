package dev.buildboss.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What a setting's value may be; {@link #check} tells in words what is wrong with one. */
sealed interface SettingKind {

    /** What is wrong with a value; empty: nothing. */
    Optional<String> check(ConfigValue value);

    /** true or false. */
    record Flag() implements SettingKind {
        @Override
        public Optional<String> check(ConfigValue value) {
            return read(value, Config::getBoolean).isPresent() ? Optional.empty() : wrong(value, "true or false");
        }
    }

    /** A whole number in a range. */
    record Whole(int min, int max) implements SettingKind {
        @Override
        public Optional<String> check(ConfigValue value) {
            Optional<Double> number = read(value, Config::getDouble);
            boolean good = number.isPresent()
                    && number.get() == Math.rint(number.get())
                    && number.get() >= min
                    && number.get() <= max;
            return good ? Optional.empty() : wrong(value, "a whole number from " + min + " to " + max);
        }
    }

    /** A number in a range. */
    record Fraction(double min, double max) implements SettingKind {
        @Override
        public Optional<String> check(ConfigValue value) {
            Optional<Double> number = read(value, Config::getDouble);
            boolean good = number.isPresent() && number.get() >= min && number.get() <= max;
            return good ? Optional.empty() : wrong(value, "a number from " + min + " to " + max);
        }
    }

    /** A duration with a unit. */
    record Time(Duration min, Duration max) implements SettingKind {
        @Override
        public Optional<String> check(ConfigValue value) {
            Optional<Duration> time = hasUnit(value) ? read(value, (c, path) -> c.getDuration(path)) : Optional.empty();
            boolean good = time.isPresent()
                    && time.get().compareTo(min) >= 0
                    && time.get().compareTo(max) <= 0;
            return good
                    ? Optional.empty()
                    : wrong(value, "a duration with its unit, such as 30 s, from " + words(min) + " to " + words(max));
        }

        private static String words(Duration d) {
            if (d.isZero()) {
                return "0 s";
            } else if (d.toMillis() % 1000 != 0) {
                return d.toMillis() + " ms";
            }
            return d.toSeconds() % 3600 == 0 ? d.toHours() + " h" : d.toSeconds() + " s";
        }
    }

    /** A size in bytes, with a unit. */
    record Size(long min, long max) implements SettingKind {
        @Override
        public Optional<String> check(ConfigValue value) {
            Optional<Long> size = hasUnit(value)
                    ? read(value, (c, path) -> c.getMemorySize(path).toBytes())
                    : Optional.empty();
            boolean good = size.isPresent() && size.get() >= min && size.get() <= max;
            return good
                    ? Optional.empty()
                    : wrong(value, "a size with its unit, such as 16 MiB, from " + words(min) + " to " + words(max));
        }

        private static String words(long bytes) {
            if (bytes >= 1 << 20) {
                return (bytes >> 20) + " MiB";
            }
            return bytes >= 1 << 10 ? (bytes >> 10) + " KiB" : bytes + " B";
        }
    }

    /** Text. */
    record Text() implements SettingKind {
        @Override
        public Optional<String> check(ConfigValue value) {
            return isScalar(value) ? Optional.empty() : wrong(value, "text");
        }
    }

    /** One of some words. */
    record Choice(Set<String> words) implements SettingKind {
        Choice(String... words) {
            this(new TreeSet<>(List.of(words)));
        }

        @Override
        public Optional<String> check(ConfigValue value) {
            boolean good = isScalar(value) && words.contains(String.valueOf(value.unwrapped()));
            return good ? Optional.empty() : wrong(value, "one of " + String.join(", ", words));
        }
    }

    /** Whatever there is: somebody else knows. */
    record Anything() implements SettingKind {
        @Override
        public Optional<String> check(ConfigValue value) {
            return Optional.empty();
        }
    }

    /** A list of texts. */
    record Texts() implements SettingKind {
        @Override
        public Optional<String> check(ConfigValue value) {
            boolean good = value.unwrapped() instanceof List<?> list
                    && list.stream()
                            .allMatch(item ->
                                    item instanceof String || item instanceof Number || item instanceof Boolean);
            return good ? Optional.empty() : wrong(value, "a list of texts, such as [\"a\", \"b\"]");
        }
    }

    /** One command as a list of its arguments, or a list of such commands. */
    record Commands() implements SettingKind {
        @Override
        public Optional<String> check(ConfigValue value) {
            boolean good = value.unwrapped() instanceof List<?> list
                    && (list.stream().allMatch(Commands::isText)
                            || list.stream().allMatch(Commands::isTexts));
            return good
                    ? Optional.empty()
                    : wrong(value, "a command such as [\"make\", \"all\"], or a list of such commands");
        }

        private static boolean isTexts(Object item) {
            return item instanceof List<?> list
                    && !list.isEmpty()
                    && list.stream().allMatch(Commands::isText);
        }

        private static boolean isText(Object item) {
            return item instanceof String || item instanceof Number || item instanceof Boolean;
        }
    }

    /** One text or a list of them. */
    record TextOrTexts() implements SettingKind {
        @Override
        public Optional<String> check(ConfigValue value) {
            return isScalar(value) ? Optional.empty() : new Texts().check(value);
        }
    }

    /** Make arguments: a text, split as a shell would, or a list; the same rules as in {@link MakeFlags}. */
    record MakeArguments() implements SettingKind {
        @Override
        public Optional<String> check(ConfigValue value) {
            Optional<String> wrong = new TextOrTexts().check(value);
            return wrong.isPresent()
                    ? wrong
                    : MakeFlags.wrong(value).map(words -> wrong(value, words).orElseThrow());
        }
    }

    /** What runs a compiler: a program and its arguments, of which make hands every word to a shell. */
    record Wrapper() implements SettingKind {
        private static final Pattern GOOD = Pattern.compile("|[A-Za-z0-9_./~][A-Za-z0-9_./~=+,:@% -]*");

        @Override
        public Optional<String> check(ConfigValue value) {
            boolean good = isScalar(value)
                    && GOOD.matcher(String.valueOf(value.unwrapped()).strip()).matches();
            return good ? Optional.empty() : wrong(value, "a program and its arguments, such as ccache, or empty");
        }
    }

    /** A program's version, or its first numbers. */
    record Version() implements SettingKind {
        private static final Pattern GOOD = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,6}){0,3}");

        @Override
        public Optional<String> check(ConfigValue value) {
            boolean good = isScalar(value)
                    && GOOD.matcher(String.valueOf(value.unwrapped())).matches();
            return good ? Optional.empty() : wrong(value, "a version, such as \"4.2\"");
        }
    }

    /** Where archives are fetched from. */
    record FetchUrl() implements SettingKind {
        private static final Pattern GOOD = Pattern.compile("(https?://[^/\\s]+|file:/)[^\\s?#]*");

        @Override
        public Optional<String> check(ConfigValue value) {
            boolean good = isScalar(value)
                    && GOOD.matcher(String.valueOf(value.unwrapped())).matches();
            return good ? Optional.empty() : wrong(value, "a URL that begins with https://, http:// or file:/");
        }
    }

    /** A directory by its whole path, or below the home. */
    record HomePath(boolean mayBeEmpty) implements SettingKind {
        private static final Pattern GOOD = Pattern.compile("(~/|/)[^\\p{Cntrl}*?\\[{]+");

        @Override
        public Optional<String> check(ConfigValue value) {
            boolean good = isScalar(value)
                    && GOOD.matcher(String.valueOf(value.unwrapped())).matches();
            boolean none = mayBeEmpty && "".equals(value.unwrapped());
            return good || none ? Optional.empty() : wrong(value, "a directory that begins with / or ~/");
        }
    }

    /** When missing blobs are no errors: true, false, or some of always, multiple and branch. */
    record AllowMissing() implements SettingKind {
        private static final Set<String> WORDS = Set.of("always", "multiple", "branch", "true", "false");

        @Override
        public Optional<String> check(ConfigValue value) {
            boolean good = new TextOrTexts().check(value).isEmpty() && WORDS.containsAll(words(value));
            return good ? Optional.empty() : wrong(value, "true, false, or some of always, multiple, branch");
        }

        /** What is allowed; {@code true} is {@code always}. */
        static Set<String> words(ConfigValue value) {
            Set<String> result = new TreeSet<>();
            for (String text : texts(value)) {
                for (String word : text.strip().split("[\\s,]+", -1)) {
                    result.add(word.equals("true") ? "always" : word);
                }
            }
            return result;
        }
    }

    /** One text or a list of them as a list. */
    static List<String> texts(ConfigValue value) {
        return value.unwrapped() instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(value.unwrapped()));
    }

    /** The kind that a default's own form tells, for settings without a rule of their own. */
    static SettingKind like(ConfigValue value) {
        if (value.valueType() == ConfigValueType.BOOLEAN) {
            return new Flag();
        } else if (value.valueType() == ConfigValueType.NUMBER) {
            boolean whole = !(value.unwrapped() instanceof Double);
            return whole ? new Whole(0, 1_000_000) : new Fraction(0, 1_000_000);
        } else if (value.valueType() == ConfigValueType.LIST) {
            return new Texts();
        }
        String text = String.valueOf(value.unwrapped());
        if (TIME.matcher(text).matches()) {
            return new Time(Duration.ZERO, Duration.ofDays(7));
        }
        return SIZE.matcher(text).matches() ? new Size(0, 1L << 42) : new Text();
    }

    /** A default that is a duration. */
    Pattern TIME = Pattern.compile("[0-9]+ ?(ms|s|m|h|d)");

    /** A default that is a size. */
    Pattern SIZE = Pattern.compile("[0-9]+ ?(B|[KMGT]iB)");

    private static boolean isScalar(ConfigValue value) {
        return value.valueType() == ConfigValueType.STRING
                || value.valueType() == ConfigValueType.NUMBER
                || value.valueType() == ConfigValueType.BOOLEAN;
    }

    private static boolean hasUnit(ConfigValue value) {
        String text = String.valueOf(value.unwrapped()).strip();
        return text.equals("0") || (!text.isEmpty() && Character.isLetter(text.charAt(text.length() - 1)));
    }

    private static Optional<String> wrong(ConfigValue value, String wanted) {
        return Optional.of(
                "must be " + wanted + ", not " + value.render(com.typesafe.config.ConfigRenderOptions.concise()));
    }

    /** How a typed value is got at a path. */
    @FunctionalInterface
    interface Getter<T> {
        /** Gets it. */
        T get(Config config, String path);
    }

    private static <T> Optional<T> read(ConfigValue value, Getter<T> getter) {
        if (!isScalar(value)) {
            return Optional.empty();
        }
        try {
            Config holder = ConfigValueFactory.fromMap(java.util.Map.of("v", value.unwrapped()))
                    .toConfig();
            return Optional.of(getter.get(holder, "v"));
        } catch (ConfigException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
