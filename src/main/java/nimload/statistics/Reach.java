package nimload.statistics;

import java.util.Arrays;
import java.util.Optional;

/**
 * From the lowest to the highest value of a level's parts in time: what an interval is where latency remembers for long.
 *
 * <p>Where neighbouring parts are much alike, a level is worth so few independent requests that their scatter says nothing: a
 * GPU that has two speeds for seconds each shows a few changes in a level. Yet about half of the parts lie on either side of
 * the true value. It is outside this reach only if latency has stayed on one side of it for the whole level, which noise
 * whose memory (until its correlation is 1 ÷ e) is a third of the level does in 2 ÷ π × arcsin(e⁻³) = 3 % of levels, and of a
 * quarter in 1 % (Slepian, The one-sided barrier problem for Gaussian noise, Bell System Technical Journal 41, 1962).
 *
 * @param interval from the lowest to the highest
 * @param correlation of neighbours
 */
public record Reach(Interval interval, double correlation) {
    /** Fewer parts have none. */
    private static final int FEWEST = 20;

    /** @param parts in order of time; empty for fewer than twenty */
    public static Optional<Reach> of(double[] parts) {
        if (parts.length < FEWEST) {
            return Optional.empty();
        }
        double mean = Arrays.stream(parts).average().orElseThrow();
        return Optional.of(new Reach(
                Interval.of(
                        Arrays.stream(parts).min().orElseThrow(),
                        Arrays.stream(parts).max().orElseThrow()),
                Scatter.correlation(
                        Arrays.stream(parts).map(part -> part - mean).toArray())));
    }
}
