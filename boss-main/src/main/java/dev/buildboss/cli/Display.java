package dev.buildboss.cli;

import dev.buildboss.BuildEvent;
import dev.buildboss.BuildReport;
import dev.buildboss.BuildRequest;

/** Shows a run to a person or a program. All calls come from one thread. */
interface Display {

    /** One event, in order. */
    void event(BuildEvent event);

    /** Time went by: a few times a second. */
    void tick();

    /** A line from the program itself, such as a warning before the start. */
    void note(String line);

    /** The end of a run that has a report; nothing comes after it. */
    void end(BuildRequest request, BuildReport report, boolean warningsAreFine);
}
