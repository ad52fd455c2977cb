package nimload.results;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.statistics.Interval;
import org.HdrHistogram.Histogram;

/** Runs and levels made up for tests. What a test does not name is a plain default, or not known. */
public final class Made {
    public static final Instant STARTED = Instant.parse("2026-11-22T15:00:00Z");

    private Made() {}

    /** Of a run of real NIMs. */
    public static RunInfo info(int levelsPlanned, int repeats) {
        return new RunInfo(
                "nimload 0.1.0",
                "20261122-150000",
                STARTED,
                levelsPlanned,
                false,
                Map.of("embedding", new TargetResults("http://10.0.0.5:8000", "a/b", false, Map.of())),
                OptionalDouble.of(5),
                OptionalDouble.of(1.5),
                repeats,
                Map.of("nim.apiKey", "***"),
                Map.of("seed", "1"),
                Map.of("cores", "2"),
                List.of("A note."));
    }

    /** Of a run of real NIMs, the embedding one with replicas, for which the user gave these settings. */
    public static RunInfo info(Map<String, String> settings, List<String> replicas) {
        RunInfo info = info(1, 1);
        return new RunInfo(
                info.tool(),
                info.id(),
                info.started(),
                info.levelsPlanned(),
                info.emulated(),
                Map.of(
                        "embedding",
                        new TargetResults("http://10.0.0.5:8000", replicas, "a/b", false, Map.of(), Map.of())),
                info.durationSeconds(),
                info.warmUpSeconds(),
                info.repeats(),
                settings,
                info.effective(),
                info.client(),
                info.notes());
    }

    /** Complete if as many levels were planned. */
    public static RunResults run(List<LevelResults> levels, int planned) {
        return new RunResults(RunResults.SCHEMA, info(planned, 1), levels.size() == planned, levels, Optional.empty());
    }

    public static RunResults run(List<LevelResults> levels) {
        return run(levels, levels.size());
    }

    /** A level of queries of 20 tokens. */
    public static Level query(int concurrency) {
        return new Level(new LoadPoint(Workload.QUERY, 20, 0, 1, concurrency));
    }

    /** A level under construction. */
    public static final class Level {
        private final LoadPoint point;
        private final Map<Percentile, Estimate> percentiles = new EnumMap<>(Percentile.class);
        private final List<String> reasons = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();
        private OptionalDouble elapsedSeconds = OptionalDouble.of(5);
        private Optional<Estimate> rate = Optional.empty();
        private long successes = 500;
        private long errors;
        private List<Slice> timeline = List.of();
        private Optional<EncodedHistogram> histogram = Optional.empty();
        private Optional<ServerShare> server = Optional.empty();
        private Optional<Arrivals> arrivals = Optional.empty();

        public Level(LoadPoint point) {
            this.point = point;
        }

        /** @param percent of the interval, to both sides */
        public Level with(Percentile percentile, double millis, double percent) {
            percentiles.put(percentile, estimate(millis, percent));
            return this;
        }

        public Level with(Percentile percentile, Estimate millis) {
            percentiles.put(percentile, millis);
            return this;
        }

        /** Of an open level: as many requests as it has, with a send lag of 0.12 ms. */
        public Level arrivals(Map<Percentile, Estimate> response, int mostWaiting) {
            OptionalDouble unknown = OptionalDouble.empty();
            arrivals = Optional.of(new Arrivals(
                    successes,
                    OptionalDouble.of(point.load().requestsPerSecond()),
                    0,
                    mostWaiting,
                    new Latency(unknown, unknown, unknown, unknown, response),
                    new Latency(unknown, unknown, unknown, unknown, Map.of(Percentile.P90, Estimate.of(0.12))),
                    Optional.empty()));
            return this;
        }

        public Level requestsPerSecond(Estimate value) {
            rate = Optional.of(value);
            return this;
        }

        public Level with(Percentile percentile, double millis) {
            percentiles.put(percentile, Estimate.of(millis));
            return this;
        }

        /** As of few requests: the true value may lie anywhere above. */
        public Level withoutUpperBound(Percentile percentile, double millis) {
            Interval above = new Interval(OptionalDouble.of(millis), OptionalDouble.empty());
            percentiles.put(percentile, new Estimate(millis, Optional.of(above)));
            return this;
        }

        public Level requestsPerSecond(double value) {
            rate = Optional.of(Estimate.of(value));
            return this;
        }

        public Level requestsPerSecond(double value, double percent) {
            rate = Optional.of(estimate(value, percent));
            return this;
        }

        public Level errors(long failed) {
            errors = failed;
            return this;
        }

        public Level notValid(String reason) {
            reasons.add(reason);
            return this;
        }

        /** A reason that lies with the target; {@link #notValid} gives it too. */
        public Level failed(String reason) {
            failures.add(reason);
            return this;
        }

        public Level withoutElapsedTime() {
            elapsedSeconds = OptionalDouble.empty();
            return this;
        }

        public Level timeline(List<Slice> slices) {
            timeline = slices;
            return this;
        }

        /** By the server's counter. */
        public Level joulesPer1000Items(double joules) {
            OptionalDouble unknown = OptionalDouble.empty();
            GpuUse gpu = new GpuUse(
                    unknown, unknown, unknown, unknown, unknown, unknown, unknown, OptionalDouble.of(joules));
            server = Optional.of(
                    new ServerShare(2, gpu, null, OptionalLong.empty(), OptionalLong.empty(), Map.of(), List.of()));
            return this;
        }

        public Level latencies(Histogram micros) {
            histogram = Optional.of(EncodedHistogram.of(micros));
            successes = micros.getTotalCount();
            return this;
        }

        public LevelResults results() {
            return new LevelResults(
                    point,
                    Validity.of(reasons, failures, List.of()),
                    Requests.of(successes + errors, errors),
                    new Latency(
                            OptionalDouble.empty(),
                            OptionalDouble.empty(),
                            OptionalDouble.empty(),
                            OptionalDouble.empty(),
                            percentiles),
                    new Throughput(
                            elapsedSeconds,
                            rate,
                            rate.map(known -> OptionalDouble.of(known.value() * point.items()))
                                    .orElse(OptionalDouble.empty()),
                            OptionalDouble.empty(),
                            OptionalDouble.empty(),
                            OptionalDouble.empty(),
                            arrivals),
                    new Tokens(OptionalDouble.empty(), OptionalDouble.empty(), Tokens.UNKNOWN.expectedPerItem(), true),
                    Client.UNKNOWN,
                    new Course(Optional.empty(), timeline, List.of()),
                    Evidence.UNKNOWN,
                    server,
                    List.of(),
                    List.of(),
                    histogram);
        }

        /** @param percent of the interval, to both sides */
        public static Estimate estimate(double value, double percent) {
            return new Estimate(
                    value, Optional.of(Interval.of(value * (1 - percent / 100), value * (1 + percent / 100))));
        }
    }
}
