package dev.buildboss;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/** Pekko's own settings, made quiet and small: what a run says, it says by its events. */
final class QuietActors {
    private QuietActors() {}

    /** The settings for an actor system of ours. */
    static Config config() {
        return ConfigFactory.parseString("""
                        pekko {
                          loglevel = WARNING
                          stdout-loglevel = OFF
                          log-dead-letters = off
                          log-dead-letters-during-shutdown = off
                          loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
                          logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
                          actor.default-dispatcher.fork-join-executor { parallelism-min = 1, parallelism-max = 1 }
                          scheduler.tick-duration = 50ms # no limit of ours is finer, and each tick is a change of threads
                          daemonic = on
                          jvm-exit-on-fatal-error = off
                          coordinated-shutdown.run-by-jvm-shutdown-hook = off
                        }
                        """).withFallback(ConfigFactory.load(BuildScheduler.class.getClassLoader()));
    }
}
