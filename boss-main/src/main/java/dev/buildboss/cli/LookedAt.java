package dev.buildboss.cli;

import static java.util.Objects.requireNonNull;

import dev.buildboss.model.Machine;
import dev.buildboss.spi.MachineFacts;
import dev.buildboss.toolchain.CompilerScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a look at one machine found.
 *
 * @param facts what it is; empty: it could not be looked at
 * @param trouble why it is not to be used, beginning with the kind of trouble; empty: it is usable
 * @param remarks what is worth knowing and no trouble
 * @param here this computer's compilers; empty: not known
 * @param there the machine's; empty: not known
 */
record LookedAt(
        Machine machine,
        Optional<MachineFacts> facts,
        Optional<String> trouble,
        List<String> remarks,
        Optional<CompilerScan> here,
        Optional<CompilerScan> there) {

    LookedAt {
        requireNonNull(machine, "machine");
        requireNonNull(facts, "facts");
        requireNonNull(trouble, "trouble");
        remarks = List.copyOf(remarks);
        requireNonNull(here, "here");
        requireNonNull(there, "there");
    }

    boolean usable() {
        return trouble.isEmpty();
    }

    /** {@code OK}, or the kind of trouble: busy, low disk, unreachable … */
    String state() {
        return trouble.map(words -> words.split(":", 2)[0]).orElse("OK");
    }

    /** Architectures that this computer has a compiler for and the machine has not. */
    List<String> missing() {
        return here.isPresent() && there.isPresent() ? here.get().missingIn(there.get()) : List.of();
    }

    /** Architectures for which the machine's compiler is another than this computer's. */
    List<CompilerScan.Difference> different() {
        return here.isPresent() && there.isPresent() ? here.get().differingIn(there.get()) : List.of();
    }

    /** {@code OK}, {@code 2 missing}, {@code 1 wrong ver}, {@code fail}; {@code -}: nobody was there to be asked. */
    String toolchains() {
        if (facts.isEmpty()) {
            return "-";
        } else if (here.isEmpty() || there.isEmpty()) {
            return "fail";
        }
        List<String> words = new ArrayList<>();
        if (!missing().isEmpty()) {
            words.add(missing().size() + " missing");
        }
        if (!different().isEmpty()) {
            words.add(different().size() + " wrong ver");
        }
        return words.isEmpty() ? "OK" : String.join(", ", words);
    }
}
