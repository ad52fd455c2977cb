package nimload.page;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import nimload.results.LevelResults;
import nimload.results.Percentile;

/**
 * Where more concurrency stops paying off: the level with the highest power, throughput ÷ latency (Kleinrock, Power and
 * deterministic rules of thumb for probabilistic problems in computer communications, ICC 1979), here requests per second
 * ÷ p50. Below it throughput grows faster than latency, above it latency grows faster.
 *
 * @param concurrency of that level
 * @param atLowest whether no lower concurrency was measured
 * @param atHighest whether no higher concurrency was measured, so that the true knee may lie above
 */
record Knee(int concurrency, boolean atLowest, boolean atHighest) {
    private static final int MIN_LEVELS = 3;

    /**
     * @param levels of one shape
     * @return empty for fewer than three levels of the closed model that answered without errors: then there is no curve
     */
    static Optional<Knee> of(List<LevelResults> levels) {
        List<LevelResults> known = levels.stream()
                .filter(level -> level.point().load().closed()
                        && level.requests().errors() == 0
                        && level.throughput().requestsPerSecond().isPresent()
                        && level.percentile(Percentile.P50).isPresent())
                .sorted(Comparator.comparingInt(LevelResults::concurrency))
                .toList();
        if (known.stream().map(LevelResults::concurrency).distinct().count() < MIN_LEVELS) {
            return Optional.empty();
        }
        LevelResults best =
                known.stream().max(Comparator.comparingDouble(Knee::power)).orElseThrow();
        return Optional.of(new Knee(
                best.concurrency(),
                best.concurrency() == known.get(0).concurrency(),
                best.concurrency() == known.get(known.size() - 1).concurrency()));
    }

    private static double power(LevelResults level) {
        return level.throughput().requestsPerSecond().orElseThrow()
                / level.percentile(Percentile.P50).orElseThrow();
    }

    String words() {
        if (atHighest) {
            return "knee not reached up to concurrency " + concurrency;
        }
        return "knee at concurrency " + concurrency + (atLowest && concurrency > 1 ? " or lower" : "");
    }
}
