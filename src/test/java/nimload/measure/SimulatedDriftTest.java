package nimload.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import nimload.results.Drift;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How often a level is called drifting, over many simulated levels of 40 to 79 parts whose truth is known. */
class SimulatedDriftTest {
    private static final double MILLIS = 20;

    /** As much work for each number of requests. */
    private static int levels(int requests) {
        return requests == 300 ? 400 : requests == 1500 ? 100 : 40;
    }

    /** @param shape factor on the latency over the share of the level that has passed */
    private static Steadiness level(
            int seed,
            double lengthMillis,
            int users,
            Function<SplittableRandom, DoubleSupplier> server,
            DoubleUnaryOperator shape) {
        SplittableRandom random = new SplittableRandom(seed);
        DoubleSupplier millis = server.apply(random);
        double window = lengthMillis / 1e3 / users;
        SliceRecorder recorder = new SliceRecorder(window * SliceRecorder.EXPECTED / (40 + seed % 40));
        double[] now = new double[users];
        for (int user = 0; now[user] < window; user = first(now)) {
            double latency = millis.getAsDouble() * shape.applyAsDouble(now[user] / window);
            now[user] += latency / 1e3;
            recorder.success(now[user], Math.round(1e3 * latency));
        }
        recorder.windowEnds(window);
        return Steadiness.of(recorder.slices());
    }

    private static int first(double[] now) {
        int first = 0;
        for (int user = 1; user < now.length; user++) {
            first = now[user] < now[first] ? user : first;
        }
        return first;
    }

    private static double share(
            int requests,
            double meanMillis,
            Function<SplittableRandom, DoubleSupplier> server,
            DoubleUnaryOperator shape,
            Predicate<Steadiness> counted) {
        int levels = levels(requests);
        double count = IntStream.range(0, levels)
                .parallel() // thousands of levels of a few milliseconds each
                .mapToObj(seed -> level(seed, requests * meanMillis, seed % 2 == 0 ? 1 : 5, server, shape))
                .filter(counted)
                .count();
        return count / levels;
    }

    private static boolean drifts(Steadiness steadiness) {
        return steadiness.drift().verdict().equals(Drift.DRIFTING);
    }

    private static void assertSeldomDrifts(Wandering server, int requests, double atMost) {
        assertThat(share(requests, server.meanMs(), server::with, time -> 1, SimulatedDriftTest::drifts))
                .as("%d requests", requests)
                .isLessThanOrEqualTo(atMost);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"TWO_REGIMES", "COHORTS"})
    void aServerThatWandersDriftsInAtMost2PerCentOfLevels(Wandering server) {
        for (int requests : new int[] {300, 1500, 10_000}) {
            assertSeldomDrifts(server, requests, 0.02);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1500, 10_000})
    void aServerThatSwitchesEvery50RequestsDriftsInAtMost2PerCentOfLevels(int requests) {
        assertSeldomDrifts(Wandering.TWO_REGIMES, requests, 0.02);
    }

    /** Of 300 requests, 1.5 % of the levels switch exactly once: nothing tells them from a change. */
    @Test
    void aServerThatSwitchesSixTimesInALevelDriftsInAtMost4PerCentOfLevels() {
        assertSeldomDrifts(Wandering.TWO_REGIMES, 300, 0.04);
    }

    private static Function<SplittableRandom, DoubleSupplier> noise(double share, double correlation) {
        return random -> {
            DoubleSupplier noise = Wandering.noise(random, share, correlation);
            return () -> MILLIS * noise.getAsDouble();
        };
    }

    private static void assertFound(
            int fewest, double noise, double correlation, DoubleUnaryOperator shape, String detail, String advice) {
        for (int requests :
                IntStream.of(300, 1500, 10_000).filter(each -> each >= fewest).toArray()) {
            assertThat(share(
                            requests,
                            MILLIS,
                            noise(noise, correlation),
                            shape,
                            level -> level.disqualifies()
                                    && level.drift().detail().matches(detail)
                                    && level.drift().advice().orElseThrow().equals(advice)))
                    .as("%d requests", requests)
                    .isGreaterThanOrEqualTo(0.95);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "0.5"})
    void fiftyPerCentMoreInTheFirstTenthIsFoundIn95PerCentOfLevels(double correlation) {
        assertFound(
                300,
                0.05,
                correlation,
                time -> time < 0.1 ? 1.5 : 1,
                "latency fell from .* to .* ms in the first tenth",
                "lengthen nim.warmup");
    }

    @ParameterizedTest
    @CsvSource({"0", "0.5"})
    void twentyPerCentMoreInTheLastFifthIsFoundIn95PerCentOfLevels(double correlation) {
        assertFound(
                300,
                0.05,
                correlation,
                time -> time >= 0.8 ? 1.2 : 1,
                "latency rose from .* to .* ms in the last fifth",
                "the GPU became slower (clocks, temperature, other load)");
    }

    @ParameterizedTest
    @CsvSource({"0", "0.5"})
    void bothAreFoundTogetherIn95PerCentOfLevelsOf1500Requests(double correlation) {
        assertFound(
                1500,
                0.05,
                correlation,
                time -> time < 0.1 ? 1.5 : time >= 0.8 ? 1.2 : 1,
                "latency fell from .* to .* ms in the first tenth",
                "lengthen nim.warmup");
    }

    @ParameterizedTest
    @CsvSource({"0.1, the GPU became slower (clocks; temperature; other load)", "-0.1, lengthen nim.warmup"})
    void aRampOfTenPerCentIsFoundIn95PerCentOfLevels(double rise, String advice) {
        assertFound(
                300,
                0.02,
                0,
                time -> 1 + rise * time,
                "latency (rose|fell) slowly from .* to .* ms over the whole level",
                advice.replace(';', ','));
    }
}
