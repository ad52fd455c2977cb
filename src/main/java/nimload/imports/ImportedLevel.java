package nimload.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.imports.Measured.Source;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Client;
import nimload.results.Course;
import nimload.results.Estimate;
import nimload.results.Evidence;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.Requests;
import nimload.results.Throughput;
import nimload.results.Tokens;
import nimload.results.Validity;

/** A file's numbers as a level, with what the file and the user say about its requests. */
final class ImportedLevel {
    /** Of the percentiles that the tools report. */
    private static final Percentile HIGHEST_PERCENTILE = Percentile.P99;

    private ImportedLevel() {}

    /** @throws UserError that names the option for what neither the file nor the user says */
    static LoadPoint point(Measured measured, ImportOptions options) {
        Source source = measured.source();
        Workload workload = options.workload()
                .or(() -> workload(source))
                .orElseThrow(() -> missing(measured, "whether its texts are queries or passages", "--workload query"));
        int tokens = first(options.tokens(), source.tokens())
                .orElseThrow(() -> missing(measured, "how many tokens its texts have", "--tokens 300"));
        return new LoadPoint(
                workload,
                tokens,
                workload == Workload.RERANKING ? queryTokens(measured, options) : 0,
                first(options.items(), source.items())
                        .orElseThrow(
                                () -> missing(measured, "how many texts or passages a request holds", "--items 64")),
                first(options.concurrency(), source.concurrency())
                        .orElseThrow(() -> missing(measured, "its concurrency", "--concurrency 5")));
    }

    /** The synthetic query of genai-perf is as long as its passages: one option sets both. */
    private static int queryTokens(Measured measured, ImportOptions options) {
        return first(
                        options.queryTokens(),
                        measured.tool().equals("genai-perf") ? measured.source().tokens() : OptionalInt.empty())
                .orElseThrow(() -> missing(measured, "how many tokens its query has", "--query-tokens 512"));
    }

    private static Optional<Workload> workload(Source source) {
        if (source.endpoint().filter(endpoint -> endpoint.contains("rank")).isPresent()) {
            return Optional.of(Workload.RERANKING);
        }
        String type = source.inputType().orElse(source.model().orElse("")).toLowerCase(Locale.ROOT);
        return Workload.of(type.substring(type.lastIndexOf('-') + 1))
                .filter(workload -> workload != Workload.RERANKING);
    }

    private static OptionalInt first(OptionalInt one, OptionalInt other) {
        return one.isPresent() ? one : other;
    }

    private static UserError missing(Measured measured, String what, String option) {
        return new UserError(measured.file() + " does not say " + what + "; add e.g. " + option);
    }

    static LevelResults of(Measured measured, LoadPoint point) {
        long errors = measured.errors().orElse(0);
        Requests requests = Requests.of(measured.requests() + errors, errors);
        OptionalDouble rate = measured.requests() == 0 ? OptionalDouble.empty() : measured.requestsPerSecond();
        return new LevelResults(
                point,
                Validity.of(reasonsAgainst(measured, requests)),
                requests,
                latency(measured),
                Throughput.of(rate, point.items()),
                Tokens.UNKNOWN,
                Client.UNKNOWN,
                Course.UNKNOWN,
                Evidence.UNKNOWN,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    /**
     * Only percentiles that the sample size supports: these tools report a p99 from one request, and 0 when there were none.
     */
    private static Latency latency(Measured measured) {
        if (measured.requests() == 0) {
            return Latency.UNKNOWN;
        }
        Latency reported = measured.latency();
        Map<Percentile, Estimate> supported = reported.percentiles().entrySet().stream()
                .filter(percentile -> measured.requests() >= percentile.getKey().samplesNeeded())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new Latency(reported.avg(), reported.std(), reported.min(), reported.max(), supported);
    }

    private static List<String> reasonsAgainst(Measured measured, Requests requests) {
        List<String> reasons = new ArrayList<>();
        long needed = HIGHEST_PERCENTILE.samplesNeeded();
        if (requests.errors() > 0) {
            reasons.add(requests.errors() + " of " + requests.count() + " requests failed");
        } else if (requests.count() == 0) {
            reasons.add("no request was answered");
        } else if (requests.count() < needed) {
            reasons.add("too few samples for " + HIGHEST_PERCENTILE.key() + ": " + requests.count() + " of " + needed);
        }
        measured.incomplete().ifPresent(reasons::add);
        return reasons;
    }
}
