package nimload.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.tdunning.math.stats.AVLTreeDigest;
import io.gatling.javaapi.core.Assertion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import nimload.measure.Percentiles;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Percentile;
import nimload.slo.LevelSelector;
import nimload.slo.Limit;
import nimload.slo.Slo;
import org.HdrHistogram.Histogram;

/** Gatling's estimate is made here with its own digest, as its report makes it. */
class SloAssertionsTest {

    /** A fast part and a slow part with a cliff between them, the worst case for an estimate that interpolates. */
    @Property(tries = 1000)
    void whereNimloadsPercentileKeepsToTheLimitGatlingsDoes(
            @ForAll long seed,
            @ForAll Percentile percentile,
            @ForAll @IntRange(min = 1, max = 10) int timesNeeded,
            @ForAll @IntRange(min = 1, max = 3) int fastMillis) {
        Random random = new Random(seed);
        int count = (int) Math.min(100_000, timesNeeded * percentile.samplesNeeded());
        int fast = (int) Math.ceil(count * percentile.percent() / 100 - 1e-9);
        Histogram micros = new Histogram(5);
        AVLTreeDigest gatling = new AVLTreeDigest(100);
        List<Long> latencies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            latencies.add(i < fast ? 1 + (long) (random.nextDouble() * fastMillis * 1000) : 10_000_000);
        }
        Collections.shuffle(latencies, random);
        for (long latency : latencies) {
            micros.recordValue(latency);
            long start = 1000 + random.nextInt(1000);
            gatling.add(Math.max(1, (start + latency + 60) / 1000 - start / 1000));
        }
        double measured = Percentiles.millis(micros, percentile).orElseThrow();
        assertThat(Math.round(gatling.quantile(SloAssertions.percentile(percentile.percent()) / 100)))
                .isLessThanOrEqualTo(SloAssertions.millis(measured));
    }

    @Property
    void whereTheShareOfFailuresKeepsToTheLimitGatlingsDoes(
            @ForAll @IntRange(min = 0, max = 100) int percent, @ForAll @IntRange(min = 1, max = 1000) int hundreds) {
        long failed = (long) hundreds * percent;
        double gatlings = (double) failed / (hundreds * 100L) * 100;
        assertThat(gatlings).isLessThanOrEqualTo(SloAssertions.percent(percent / 100.0));
        assertThat((double) (failed + 1) / (hundreds * 100L) * 100)
                .as("one more")
                .isGreaterThan(SloAssertions.percent(percent / 100.0));
    }

    @Example
    void aLimitIsAnAssertionOnEachLevelThatItIsForAndThroughputIsNone() {
        Slo slo = new Slo(
                "slo.yaml",
                List.of(new Slo.Rule(
                        new LevelSelector(Set.of(), List.of(), List.of(), List.of(new LevelSelector.Range(1, 3))),
                        List.of(
                                new Limit.LatencyPercentile(Percentile.P95, 299.2),
                                new Limit.RequestsPerSecond(10),
                                new Limit.Goodput(5, 5, "/s"),
                                new Limit.ErrorShare(0.001)),
                        "line 1")));
        List<Assertion> assertions = SloAssertions.of(
                List.of(
                        new LoadPoint(Workload.QUERY, 20, 0, 1, 1),
                        new LoadPoint(Workload.QUERY, 20, 0, 1, 5),
                        new LoadPoint(Workload.QUERY, 20, 0, 1, 1)),
                slo);
        assertThat(assertions.stream().map(assertion -> assertion.asScala().toString()))
                .containsExactly(
                        "Assertion(Details(List(query 20 c=1 (1 text))),Time(ResponseTime,Percentile(80.0)),Lte(301.0))",
                        "Assertion(Details(List(query 20 c=1 (1 text))),Percent(FailedRequests),Lte(0.100000001))");
    }
}
