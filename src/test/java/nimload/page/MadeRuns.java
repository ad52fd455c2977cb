package nimload.page;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import nimload.results.LevelResults;
import nimload.results.Made;
import nimload.results.Percentile;
import nimload.results.RunResults;
import nimload.results.Slice;
import org.HdrHistogram.Histogram;

/** Levels and runs as pages need them. */
public final class MadeRuns {
    private MadeRuns() {}

    /** A level of queries whose p50 is {@code p50} ms. */
    public static LevelResults level(int concurrency, double requestsPerSecond, double p50, long errors) {
        return made(concurrency, requestsPerSecond, p50).errors(errors).results();
    }

    private static Made.Level made(int concurrency, double requestsPerSecond, double p50) {
        return Made.query(concurrency).requestsPerSecond(requestsPerSecond).with(Percentile.P50, p50);
    }

    /** 23 levels of 5 minutes at 5,000 requests per second, each with three repeats of 40 parts. */
    public static RunResults long23Levels() {
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
            levels.add(made(number, 5000, 0.7 * number)
                    .timeline(timeline)
                    .latencies(micros)
                    .results());
        }
        return Made.run(levels);
    }
}
