package nimload.capacity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalDouble;
import nimload.capacity.Found.Ended;
import nimload.capacity.Outcome.Cause;
import org.junit.jupiter.api.Test;

/** The answer as one sentence. */
class FoundTest {
    private static final OptionalDouble NONE = OptionalDouble.empty();

    private static String sentence(
            OptionalDouble low, OptionalDouble high, Cause cause, OptionalDouble client, Ended ended) {
        return new Found(List.of(Limit.percentile(95, 20)), low, high, NONE, cause, client, ended)
                .sentence("queries/s");
    }

    private static OptionalDouble of(double value) {
        return OptionalDouble.of(value);
    }

    @Test
    void anIntervalSaysWhatBrokeFirst() {
        assertEquals(
                "at least 812 and at most 836 queries/s at p95 <= 20 ms (95 %); latency broke first",
                sentence(of(812), of(836), Cause.LATENCY, NONE, Ended.PRECISE));
    }

    @Test
    void fourDigitsAreRoundedAwayFromEachOther() {
        assertEquals(
                "at least 20010 and at most 20560 queries/s at p95 <= 20 ms (95 %); errors broke first",
                sentence(of(20_019.9), of(20_550.1), Cause.ERRORS, NONE, Ended.PRECISE));
        assertEquals(
                "at least 4.012 and at most 4.124 queries/s at p95 <= 20 ms (95 %); latency broke first",
                sentence(of(4.01299), of(4.12301), Cause.LATENCY, NONE, Ended.PRECISE));
    }

    @Test
    void theClientIsNotTheTarget() {
        assertEquals(
                "at least 800 queries/s at p95 <= 20 ms (95 %); the client is the limit at 1600 queries/s",
                sentence(of(800), NONE, Cause.CLIENT, of(1600), Ended.CLIENT));
        assertEquals(
                "unknown number of queries/s at p95 <= 20 ms; the client is the limit at 1 queries/s",
                sentence(NONE, NONE, Cause.CLIENT, of(1), Ended.CLIENT));
    }

    @Test
    void anAnswerWithOneEndSaysWhy() {
        assertEquals(
                "at least 2000 queries/s at p95 <= 20 ms (95 %); nothing broke up to the highest value allowed",
                sentence(of(2000), NONE, Cause.NONE, NONE, Ended.HIGHEST));
        assertEquals(
                "less than 1 queries/s at p95 <= 20 ms (95 %); latency broke first",
                sentence(NONE, of(1), Cause.LATENCY, NONE, Ended.LOWEST));
        assertEquals(
                "at least 500 and at most 1000 queries/s at p95 <= 20 ms (95 %); latency broke first; "
                        + "stopped at the longest time allowed",
                sentence(of(500), of(1000), Cause.LATENCY, NONE, Ended.SECONDS));
    }

    @Test
    void severalLimitsAreNamed() {
        assertEquals(
                "at least 5 and at most 6 users at p99.9 <= 2.5 ms and errors <= 0.1 % (95 %); errors broke first",
                new Found(
                                List.of(Limit.percentile(99.9, 2.5), Limit.errors(0.001)),
                                of(5),
                                of(6),
                                of(5.5),
                                Cause.ERRORS,
                                NONE,
                                Ended.PRECISE)
                        .sentence("users"));
    }

    @Test
    void aLimitIsAShareAndATime() {
        assertEquals(0.05, Limit.percentile(95, 20).share());
        for (double share : new double[] {0, 1, -0.1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> Limit.errors(share));
        }
        assertEquals(
                "no limit: a share of 0.05 slower than 0.0 ms",
                assertThrows(IllegalArgumentException.class, () -> new Limit(0.05, 0))
                        .getMessage());
    }
}
