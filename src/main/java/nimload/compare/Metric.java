package nimload.compare;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.Repeat;
import nimload.results.Throughput;

/** What is compared per level. */
public enum Metric {
    REQUESTS_PER_SECOND(Throughput.REQUESTS, level -> level.throughput().requests(), Repeat::requestsPerSecond),
    P50(Percentile.P50),
    P95(Percentile.P95),
    P99(Percentile.P99);

    private final String key;
    private final Function<LevelResults, Optional<Estimate>> ofLevel;
    private final Function<Repeat, OptionalDouble> ofRepeat;

    Metric(Percentile percentile) {
        this(
                percentile.key(),
                level -> level.response().estimate(percentile),
                repeat -> repeat.latencyMs().at(percentile));
    }

    Metric(String key, Function<LevelResults, Optional<Estimate>> ofLevel, Function<Repeat, OptionalDouble> ofRepeat) {
        this.key = key;
        this.ofLevel = ofLevel;
        this.ofRepeat = ofRepeat;
    }

    /** As in results.json. */
    @JsonValue
    public String key() {
        return key;
    }

    /** For people: {@code p50}, {@code req/s}. */
    String title() {
        return this == REQUESTS_PER_SECOND ? "req/s" : key;
    }

    /** Of its values. */
    String unit() {
        return this == REQUESTS_PER_SECOND ? "/s" : "ms";
    }

    public boolean higherIsBetter() {
        return this == REQUESTS_PER_SECOND;
    }

    /** Whether it decides the level's verdict. The tail, p95 and p99, gets a verdict per number only. */
    boolean decides() {
        return this == REQUESTS_PER_SECOND || this == P50;
    }

    /** In ms or per second; empty where not known. */
    Optional<Estimate> of(LevelResults level) {
        return ofLevel.apply(level);
    }

    /** In ms or per second; empty where not known. */
    OptionalDouble of(Repeat repeat) {
        return ofRepeat.apply(repeat);
    }
}
