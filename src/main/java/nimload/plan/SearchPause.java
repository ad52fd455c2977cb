package nimload.plan;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.plan.SettingValues.Given;

/**
 * The pause that stands for a vector search. In settings and results its text.
 *
 * @param median of the distribution; without {@code p95} each pause
 * @param p95 of a lognormal distribution; empty: all pauses are equally long
 */
public record SearchPause(Duration median, Optional<Duration> p95) {
    private static final Pattern LOGNORMAL = Pattern.compile("lognormal\\((\\w+), ?(\\w+)\\)");

    /** Of the standard normal distribution. */
    private static final double NORMAL_95 = 1.644854;

    private static final Duration LONGEST = Duration.ofMinutes(1);

    static SearchPause read(Given given) {
        Matcher lognormal = LOGNORMAL.matcher(given.value());
        if (!lognormal.matches()) {
            return new SearchPause(duration(given), Optional.empty());
        }
        Duration median = duration(given.with(lognormal.group(1)));
        Duration p95 = duration(given.with(lognormal.group(2)));
        if (median.isZero() || p95.compareTo(median) <= 0) {
            throw SettingParser.refused(
                    given,
                    "the p95 is not above the median",
                    "give a median above 0 and a larger p95, " + SettingParser.example(given, "'lognormal(5ms,20ms)'"));
        }
        return new SearchPause(median, Optional.of(p95));
    }

    private static Duration duration(Given given) {
        Duration duration = SettingParser.duration(given, Duration.ZERO);
        if (duration.compareTo(LONGEST) > 0) {
            throw SettingParser.refused(
                    given, "longer than a vector search takes", "give at most " + LONGEST.toSeconds() + "s");
        }
        return duration;
    }

    /**
     * How long the pause of a search is, in nanoseconds; of the same search always the same.
     *
     * @param search its number
     */
    public long nanos(long seed, long search) {
        if (p95.isEmpty()) {
            return median.toNanos();
        }
        double spread = Math.log((double) p95.get().toNanos() / median.toNanos()) / NORMAL_95;
        double normal = new SplittableRandom(new SplittableRandom(seed).nextLong() + search).nextGaussian();
        return Math.round(median.toNanos() * Math.exp(spread * normal));
    }

    /** As in settings: {@code 5ms} or {@code lognormal(5ms,20ms)}. */
    public String text() {
        return p95.map(high -> "lognormal(" + millis(median) + "," + millis(high) + ")")
                .orElseGet(() -> millis(median));
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }
}
