package nimload.compare;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.OptionalDouble;
import java.util.function.Function;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.Repeat;

/** What is compared of a level. */
public enum Metric {
    REQUESTS_PER_SECOND("requestsPerSecond", LevelResults::requestsPerSecond, Repeat::requestsPerSecond),
    P50("p50", Latency::p50),
    P95("p95", Latency::p95),
    P99("p99", Latency::p99);

    private final String key;
    private final Function<LevelResults, OptionalDouble> ofLevel;
    private final Function<Repeat, OptionalDouble> ofRepeat;

    Metric(String key, Function<Latency, OptionalDouble> latency) {
        this(key, level -> latency.apply(level.latencyMs()), repeat -> latency.apply(repeat.latencyMs()));
    }

    Metric(String key, Function<LevelResults, OptionalDouble> ofLevel, Function<Repeat, OptionalDouble> ofRepeat) {
        this.key = key;
        this.ofLevel = ofLevel;
        this.ofRepeat = ofRepeat;
    }

    /** As in results.json. */
    @JsonValue
    public String key() {
        return key;
    }

    public boolean higherIsBetter() {
        return this == REQUESTS_PER_SECOND;
    }

    /** In ms or a second; empty where not known. */
    OptionalDouble of(LevelResults level) {
        return ofLevel.apply(level);
    }

    OptionalDouble of(Repeat repeat) {
        return ofRepeat.apply(repeat);
    }
}
