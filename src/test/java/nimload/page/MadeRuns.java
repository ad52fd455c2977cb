package nimload.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import nimload.results.EncodedHistogram;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.RunResults;
import nimload.results.Slice;
import nimload.results.TargetResults;
import org.HdrHistogram.Histogram;

/** Runs that nobody ran. */
final class MadeRuns {
    private MadeRuns() {}

    static RunResults of(List<LevelResults> levels) {
        return of(levels, levels.size());
    }

    /** Complete if as many levels were planned. */
    static RunResults of(List<LevelResults> levels, int planned) {
        return new RunResults(
                RunResults.SCHEMA,
                "nimload",
                "20261122-150000",
                Instant.parse("2026-11-22T15:00:00Z"),
                levels.size() == planned,
                planned,
                false,
                Map.of("embedding", new TargetResults("http://10.0.0.5:8000", "a/b", false, Map.of())),
                OptionalDouble.of(300),
                OptionalDouble.of(1.5),
                1,
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                levels,
                Optional.empty());
    }

    /** A level of queries whose p50 is {@code p50} ms. */
    static LevelResults level(int concurrency, double requestsPerSecond, double p50, long errors) {
        return level(concurrency, requestsPerSecond, p50, errors, List.of(), Optional.empty());
    }

    static LevelResults level(
            int concurrency,
            double requestsPerSecond,
            double p50,
            long errors,
            List<Slice> timeline,
            Optional<Histogram> micros) {
        OptionalDouble none = OptionalDouble.empty();
        return new LevelResults(
                "query c=" + concurrency,
                "query",
                20,
                OptionalInt.empty(),
                1,
                concurrency,
                true,
                List.of(),
                micros.map(Histogram::getTotalCount).orElse(500L) + errors,
                errors,
                Map.of(),
                Map.of(),
                Map.of(),
                new Latency(none, none, none, OptionalDouble.of(p50), none, none, none, none, none),
                OptionalDouble.of(300),
                OptionalDouble.of(requestsPerSecond),
                OptionalDouble.of(requestsPerSecond),
                none,
                none,
                OptionalInt.empty(),
                true,
                none,
                none,
                none,
                none,
                OptionalLong.empty(),
                Map.of(),
                none,
                Optional.empty(),
                timeline,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                micros.map(EncodedHistogram::of));
    }

    /** 23 levels of 5 minutes at 5,000 requests a second, each with three repeats of 40 parts. */
    static RunResults long23Levels() {
        List<LevelResults> levels = new ArrayList<>();
        for (int number = 1; number <= 23; number++) {
            Histogram micros = new Histogram(1, 60_000_000, 3);
            for (int step = 0; step < 1500; step++) {
                micros.recordValueWithCount(700L * number + step * step / 20, 1000);
            }
            List<Slice> timeline = new ArrayList<>();
            for (int repeat = 1; repeat <= 3; repeat++) {
                for (int part = 0; part < 40; part++) {
                    OptionalDouble value = OptionalDouble.of(number + part * 0.001);
                    timeline.add(
                            new Slice(repeat, part * 7.5, part * 7.5 + 7.5, 37_500, 0, value, value, value, value));
                }
            }
            levels.add(level(number, 5000, 0.7 * number, 0, timeline, Optional.of(micros)));
        }
        return of(levels);
    }
}
