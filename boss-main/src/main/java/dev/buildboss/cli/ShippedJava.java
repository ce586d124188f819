package dev.buildboss.cli;

import dev.buildboss.BuildbossException;
import dev.buildboss.model.Machine;
import dev.buildboss.runtime.RuntimeKind;
import dev.buildboss.runtime.RuntimeShop;
import dev.buildboss.settings.Settings;
import dev.buildboss.spi.MachineFacts;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Whether a Java runtime can be sent to machines that have none: one that is made here, or one that the user prepared. */
record ShippedJava(Settings.Runtimes settings, Surroundings around) {

    /** Why none can be sent to that machine, to be put behind what is wrong there; empty: one can. */
    Optional<String> refusal(Machine machine, MachineFacts facts) {
        if (machine.java().isPresent() || !settings.ship()) {
            return Optional.of("");
        }
        RuntimeShop shop = new RuntimeShop(
                settings,
                Path.of(around.properties().getOrDefault("java.home", "")),
                around.home(),
                around.userCache(),
                Clock.systemUTC());
        try {
            RuntimeKind kind =
                    new RuntimeKind("Linux", facts.arch(), facts.libc().isEmpty() ? "gnu" : facts.libc());
            return shop.serves(kind)
                    ? Optional.empty()
                    : Optional.of(", and there is no runtime for " + kind.name() + " to send");
        } catch (BuildbossException notAKind) {
            return Optional.of("");
        }
    }
}
