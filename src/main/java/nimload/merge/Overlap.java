package nimload.merge;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import nimload.results.Generator;
import nimload.results.Generator.Window;

/**
 * How long the generators of a level measured at the same time.
 *
 * @param common seconds in which all of them did, at least
 * @param longest seconds of the longest window
 */
record Overlap(double common, double longest) {
    /** Below this share of the window, rates that are added up were not reached at the same time. */
    static final double ENOUGH = 0.98;

    /** Of the repeats that every generator has. */
    static Overlap of(List<Generator> generators) {
        Set<Integer> repeats = generators.stream()
                .map(generator ->
                        generator.windows().stream().map(Window::repeat).collect(Collectors.toSet()))
                .reduce((one, other) -> {
                    one.retainAll(other);
                    return one;
                })
                .orElse(Set.of());
        boolean compared = Clocks.of(generators).known().isPresent();
        double uncertain = compared
                ? generators.stream()
                        .map(generator -> generator.clock().orElseThrow().boundMs() / 1e3)
                        .sorted(Comparator.reverseOrder())
                        .limit(2)
                        .mapToDouble(bound -> bound)
                        .sum()
                : 0;
        List<Overlap> all = repeats.stream()
                .map(repeat -> of(generators, repeat, compared, uncertain))
                .toList();
        return new Overlap(
                all.stream().mapToDouble(Overlap::common).sum(),
                all.stream().mapToDouble(Overlap::longest).sum());
    }

    private static Overlap of(List<Generator> generators, int repeat, boolean compared, double uncertain) {
        double opened = Double.NEGATIVE_INFINITY;
        double closed = Double.POSITIVE_INFINITY;
        double longest = 0;
        Instant origin = window(generators.get(0), repeat).opened();
        for (Generator generator : generators) {
            Window window = window(generator, repeat);
            double ahead = compared ? generator.clock().orElseThrow().aheadMs() / 1e3 : 0;
            opened = Math.max(opened, seconds(origin, window.opened()) - ahead);
            closed = Math.min(closed, seconds(origin, window.closed()) - ahead);
            longest = Math.max(longest, seconds(window.opened(), window.closed()));
        }
        double unsure = generators.size() == 1 ? 0 : uncertain;
        return new Overlap(Math.max(0, closed - opened - unsure), longest);
    }

    private static Window window(Generator generator, int repeat) {
        return generator.windows().stream()
                .filter(window -> window.repeat() == repeat)
                .findFirst()
                .orElseThrow();
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e9;
    }

    /** 0 to 1. */
    double share() {
        return longest == 0 ? 0 : common / longest;
    }
}
