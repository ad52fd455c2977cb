package nimload.measure;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nimload.plan.LoadPoint;
import nimload.results.Drift;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.Replica;
import nimload.results.ServerShare;
import nimload.servermetrics.ClientCount;
import nimload.servermetrics.ServerSeen;
import nimload.statistics.Interval;
import org.HdrHistogram.Histogram;

/**
 * One finished level: the plan and the outcome.
 *
 * @param samples of all repeats together
 * @param replicas the share of each, of a level with several; empty otherwise
 * @param machine how busy the load generator was
 * @param seen what the watches saw besides the requests
 * @param ended when
 * @param repeats of which it consists; empty for a level that ran once
 */
public record LoadPointResult(
        LoadPoint point,
        LevelSamples samples,
        List<ReplicaSamples> replicas,
        TokenCheck tokenCheck,
        ClientLoad machine,
        Observations seen,
        Instant ended,
        List<LoadPointResult> repeats) {
    /** Tolerance for texts of 100 tokens and more; shorter ones must be exact. */
    private static final double TOKEN_TOLERANCE = 0.01;

    private static final int EXACT_BELOW_TOKENS = 100;

    /** Silence longer than all three is a reason: medians, ms, share of the window. */
    private static final double SILENT_MEDIANS = 10;

    private static final double SILENT_MILLIS = 100;
    private static final double SILENT_SHARE = 0.01;

    /** Requests in flight on the fullest replica ÷ on the emptiest. */
    private static final double UNEVEN = 1.1;

    /** A cache answers at once; the same server in the same state scatters less. */
    private static final double CACHED = 0.8;

    /** Of an open level: its queue is long at one time and short at another, and few new texts are among those sent again. */
    private static final double CACHED_OPEN = 0.5;

    private static final double CACHED_MILLIS = 0.3;
    private static final int FEWEST_REPEATS = 10;

    private static final Percentile HIGHEST_PERCENTILE = Percentile.P99;

    /** A level that ran once, on one server. */
    public LoadPointResult(
            LoadPoint point,
            LevelSamples samples,
            TokenCheck tokenCheck,
            ClientLoad machine,
            Observations seen,
            Instant ended) {
        this(point, samples, List.of(), tokenCheck, machine, seen, ended, List.of());
    }

    /**
     * Several runs of the same level as one.
     *
     * @param runs at least one, in the order in which they ran
     */
    public static LoadPointResult together(List<LoadPointResult> runs) {
        LoadPointResult last = runs.get(runs.size() - 1);
        return runs.size() == 1
                ? last
                : new LoadPointResult(
                        last.point,
                        LevelSamples.together(
                                runs.stream().map(LoadPointResult::samples).toList()),
                        ReplicaSamples.together(
                                runs.stream().map(LoadPointResult::replicas).toList()),
                        last.tokenCheck,
                        ClientLoad.mean(
                                runs.stream().map(LoadPointResult::machine).toList()),
                        Observations.together(
                                runs.stream().map(LoadPointResult::held).toList()),
                        last.ended,
                        List.copyOf(runs));
    }

    /** The runs of this level; itself if it ran once. */
    public List<LoadPointResult> runs() {
        return repeats.isEmpty() ? List.of(this) : repeats;
    }

    /** The 95 % interval of a percentile in ms; empty where the percentile is, and where one of three repeats lacks it. */
    public Optional<Interval> percentileInterval(Percentile percentile) {
        return RepeatedLevel.percentileInterval(runSamples(), percentile, samples.percentileInterval(percentile));
    }

    /** Coefficient of variation of requests a second over the repeats; empty for one. */
    public OptionalDouble betweenRunVariation() {
        return RepeatedLevel.variation(runSamples());
    }

    private List<LevelSamples> runSamples() {
        return runs().stream().map(LoadPointResult::samples).toList();
    }

    /** Whether latency still moved, in the run in which it moved most. */
    public Drift drift() {
        return steadiness().drift();
    }

    private Steadiness steadiness() {
        return runs().stream()
                .map(run -> Steadiness.of(run.samples.slices()))
                .max(Comparator.comparingDouble(Steadiness::moved))
                .orElseThrow();
    }

    /** As the results hold it: rounded to what was measured, absent where not known. */
    public LevelResults results() {
        return RoundedLevel.of(this);
    }

    /** Requests that were sent and counted: successful and failed. */
    public long requests() {
        return samples.successes() + samples.errorCount();
    }

    /**
     * Right answers within a limit, per second of the window; of an open level by its response times. Empty without a window.
     *
     * @param millis may be infinite
     */
    public OptionalDouble goodputPerSecond(double millis) {
        Histogram micros =
                samples.responses().map(ResponseSamples::responseMicros).orElseGet(samples::latencyMicros);
        long window = samples.responses().map(ResponseSamples::windowNanos).orElseGet(samples::windowNanos);
        // The histogram's ranges are 2^-17 of their values wide; one that the limit lies in counts.
        long within = millis * 1e3 < micros.getMaxValue()
                ? micros.getCountBetweenValues(0, Math.round(millis * 1e3))
                : micros.getTotalCount();
        return window == 0 ? OptionalDouble.empty() : OptionalDouble.of(Rounded.to(3, within / (window / 1e9)));
    }

    /** Texts or pairs a second. */
    public OptionalDouble itemsPerSecond() {
        OptionalDouble rate = samples.requestsPerSecond();
        return rate.isPresent() ? OptionalDouble.of(rate.getAsDouble() * itemsPerRequest()) : rate;
    }

    /** Texts or pairs: as planned, or the mean where each request has as many as the user's file says. */
    private double itemsPerRequest() {
        return point.items() > 0 || samples.successes() == 0
                ? point.items()
                : (double) samples.sizes().items() / samples.successes();
    }

    /** By the server's own count, as it gives it. */
    public OptionalDouble tokensPerSecond() {
        return samples.tokens().isPresent() && tokenCheck.verified()
                ? OptionalDouble.of(samples.tokens().getAsLong() / (samples.windowNanos() / 1e9))
                : OptionalDouble.empty();
    }

    /** Tokens of a text, or of a (query, passage) pair, by the server's own count; empty where that is unknown. */
    public OptionalDouble measuredTokensPerItem() {
        return samples.tokens().isEmpty() || !tokenCheck.verified() || !tokenCheck.perItem()
                ? OptionalDouble.empty()
                : OptionalDouble.of(perItem(samples.tokens().getAsLong()));
    }

    /** Likewise, of the lengths that were drawn; empty where all texts have the same length. */
    OptionalDouble drawnTokensPerItem() {
        return point.spread() == 0 || samples.successes() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(perItem(samples.sizes().plannedTokens()));
    }

    private double perItem(long tokens) {
        double perRequest = (double) tokens / samples.successes();
        int once = tokenCheck.queryTokensOnce();
        return (perRequest - once) / itemsPerRequest() + once;
    }

    /** Of a text or pair as it was built; empty where nobody planned it. */
    private OptionalDouble expectedTokensPerItem() {
        return point.spread() > 0
                ? drawnTokensPerItem()
                : tokenCheck.expectedPerItem() > 0
                        ? OptionalDouble.of(tokenCheck.expectedPerItem())
                        : OptionalDouble.empty();
    }

    /** What the server reported, next to what this client counted. */
    public Optional<ServerShare> server() {
        return held().server().map(server -> server.share(clientCount()));
    }

    /** What was seen, the server's figures held against this client's; of repeats each run's have been. */
    private Observations held() {
        return repeats.isEmpty()
                ? seen.heldAgainst(
                        clientCount(),
                        replicas.stream()
                                .map(replica -> replica.count(point.items()))
                                .toList())
                : seen;
    }

    /** Each replica's share, with what its server reported. */
    List<Replica> replicaResults() {
        List<Optional<ServerSeen>> servers = held().replicas();
        return IntStream.range(0, replicas.size())
                .mapToObj(number -> replicas.get(number)
                        .rounded(servers.isEmpty() ? Optional.empty() : servers.get(number), point.items()))
                .toList();
    }

    private ClientCount clientCount() {
        return new ClientCount(
                samples.ledger(),
                itemsPerRequest(),
                point.concurrency(),
                samples.windowNanos() / 1e9,
                samples.inFlightNanosSum() / 1e9);
    }

    private Optional<String> sharedWithOthers() {
        List<Optional<ServerSeen>> servers = held().replicas();
        return held().server()
                .flatMap(server -> server.sharedWithOthers(clientCount()))
                .or(() -> IntStream.range(0, servers.size())
                        .mapToObj(number -> servers.get(number)
                                .flatMap(server -> server.sharedWithOthers(
                                        replicas.get(number).count(point.items())))
                                .map(words ->
                                        words + " (" + replicas.get(number).url() + ")"))
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    /** One address that hides several servers: users may have reached some of them only. */
    private Optional<String> severalServers() {
        return samples.findings()
                .severalServers()
                .or(() -> runs().stream()
                        .flatMap(run -> run.held().server().stream())
                        .flatMap(server -> server.several().stream())
                        .findFirst())
                .map(evidence -> "not of one server: " + evidence + "; several share this address");
    }

    /** Replicas that had more requests in flight than others: the deployment could do better. */
    private Optional<String> uneven() {
        double[] inFlight = replicas.stream()
                .flatMapToDouble(replica -> replica.inFlight().stream())
                .sorted()
                .toArray();
        if (inFlight.length < 2 || inFlight[inFlight.length - 1] <= UNEVEN * inFlight[0]) {
            return Optional.empty();
        }
        return Optional.of(format(
                "uneven: %.2f requests in flight on one replica, %.2f on another; %s",
                inFlight[inFlight.length - 1],
                inFlight[0],
                point.concurrency() % replicas.size() == 0
                        ? "one answers more slowly or fails"
                        : "give a concurrency that " + replicas.size() + " divides"));
    }

    /** Why the numbers should not be quoted, each reason in one phrase; empty if they may. */
    public List<String> reasonsAgainst() {
        List<String> reasons = new ArrayList<>(failures());
        reasons.addAll(clientLimits());
        runs().stream()
                .flatMap(run -> run.sharedWithOthers().stream())
                .findFirst()
                .ifPresent(reasons::add);
        severalServers().ifPresent(reasons::add);
        uneven().ifPresent(reasons::add);
        silence().ifPresent(reasons::add);
        Steadiness steadiness = steadiness();
        if (steadiness.disqualifies()) {
            reasons.add("not steady: " + steadiness.drift().words());
        }
        return reasons;
    }

    /** A time without any answer that no percentile shows. */
    private Optional<String> silence() {
        OptionalDouble p50 = samples.percentileMillis(Percentile.P50);
        if (p50.isEmpty()) {
            return Optional.empty();
        }
        double atLeast = Math.max(
                Math.max(SILENT_MEDIANS * p50.getAsDouble(), SILENT_MILLIS),
                SILENT_SHARE * samples.windowNanos() / 1e6);
        return samples.silence()
                .filter(longest -> longest.nanos() / 1e6 > atLeast)
                .map(longest -> format(
                        "silent: nothing was answered for %.0f ms, from %.1f s on, while requests were in flight",
                        longest.nanos() / 1e6, longest.fromNanos() / 1e9));
    }

    /** What a reader should know although it is no reason against the numbers, a phrase each. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>(ClientLimits.remarks(this));
        if (samples.ledger().sentAgain() > 0) {
            remarks.add(format(
                    "%d requests were written twice: the server had closed their connections while they were idle",
                    samples.ledger().sentAgain()));
        }
        cache().ifPresent(remarks::add);
        cut().ifPresent(remarks::add);
        samples.responses()
                .filter(open -> open.mostWaiting() > 0)
                .ifPresent(open -> remarks.add(format(
                        "up to %d requests waited to be sent, since %d were in flight, the most allowed",
                        open.mostWaiting(), point.concurrency())));
        remarks.addAll(samples.findings().remarks());
        if (samples.successes() > 0
                && samples.percentileMillis(HIGHEST_PERCENTILE).isEmpty()) {
            remarks.add(format(
                    "no p99: %d of %d answers; lengthen nim.maxDuration",
                    samples.successes(), HIGHEST_PERCENTILE.samplesNeeded()));
        }
        return remarks;
    }

    /** Own texts of which some are as long as the model takes, as far as requests of one text show. */
    private Optional<String> cut() {
        return point.texts().isEmpty() || tokenCheck.limit().isEmpty()
                ? Optional.empty()
                : samples.sizes()
                        .lengths(point.workload().item())
                        .filter(lengths -> lengths.of().equals(point.workload().item())
                                && lengths.max() >= tokenCheck.limit().getAsLong())
                        .map(lengths -> format(
                                "cut: some texts have %d tokens, all that the model takes; what was longer was cut",
                                lengths.max()));
    }

    /** Texts that were sent before are answered faster than new ones at the same time. */
    private Optional<String> cache() {
        OptionalDouble fresh = p50(samples.repeats().newMicros());
        OptionalDouble again = p50(samples.repeats().latencyMicros());
        return fresh.isPresent()
                        && again.isPresent()
                        && again.getAsDouble() < (point.load().closed() ? CACHED : CACHED_OPEN) * fresh.getAsDouble()
                        && fresh.getAsDouble() - again.getAsDouble() > CACHED_MILLIS
                ? Optional.of(format(
                        "a cache: texts that were sent before took %.3f ms (p50), new ones at the same time %.3f ms; the"
                                + " numbers are those of new texts",
                        again.getAsDouble(), fresh.getAsDouble()))
                : Optional.empty();
    }

    private static OptionalDouble p50(Histogram micros) {
        return micros.getTotalCount() < FEWEST_REPEATS
                ? OptionalDouble.empty()
                : Percentiles.millis(micros, Percentile.P50);
    }

    /** Reasons that lie with the target or its answers. */
    public List<String> failures() {
        List<String> reasons = new ArrayList<>();
        Failures failed = samples.failures();
        if (failed.count() > failed.countInFull()) {
            reasons.add(format(
                    "%d of %d requests failed: %s",
                    failed.count() - failed.countInFull(), requests(), kinds(failed.exceptInFull())));
        }
        if (failed.countInFull() > 0) {
            reasons.add(format(
                    "%d of %d answers that were read in full were wrong: %s",
                    failed.countInFull(), samples.valuesChecked(), kinds(failed.inFull())));
        }
        if (samples.findings().givenUp()) {
            reasons.add("ended early: the server did not answer rightly any more");
        }
        samples.responses()
                .filter(open -> open.notSent() > 0)
                .ifPresent(open -> reasons.add(format(
                        "%d of %d requests were not sent: they had waited for longer than nim.requestTimeout, or the level"
                                + " ended",
                        open.notSent(), open.arrivals())));
        if (requests() == 0) {
            reasons.add("no request was answered");
        }
        if (!failed.uncounted().isEmpty()) {
            reasons.add("requests that do not count failed: " + kinds(failed.uncounted()));
        }
        samples.findings()
                .wrongAlone()
                .forEach(problem -> reasons.add("wrong answers to requests sent alone: " + problem));
        if (samples.repeats().differing() > 0) {
            reasons.add(format(
                    "%d of %d answers differed when their texts were sent again",
                    samples.repeats().differing(), samples.repeats().compared()));
        }
        if (samples.ledger().unaccounted() != 0) {
            reasons.add(samples.ledger().unaccounted() + " requests are unaccounted for: a fault of nimload");
        }
        tokensOff().ifPresent(reasons::add);
        return reasons;
    }

    private Optional<String> tokensOff() {
        OptionalDouble measured = measuredTokensPerItem();
        OptionalDouble expected = expectedTokensPerItem();
        if (measured.isEmpty() || expected.isEmpty()) {
            return Optional.empty();
        }
        double off = Math.abs(measured.getAsDouble() - expected.getAsDouble());
        double allowed = expected.getAsDouble() < EXACT_BELOW_TOKENS ? 1e-9 : TOKEN_TOLERANCE * expected.getAsDouble();
        return off <= allowed
                ? Optional.empty()
                : Optional.of(format(
                        point.spread() > 0 ? "tokens off: %.1f instead of %.1f" : "tokens off: %.1f instead of %.0f",
                        measured.getAsDouble(),
                        expected.getAsDouble()));
    }

    /** Reasons that lie with the load generator. */
    public List<String> clientLimits() {
        return ClientLimits.of(this);
    }

    private static String kinds(Map<String, Long> errors) {
        return errors.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(error -> error.getKey() + " ×" + error.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
