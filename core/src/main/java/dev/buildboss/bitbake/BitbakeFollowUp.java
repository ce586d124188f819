package dev.buildboss.bitbake;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.buildboss.recipe.RecipeSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What runs once after a group of MACHINEs has passed, such as a look at what the build changed.
 *
 * @param command the program and its arguments; empty: nothing
 * @param limit the longest it may take
 */
public record BitbakeFollowUp(List<String> command, Duration limit) {

    private static final String BUILDHISTORY_DIFF = "buildhistory-diff";

    /** Copies the list. */
    public BitbakeFollowUp {
        command = List.copyOf(command);
        requireNonNull(limit, "limit");
    }

    /** That of the recipe's settings. */
    public static BitbakeFollowUp of(Map<String, String> settings) {
        RecipeSettings own = new RecipeSettings(settings);
        Duration limit = own.text("follow-up-timeout")
                .map(text -> ConfigFactory.empty()
                        .withValue("limit", ConfigValueFactory.fromAnyRef(text))
                        .getDuration("limit"))
                .orElse(Duration.ZERO);
        return new BitbakeFollowUp(own.words("follow-up"), limit);
    }

    /** Whether there is anything to run: a buildhistory can be looked at only where there is one. */
    public boolean applies(Path buildDir) {
        return !command.isEmpty()
                && (!command.get(0).equals(BUILDHISTORY_DIFF) || Files.isDirectory(buildDir.resolve("buildhistory")));
    }
}
