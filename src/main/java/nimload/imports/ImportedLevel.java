package nimload.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import nimload.UserError;
import nimload.imports.Measured.Source;
import nimload.measure.Percentiles;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Latency;
import nimload.results.LevelResults;

/** A file's numbers as a level, with what the file and the user say of its requests. */
final class ImportedLevel {
    /** Of those that the tools say. */
    private static final double HIGHEST_PERCENTILE = 99;

    private ImportedLevel() {}

    /** @throws UserError that names the option for what neither says */
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

    /** The synthetic query of genai-perf is as long as its passages: both are made with the same option. */
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
        String said = source.inputType().orElse(source.model().orElse("")).toLowerCase(Locale.ROOT);
        if (said.equals("query") || said.endsWith("-query")) {
            return Optional.of(Workload.QUERY);
        }
        return said.equals("passage") || said.endsWith("-passage") ? Optional.of(Workload.PASSAGE) : Optional.empty();
    }

    private static OptionalInt first(OptionalInt one, OptionalInt other) {
        return one.isPresent() ? one : other;
    }

    private static UserError missing(Measured measured, String what, String option) {
        return new UserError(measured.file() + " does not say " + what + "; add e.g. " + option);
    }

    static LevelResults of(Measured measured, LoadPoint point) {
        OptionalDouble rate = known(measured, 1, measured.requestsPerSecond());
        long errors = measured.errors().orElse(0);
        long requests = measured.requests() + errors;
        List<String> reasons = reasonsAgainst(measured, errors, requests);
        return new LevelResults(
                point.name(),
                point.workload().key(),
                point.inputTokens(),
                point.queryTokens() > 0 ? OptionalInt.of(point.queryTokens()) : OptionalInt.empty(),
                point.items(),
                point.concurrency(),
                reasons.isEmpty(),
                reasons,
                requests,
                errors,
                Map.of(),
                Map.of(),
                Map.of(),
                latency(measured),
                OptionalDouble.empty(),
                rate,
                rate.isPresent() ? OptionalDouble.of(rate.getAsDouble() * point.items()) : rate,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                false,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalLong.empty(),
                Map.of(),
                OptionalDouble.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** What as many requests carry: a tool gives a p99 of one request, and 0 for every latency of none. */
    private static Latency latency(Measured measured) {
        Latency said = measured.latencyMs();
        return new Latency(
                known(measured, 1, said.avg()),
                known(measured, 1, said.std()),
                known(measured, 1, said.min()),
                percentile(measured, 50, said.p50()),
                percentile(measured, 90, said.p90()),
                percentile(measured, 95, said.p95()),
                percentile(measured, HIGHEST_PERCENTILE, said.p99()),
                percentile(measured, 99.9, said.p999()),
                known(measured, 1, said.max()));
    }

    private static OptionalDouble percentile(Measured measured, double percentile, OptionalDouble said) {
        return known(measured, Percentiles.samplesNeeded(percentile), said);
    }

    private static OptionalDouble known(Measured measured, long needed, OptionalDouble said) {
        return measured.requests() < needed ? OptionalDouble.empty() : said;
    }

    private static List<String> reasonsAgainst(Measured measured, long errors, long requests) {
        List<String> reasons = new ArrayList<>();
        if (errors > 0) {
            reasons.add(errors + " of " + requests + " requests failed");
        } else if (requests == 0) {
            reasons.add("no request was answered");
        } else if (requests < Percentiles.samplesNeeded(HIGHEST_PERCENTILE)) {
            reasons.add(
                    "too few samples for p99: " + requests + " of " + Percentiles.samplesNeeded(HIGHEST_PERCENTILE));
        }
        measured.incomplete().ifPresent(reasons::add);
        return reasons;
    }
}
