package nimload.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import nimload.results.EncodedHistogram;
import nimload.results.Latency;
import nimload.results.Ledger;
import nimload.results.Percentile;
import nimload.results.Searches;
import org.HdrHistogram.Histogram;

/**
 * Takes the outcome of each counted search of one level, and of its parts. Safe for many threads; times are of {@link
 * System#nanoTime()}.
 */
public final class SearchRecorder {
    /** As for single requests: beyond this share of p50, what the client is late by is in the numbers. */
    private static final double MAX_LATENESS = 0.25;

    private final LevelRecorder whole;
    private final PartRecorder embedding;
    private final PartRecorder pause;
    private final PartRecorder reranking;
    private final PartRecorder gaps;
    private final PartRecorder pauseLate;
    private long openedNanos;
    private long failed;

    /**
     * @param length of the window as planned; it may become longer
     * @param stalledNanos for which this client has stood still, on a counter that only grows
     * @param open whether searches are to begin at set times
     */
    public SearchRecorder(Duration length, LongSupplier stalledNanos, boolean open) {
        this.whole = new LevelRecorder(length, stalledNanos, open);
        this.embedding = new PartRecorder(length);
        this.pause = new PartRecorder(length);
        this.reranking = new PartRecorder(length);
        this.gaps = new PartRecorder(length);
        this.pauseLate = new PartRecorder(length);
    }

    public synchronized void open(long nanos) {
        openedNanos = nanos;
        whole.open(nanos);
    }

    public synchronized void close(long nanos) {
        whole.close(nanos);
        Stream.of(embedding, pause, reranking, gaps, pauseLate)
                .forEach(part -> part.windowEnds((nanos - openedNanos) / 1e9));
    }

    /** A counted search that arrives at a set time is to begin now, or as soon as one of {@code waiting} before it does. */
    public void arrived(int waiting) {
        whole.arrived(waiting);
    }

    /** Likewise, and it will not begin any more. */
    public void notSent() {
        whole.notSent();
    }

    /**
     * A search of which both answers were right.
     *
     * @param intendedNanos when it was to begin; empty: as soon as its user was ready
     * @param onTime whether a user was free to begin it at that time
     */
    public synchronized void succeeded(SearchTimes times, OptionalLong intendedNanos, boolean onTime) {
        long sent = times.embeddingSentNanos();
        long ended = times.rankedNanos();
        double seconds = (ended - openedNanos) / 1e9;
        whole.success(sent, ended, OptionalLong.empty(), false, times.stalledNanos());
        intendedNanos.ifPresent(intended -> {
            whole.responded(intended, ended);
            if (onTime) {
                whole.sent(intended, sent);
            }
        });
        embedding.record(seconds, times.embedding());
        pause.record(seconds, times.pause());
        reranking.record(seconds, times.reranking());
        gaps.record(seconds, times.gaps());
        embedding.service(times.embedding(), times.embeddingServiceMicros());
        reranking.service(times.reranking(), times.rerankingServiceMicros());
        pauseLate.record(seconds, times.pause() - times.pausePlannedNanos());
    }

    /** A search of which both answers were right, counted or not. */
    public void answeredRightly(long nanos) {
        whole.answeredRightly(nanos);
    }

    /** A search of which a step failed. */
    public synchronized void failed() {
        failed++;
    }

    /**
     * @param ingestion as in the results
     * @param steps the levels that are the searches' steps, and the ingestion
     */
    public synchronized Searches searches(String during, String ingestion, List<LoadPointResult> steps) {
        LevelSamples samples = whole.samples(
                new Ledger(0, 0, 0, 0, 0), new RepeatsSeen(0, 0, new Histogram(1), new Histogram(1)), Findings.NONE);
        Latency latency = RoundedLevel.latency(samples, samples::percentileInterval);
        return new Searches(
                during,
                ingestion,
                samples.successes() + failed,
                failed,
                Rounded.to(3, samples.requestsPerSecond()),
                latency,
                samples.responses().map(ResponseSamples::rounded),
                List.of(
                        part(Searches.EMBEDDING, embedding),
                        part(Searches.SEARCH, pause),
                        part(Searches.RERANKING, reranking),
                        part(Searches.GAPS, gaps)),
                pauseLate.latency(),
                reasons(latency.at(Percentile.P50), steps),
                samples.successes() == 0
                        ? Optional.empty()
                        : Optional.of(EncodedHistogram.of(samples.latencyMicros())));
    }

    private static Searches.Part part(String name, PartRecorder recorder) {
        return new Searches.Part(name, recorder.latency(), recorder.service());
    }

    private List<String> reasons(OptionalDouble p50, List<LoadPointResult> steps) {
        List<String> reasons = new ArrayList<>();
        for (LoadPointResult step : steps) {
            step.reasonsAgainst()
                    .forEach(reason -> reasons.add(step.point().workload().key() + ": " + reason));
        }
        OptionalDouble late = pauseLate.p90Millis();
        if (p50.isPresent() && late.isPresent() && late.getAsDouble() > MAX_LATENESS * p50.getAsDouble()) {
            reasons.add(String.format(
                    Locale.ROOT,
                    "client-limited: one pause in ten was more than %.2f ms too long, the searches' p50 is %.2f ms",
                    late.getAsDouble(),
                    p50.getAsDouble()));
        }
        return reasons;
    }
}
