package nimload.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import nimload.measure.RecordedLevel;
import nimload.report.RunDocument;
import nimload.report.RunInfo;
import nimload.results.RunResults;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often a comparison is wrong, over a thousand pairs of made runs whose true ratio is known. */
class SimulatedComparisonTest {
    private static final int PAIRS = 1000;

    /** Requests' latencies scatter so much around the run's own, as a share. */
    private static final double WITHIN_RUNS = 0.05;

    private static final RunInfo INFO = new RunInfo(
            "nimload",
            "x",
            Instant.EPOCH,
            Map.of(),
            Duration.ofSeconds(5),
            Duration.ZERO,
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            1,
            1);

    /** 450 requests one after the other, in the run's own speed. */
    private static RunResults run(Random random, double millis, double betweenRuns) {
        double own = 1000 * millis * Math.exp(betweenRuns * random.nextGaussian());
        LongStream micros = LongStream.generate(
                        () -> Math.round(own * Math.exp(WITHIN_RUNS * random.nextGaussian())))
                .limit(450);
        return RunDocument.of(
                INFO,
                List.of(RunDocument.level(
                        new RecordedLevel().tokens(20).answers(micros).result(RecordedLevel.QUERY))));
    }

    private static long count(double ratio, double betweenRuns, Verdict verdict) {
        Random random = new Random(20261122);
        return IntStream.range(0, PAIRS)
                .filter(pair -> {
                    RunResults baseline = run(random, 10, betweenRuns);
                    RunResults run = run(random, 10 * ratio, betweenRuns);
                    return Comparison.of(List.of(baseline, run))
                                    .runs()
                                    .get(0)
                                    .levels()
                                    .get(0)
                                    .verdict()
                            == verdict;
                })
                .count();
    }

    /** The last with as much variation between runs as is assumed: p50 and the rate each have their own 5 %. */
    @ParameterizedTest
    @CsvSource({"0, 995", "0.005, 990", "0.01, 930"})
    void anIdenticalRerunShowsNoDifference(double betweenRuns, long atLeast) {
        assertThat(count(1, betweenRuns, Verdict.NO_DIFFERENCE)).isGreaterThanOrEqualTo(atLeast);
    }

    @ParameterizedTest
    @CsvSource({"0, 995", "0.005, 950", "0.01, 850"})
    void fivePerCentSlowerIsCalledSlower(double betweenRuns, long atLeast) {
        assertThat(count(1.05, betweenRuns, Verdict.SLOWER)).isGreaterThanOrEqualTo(atLeast);
    }

    @ParameterizedTest
    @CsvSource({"0.005, 950"})
    void fivePerCentFasterIsCalledFaster(double betweenRuns, long atLeast) {
        assertThat(count(1 / 1.05, betweenRuns, Verdict.FASTER)).isGreaterThanOrEqualTo(atLeast);
    }
}
