package dev.buildboss.plan;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which machines built other images of one board than the rest (pure). */
public final class ImageVote {

    /** What is compared with a machine that sends no images: its table of sections. */
    public static final String SIZES = "sizes";

    private ImageVote() {}

    /**
     * The result.
     *
     * @param alike machines that built the same
     * @param odd the other machines, each with the first file that differs; if nothing is decided, all of them
     * @param decided whether {@code alike} are known to be right: they are most, or this computer is one of them
     */
    public record Verdict(List<String> alike, Map<String, String> odd, boolean decided) {
        /** Copies the collections. */
        public Verdict {
            alike = List.copyOf(alike);
            odd = Map.copyOf(odd);
        }
    }

    /**
     * Compares.
     *
     * @param images by machine, the hash of each file; {@link #SIZES} counts for those that have nothing else
     * @param local the name of this computer's worker, which decides where there is no majority
     */
    public static Verdict of(Map<String, Map<String, String>> images, String local) {
        requireNonNull(local, "local");
        Map<Map<String, String>, List<String>> groups = groups(images);
        if (groups.isEmpty()) {
            return new Verdict(List.of(), Map.of(), true);
        }
        List<Map.Entry<Map<String, String>, List<String>>> bySize = new ArrayList<>(groups.entrySet());
        bySize.sort(Comparator.comparingInt(entry -> -entry.getValue().size()));
        boolean most = bySize.size() == 1
                || bySize.get(0).getValue().size() > bySize.get(1).getValue().size();
        Optional<List<String>> right = most
                ? Optional.of(bySize.get(0).getValue())
                : groups.values().stream()
                        .filter(names -> names.contains(local))
                        .findFirst();
        Map<String, String> model =
                images.getOrDefault(right.orElse(bySize.get(0).getValue()).get(0), Map.of());
        Map<String, String> odd = new HashMap<>();
        List<String> alike = new ArrayList<>();
        new TreeMap<>(images)
                .forEach((machine, files) -> difference(model, files)
                        .ifPresentOrElse(file -> odd.put(machine, file), () -> alike.add(machine)));
        if (right.isEmpty()) {
            String file = new TreeSet<>(odd.values()).first();
            alike.forEach(machine -> odd.put(machine, file));
            return new Verdict(List.of(), odd, false);
        }
        return new Verdict(alike, odd, true);
    }

    /** Machines with the same images; those that sent none count only if nobody sent any. */
    private static Map<Map<String, String>, List<String>> groups(Map<String, Map<String, String>> images) {
        boolean real = images.values().stream().anyMatch(ImageVote::hasImages);
        Map<Map<String, String>, List<String>> groups = new LinkedHashMap<>();
        new TreeMap<>(images).forEach((machine, files) -> {
            if (!real || hasImages(files)) {
                Map<String, String> key = new HashMap<>(files);
                if (real) {
                    key.remove(SIZES);
                }
                groups.computeIfAbsent(key, k -> new ArrayList<>()).add(machine);
            }
        });
        return groups;
    }

    private static boolean hasImages(Map<String, String> files) {
        return files.keySet().stream().anyMatch(name -> !name.equals(SIZES));
    }

    /**
     * The first file in which two machines' images of a board differ; empty if they are the same, or can't be compared.
     *
     * @param model the hash of each file, as in {@link #of}
     */
    public static Optional<String> difference(Map<String, String> model, Map<String, String> files) {
        boolean images = hasImages(model) && hasImages(files);
        TreeSet<String> names = new TreeSet<>(model.keySet());
        names.addAll(files.keySet());
        return names.stream()
                .filter(name -> images != name.equals(SIZES))
                .filter(name -> images || (model.containsKey(name) && files.containsKey(name)))
                .filter(name -> !isSame(model.get(name), files.get(name)))
                .findFirst();
    }

    private static boolean isSame(@Nullable String one, @Nullable String other) {
        return one != null && one.equals(other);
    }
}
