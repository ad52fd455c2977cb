package nimload.results;

import java.util.Map;
import java.util.Objects;

/**
 * What came of the SLO.
 *
 * @param source the file
 * @param met whether the run is complete and every level that has limits met them all: of levels that did not run nobody
 *     knows
 * @param highestConcurrency of the levels that ran, by what of the grid it holds for ({@code query, 20 tokens, 1 text}):
 *     the highest concurrency that met the limits together with all lower ones of the run; 0 where not even the lowest
 *     did. Levels without limits do not count
 */
public record SloSummary(String source, boolean met, Map<String, Integer> highestConcurrency) {
    public SloSummary {
        Objects.requireNonNull(source, "source is missing");
        highestConcurrency = highestConcurrency == null ? Map.of() : Map.copyOf(highestConcurrency);
    }
}
