package nimload.merge;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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

    /** Of the two clocks that were furthest apart; empty for one clock. */
    Optional<ClockOffset> largestDifference() {
        List<ClockOffset> offsets = known.orElse(List.of());
        return IntStream.range(0, offsets.size())
                .boxed()
                .flatMap(one -> offsets.subList(one + 1, offsets.size()).stream()
                        .map(other -> new ClockOffset(
                                Math.abs(offsets.get(one).aheadMs() - other.aheadMs()),
                                offsets.get(one).boundMs() + other.boundMs())))
                .max(Comparator.comparingDouble(ClockOffset::aheadMs).thenComparingDouble(ClockOffset::boundMs));
    }

    /** For the notes of a run. */
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
