package dev.buildboss.sweep;

import dev.buildboss.sweep.WorkerSweep.Ended;
import dev.buildboss.sweep.WorkerSweep.Found;
import dev.buildboss.sweep.WorkerSweep.Lock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** Reads what the script says (pure). What doesn't fit is passed over: it is only a machine's word. */
final class SweepAnswer {

    static final String MARKER = "BUILDBOSS-WORKERS ";

    private SweepAnswer() {}

    static Found found(List<String> lines) {
        Map<Long, Map<String, String>> workers = new TreeMap<>();
        Lock lock = Lock.FREE;
        String host = "";
        for (String line : lines) {
            String[] words = line.split(" ", 3);
            OptionalLong process = words.length == 3 ? number(words[1]) : OptionalLong.empty();
            if (words[0].equals("host")) {
                host = line;
            } else if (words[0].equals("lock") && words.length > 1) {
                lock = lock(words[1]);
            } else if (process.isPresent()) {
                workers.computeIfAbsent(process.getAsLong(), key -> new HashMap<>())
                        .put(words[0], words[2]);
            }
        }
        List<FoundWorker> result = new ArrayList<>();
        workers.forEach((process, facts) -> worker(process, facts).ifPresent(result::add));
        return new Found(host, result, lock);
    }

    private static Optional<FoundWorker> worker(long process, Map<String, String> facts) {
        String[] about = facts.getOrDefault("worker", "").split(" ", -1);
        if (process < 2 || about.length != 3 || number(about[0]).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new FoundWorker(
                process,
                number(about[0]).getAsLong(),
                number(about[1]).orElse(0),
                number(facts.getOrDefault("startedby", "")),
                about[2],
                facts.getOrDefault("directory", ""),
                facts.containsKey("own"),
                Optional.ofNullable(facts.get("boss")),
                number(facts.getOrDefault("renewed", ""))));
    }

    static Ended ended(List<String> lines) {
        Set<Long> left = new HashSet<>();
        boolean unlocked = false;
        for (String line : lines) {
            String[] words = line.split(" ", 2);
            if (words[0].equals("left") && words.length == 2) {
                number(words[1]).ifPresent(left::add);
            }
            unlocked |= line.equals("unlocked");
        }
        return new Ended(left, unlocked);
    }

    private static Lock lock(String word) {
        try {
            return Lock.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return Lock.FOREIGN;
        }
    }

    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
