package nimload.run;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import nimload.plan.ApiKey;
import nimload.plan.LoadPoint;

/**
 * What a level sends, where to, and for how long.
 *
 * @param name unique in a run
 * @param announcement printed as it opens
 * @param server base URL of the NIM
 * @param series of its bodies, of which each is sent once: a level that repeats sends others each time; empty: a few take
 *     turns
 * @param expected what its right answers have in common
 * @param apiKey hidden wherever a server echoes it; empty if the server gets none
 */
public record LevelPlan(
        String name,
        Optional<String> announcement,
        LoadPoint point,
        URI server,
        OptionalInt series,
        RequestFactory requests,
        ExpectedAnswer expected,
        Times times,
        Optional<ApiKey> apiKey) {

    /**
     * @param warmUp before the window, at least
     * @param measurement the window, at least
     * @param longest the window, at most, while it waits for {@code samples}
     * @param samples right answers that the window is to have
     * @param precision half the width of the intervals of p50, p95 and requests/s that it is to have, as a share; empty: any
     * @param comparison after a window of {@code measurement}, at most, in which measured bodies are sent again
     * @param requestTimeout from send to last byte
     */
    public record Times(
            Duration warmUp,
            Duration measurement,
            Duration longest,
            long samples,
            OptionalDouble precision,
            Duration comparison,
            Duration requestTimeout) {
        /** As much of a longer window as of one that is as long as planned. */
        long comparisonAfter(long windowNanos) {
            return Math.round((double) windowNanos / measurement.toNanos() * comparison.toNanos());
        }

        /** A window of a fixed length, with nothing after it. */
        static Times fixed(Duration warmUp, Duration measurement, Duration requestTimeout) {
            return new Times(
                    warmUp, measurement, measurement, 0, OptionalDouble.empty(), Duration.ZERO, requestTimeout);
        }
    }

    /** Its bodies, the first of them built. */
    Bodies bodies(Executor builder) {
        return series.isPresent()
                ? new FreshBodies(requests, point, series.getAsInt(), builder)
                : new TurnedBodies(requests, point);
    }

    AnswerCheck answerCheck() {
        return new AnswerCheck(
                point.workload().nim(), expected, apiKey, point.texts().isPresent());
    }

    /** Where its requests are posted to. */
    public URI url() {
        return URI.create(server + point.workload().nim().route());
    }
}
