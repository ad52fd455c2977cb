package nimload.merge;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import nimload.plan.ClockOffset;
import nimload.results.Generator;

/**
 * How far the clocks of generators were apart.
 *
 * @param known each generator's offset; empty unless all were compared
 */
record Clocks(Optional<List<ClockOffset>> known) {

    /** @param generators of one level or of several */
    static Clocks of(Collection<Generator> generators) {
        Map<Integer, Optional<ClockOffset>> offsets = new LinkedHashMap<>();
        generators.forEach(generator -> offsets.put(generator.number(), generator.clock()));
        boolean all = !offsets.isEmpty() && offsets.values().stream().allMatch(Optional::isPresent);
        return new Clocks(
                all
                        ? Optional.of(offsets.values().stream()
                                .map(Optional::orElseThrow)
                                .toList())
                        : Optional.empty());
    }

    /** Of the two clocks that were furthest apart. */
    Optional<ClockOffset> largestDifference() {
        return known.map(offsets -> {
            ClockOffset largest = new ClockOffset(0, 0);
            for (ClockOffset one : offsets) {
                for (ClockOffset other : offsets) {
                    if (one.aheadMs() - other.aheadMs() > largest.aheadMs()) {
                        largest = new ClockOffset(one.aheadMs() - other.aheadMs(), one.boundMs() + other.boundMs());
                    }
                }
            }
            return largest;
        });
    }

    String sentence() {
        return largestDifference()
                .map(largest -> String.format(
                        Locale.ROOT,
                        "The generators' clocks differed by up to %.1f ms, known to ± %.1f ms.",
                        largest.aheadMs(),
                        largest.boundMs()))
                .orElse(
                        "The generators' clocks were not compared: how far their windows overlapped is by what each clock"
                                + " showed.");
    }
}
