package nimload.page;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import nimload.results.LevelResults;

/**
 * Where more concurrency stops to pay: the level with the highest power, throughput ÷ latency (Kleinrock, Power and
 * deterministic rules of thumb for probabilistic problems in computer communications, ICC 1979), here requests a second ÷
 * p50. Below it throughput grows faster than latency, above it latency grows faster.
 *
 * @param concurrency of that level
 * @param atLowest whether no lower concurrency was measured
 * @param atHighest whether no higher concurrency was measured, so that the true knee may lie above
 */
record Knee(int concurrency, boolean atLowest, boolean atHighest) {
    private static final int MIN_LEVELS = 3;

    /**
     * @param levels of one shape
     * @return empty for fewer than three levels that answered without errors: then there is no curve
     */
    static Optional<Knee> of(List<LevelResults> levels) {
        List<LevelResults> known = levels.stream()
                .filter(level -> level.errors() == 0
                        && level.requestsPerSecond().isPresent()
                        && level.latencyMs().p50().isPresent())
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
        return level.requestsPerSecond().orElseThrow() / level.latencyMs().p50().orElseThrow();
    }

    String words() {
        if (atHighest) {
            return "not reached up to concurrency " + concurrency;
        }
        return "concurrency " + concurrency + (atLowest && concurrency > 1 ? " or lower" : "");
    }
}
