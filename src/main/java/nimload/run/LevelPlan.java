package nimload.run;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import nimload.nim.WireForm;
import nimload.plan.ArrivalTimes;
import nimload.plan.Headers;
import nimload.plan.Load;
import nimload.plan.LoadPoint;

/**
 * What a level sends, where to, and for how long.
 *
 * @param name unique in a run
 * @param announcement printed as it opens
 * @param servers base URLs of the NIM's replicas, to which its users are dealt out
 * @param balancer in front of servers that share the one address; empty if none was seen
 * @param series of its bodies, of which each is sent once: a level that repeats sends others each time; empty: a few take
 *     turns
 * @param expected what its right answers have in common
 * @param headers of its requests
 */
public record LevelPlan(
        String name,
        Optional<String> announcement,
        LoadPoint point,
        List<URI> servers,
        Optional<Balancer> balancer,
        OptionalInt series,
        RequestFactory requests,
        ExpectedAnswer expected,
        Times times,
        Headers headers) {

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

    /** Users of this generator. */
    int users() {
        return requests.format().share().users(point.concurrency());
    }

    /** What this generator does of the level, as a level. */
    LoadPoint part() {
        Load load = point.load();
        return point.atConcurrency(users())
                .at(new Load(requests.format().share().rate(load.requestsPerSecond()), load.arrivals()));
    }

    /** Its bodies, the first of them built. */
    Bodies bodies(Executor builder) {
        return series.isPresent()
                ? new FreshBodies(requests, point, series.getAsInt(), builder)
                : new TurnedBodies(requests, point);
    }

    /** Whether its requests are sent at set times. */
    public boolean open() {
        return !point.load().closed();
    }

    /** When, of an open level. */
    ArrivalTimes arrivalTimes() {
        long seed = requests.format().seed() + point.number() + series.orElse(0);
        return new ArrivalTimes(part().load(), requests.format().share().seed(seed));
    }

    /** Of its requests and answers. */
    WireForm form() {
        return requests.format().form(point.workload().nim());
    }

    /** Where requests are posted to, one URL per replica. */
    public List<String> urls() {
        return servers.stream().map(server -> server + form().route()).toList();
    }

    /** Which replica answers a user of this generator: those of all generators take turns. */
    int replicaOf(int user) {
        return (requests.format().share().usersBefore(point.concurrency()) + user) % servers.size();
    }

    AnswerCheck answerCheck() {
        return new AnswerCheck(form(), expected, headers, point.texts().isPresent());
    }
}
