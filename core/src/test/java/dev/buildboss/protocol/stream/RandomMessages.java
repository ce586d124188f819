package dev.buildboss.protocol.stream;

import dev.buildboss.model.BuildChanges;
import dev.buildboss.model.BuildOptions;
import dev.buildboss.protocol.Command;
import dev.buildboss.protocol.Feature;
import dev.buildboss.protocol.Response;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;

/** Messages of every kind with any content, from a seed. */
final class RandomMessages {

    private static final String[] PIECES = {
        "a",
        "\n",
        "\r",
        "\t",
        "\"",
        "\\",
        "\u0000",
        "\u001b[1m",
        "\u00e9",
        "\u2018",
        "\ud83d\ude00",
        "\ud83d",
        "BM> ",
        "{",
        "}",
        "\u2028",
        "null",
        "\u007f",
        "\u0085",
    };

    private RandomMessages() {}

    static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    /** Jackson refuses half a surrogate pair in a key, and only there. */
    private static String key(Random random) {
        return new String(text(random).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static String name(Random random) {
        return "n" + text(random);
    }

    private static <T> List<T> list(Random random, Supplier<T> element) {
        return Stream.generate(element).limit(random.nextInt(4)).toList();
    }

    private static Map<String, String> map(Random random) {
        Map<String, String> result = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            result.put(key(random), text(random));
        }
        return result;
    }

    private static Set<Feature> features(Random random) {
        Set<Feature> result = EnumSet.noneOf(Feature.class);
        for (Feature feature : Feature.values()) {
            if (random.nextBoolean()) {
                result.add(feature);
            }
        }
        return result;
    }

    private static Optional<String> optional(Random random) {
        return random.nextBoolean() ? Optional.empty() : Optional.of(name(random));
    }

    static Response response(Random random) {
        return switch (random.nextInt(15)) {
            case 0 ->
                new Response.Ready(
                        random.nextInt(100),
                        random.nextInt(100),
                        1 + random.nextInt(2),
                        features(random),
                        text(random));
            case 1 -> new Response.SetupDone(text(random), text(random));
            case 2 ->
                new Response.ConfigureDone(Map.of(key(random), new Response.ToolchainInfo(name(random), text(random))));
            case 3 -> new Response.BuildStarted(random.nextInt(9));
            case 4 -> new Response.WorktreeCreated(random.nextInt(9));
            case 5 -> new Response.BuildPrepareDone();
            case 6 -> new Response.Heartbeat(text(random), random.nextInt(9));
            case 7 -> artefact(random);
            case 8 -> new Response.BuildDone(random.nextInt(9));
            case 9 -> new Response.Refusal(text(random));
            case 10 -> new Response.QuitAck();
            case 11 -> new Response.Pong();
            case 12 -> new Response.Log(name(random), random.nextInt(9), text(random));
            case 13 -> new Response.GivenBack(name(random), list(random, () -> random.nextInt(99)));
            default ->
                new Response.BuildResult(
                        name(random),
                        random.nextInt(1000),
                        random.nextInt(),
                        text(random),
                        text(random),
                        random.nextInt(1000) / 100.0,
                        optional(random),
                        map(random),
                        optional(random),
                        optional(random),
                        map(random),
                        random.nextBoolean()
                                ? Optional.empty()
                                : Optional.of(new Response.Times(
                                        random.nextInt(99), random.nextInt(99), random.nextInt(99))));
        };
    }

    private static Response artefact(Random random) {
        byte[] data = new byte[random.nextInt(3000)];
        random.nextBytes(data);
        return new Response.Artefact(
                name(random), random.nextInt(9), name(random), ByteString.fromArray(data), random.nextBoolean());
    }

    static Command command(Random random) {
        return switch (random.nextInt(11)) {
            case 0 -> new Command.Setup(optional(random));
            case 1 ->
                new Command.Configure(options(random), map(random), features(random), optional(random), map(random));
            case 2 -> new Command.BuildBoards(list(random, () -> spec(random)), list(random, () -> text(random)));
            case 3 -> new Command.BuildPrepare(list(random, () -> text(random)), random.nextInt(9), random.nextInt(9));
            case 4 -> new Command.BuildBoard(spec(random));
            case 5 -> new Command.BuildDone();
            case 6 -> new Command.Ping(random.nextInt(9));
            case 7 -> new Command.Follow(name(random), random.nextInt(9));
            case 8 -> new Command.TakeBack(name(random), list(random, () -> random.nextInt(99)));
            case 9 -> new Command.Cancel(name(random), random.nextInt(99));
            default -> new Command.Quit();
        };
    }

    private static Command.BoardSpec spec(Random random) {
        return new Command.BoardSpec(
                name(random),
                text(random),
                list(random, () -> random.nextInt(99)),
                list(random, () -> text(random)),
                text(random),
                list(random, () -> text(random)));
    }

    private static BuildOptions options(Random random) {
        return new BuildOptions(
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                changes(random));
    }

    private static BuildChanges changes(Random random) {
        return new BuildChanges(
                list(random, () -> "~CONFIG_X" + random.nextInt(9)),
                list(random, () -> "f" + random.nextInt(9) + ".config"),
                random.nextBoolean() ? "" : "spl/u-boot-spl",
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean() ? "" : "clang-14",
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new BuildChanges.BuildPlace(optional(random), name(random))));
    }
}
