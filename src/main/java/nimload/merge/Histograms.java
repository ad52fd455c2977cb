package nimload.merge;

import java.util.List;
import java.util.Optional;
import nimload.results.EncodedHistogram;
import org.HdrHistogram.Histogram;

/** Sums of the parts' histograms. */
final class Histograms {
    private Histograms() {}

    /**
     * With the digits of the coarsest.
     *
     * @param parts those that have samples
     * @return empty where there is none, or one lacks its histogram
     */
    static Optional<Histogram> sum(List<Optional<EncodedHistogram>> parts) {
        if (parts.isEmpty() || parts.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        List<Histogram> histograms =
                parts.stream().map(part -> part.orElseThrow().decode()).toList();
        Histogram sum = new Histogram(histograms.stream()
                .mapToInt(Histogram::getNumberOfSignificantValueDigits)
                .min()
                .orElseThrow());
        histograms.forEach(sum::add);
        return Optional.of(sum);
    }
}
