package nimload.twin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import nimload.nim.NimKind;
import nimload.plan.LoadPoint;
import nimload.plan.OwnTexts;
import nimload.results.Client;
import nimload.results.ClientAdds;
import nimload.results.Estimate;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.RunResults;
import nimload.results.ServerShare;

/**
 * What a level tells about a NIM's service times.
 *
 * @param items texts or pairs per request; the mean where requests differ
 * @param tokensPerItem as the server counted them, else as the texts were made
 * @param requestsPerSecond measured
 * @param p50Ms measured
 * @param p50Sure whether p50's own interval is narrow enough to judge a prediction by: between two speeds it is not
 * @param computeMs mean time of a request in the server's computation, by the server's own metrics; above 0
 * @param clientMs what the client adds to a latency, its median; 0 if that was not measured
 * @param clientP99Ms likewise, its p99; the median where that is not known
 * @param gapMs between an answer and the same user's next send
 * @param usable whether its numbers may be quoted, so that the fit may use them
 */
record RunLevel(
        String name,
        NimKind kind,
        int items,
        double tokensPerItem,
        int concurrency,
        double requestsPerSecond,
        double p50Ms,
        boolean p50Sure,
        OptionalDouble computeMs,
        double clientMs,
        double clientP99Ms,
        double gapMs,
        boolean usable) {

    /** How far the interval of a p50 may reach to either side of it, as a share of it. */
    private static final double SURE = 0.05;

    /**
     * The levels of a run and why others say nothing.
     *
     * @param passedOver a phrase for each of these others
     */
    record Found(List<RunLevel> levels, List<String> passedOver) {}

    static Found in(RunResults run) {
        List<RunLevel> levels = new ArrayList<>();
        List<String> passedOver = new ArrayList<>();
        for (LevelResults level : run.levels()) {
            Optional<String> why = unknown(level);
            why.ifPresent(reason -> passedOver.add(level.name() + ": " + reason));
            if (why.isEmpty()) {
                levels.add(of(level));
            }
        }
        return new Found(levels, passedOver);
    }

    long tokensPerRequest() {
        return Math.round(items * tokensPerItem);
    }

    /** Of latency: each user spends its time either waiting or in the gap. Known also where p50 is not sure. */
    double meanMs() {
        double roundMs = 1000 * concurrency / requestsPerSecond;
        return Math.max(roundMs / 2, roundMs - gapMs);
    }

    private static Optional<String> unknown(LevelResults level) {
        if (!level.point().load().closed() || level.concurrency() == 0) {
            return Optional.of("its requests arrive at a rate, and a fit needs a concurrency");
        }
        if (!level.point().alone()) {
            return Optional.of("its users did other things between its requests");
        }
        if (level.requests().successes() == 0 || level.requests().errors() > 0) {
            return Optional.of("requests failed");
        }
        if (level.throughput().requestsPerSecond().orElse(0) <= 0
                || level.percentile(Percentile.P50).orElse(0) <= 0) {
            return Optional.of("p50 or requests/s is not known");
        }
        if (level.replicas().size() > 1) {
            return Optional.of("several replicas answered, and a twin has one GPU");
        }
        if (items(level.point()) == 0 || tokens(level).isEmpty()) {
            return Optional.of("tokens or items per request are not known");
        }
        return Optional.empty();
    }

    private static RunLevel of(LevelResults level) {
        Client client = level.client();
        double rate = level.throughput().requestsPerSecond().orElseThrow();
        double p50 = level.percentile(Percentile.P50).orElseThrow();
        double mean = level.latency().avg().orElse(p50);
        double clientMs = client.adds()
                .map(ClientAdds::p50Ms)
                .orElse(OptionalDouble.empty())
                .orElse(0);
        return new RunLevel(
                level.name(),
                level.workload().nim(),
                items(level.point()),
                tokens(level).orElseThrow(),
                level.concurrency(),
                rate,
                p50,
                sure(level.latency().percentiles().get(Percentile.P50)),
                computeMs(level),
                clientMs,
                client.adds()
                        .map(ClientAdds::p99Ms)
                        .orElse(OptionalDouble.empty())
                        .orElse(clientMs),
                client.adds()
                        .map(ClientAdds::meanGapMs)
                        .orElse(OptionalDouble.empty())
                        // Each user spends its time either waiting or in the gap.
                        .orElse(Math.max(0, 1000 * level.concurrency() / rate - mean)),
                level.valid());
    }

    /** Counters that stood still give 0, which no computation takes. */
    private static OptionalDouble computeMs(LevelResults level) {
        return level
                .server()
                .map(ServerShare::times)
                .map(times -> times.computeMs())
                .orElse(OptionalDouble.empty())
                .stream()
                .filter(ms -> ms > 0)
                .findFirst();
    }

    /** Without an interval, as in an imported run, p50 is taken as it is. */
    private static boolean sure(Estimate p50) {
        return p50.interval()
                .map(interval -> interval.low().orElse(0) >= p50.value() * (1 - SURE)
                        && interval.high().orElse(Double.POSITIVE_INFINITY) <= p50.value() * (1 + SURE))
                .orElse(true);
    }

    private static int items(LoadPoint point) {
        return point.items() > 0
                ? point.items()
                : (int) Math.round(
                        point.texts().map(OwnTexts::meanItemsPerRequest).orElse(0.0));
    }

    private static OptionalDouble tokens(LevelResults level) {
        OptionalDouble measured = level.tokens().measuredPerItem();
        int made = level.point().tokensPerItem();
        return measured.isPresent() || made == 0 ? measured : OptionalDouble.of(made);
    }
}
