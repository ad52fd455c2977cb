package nimload.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import nimload.UserError;
import nimload.exports.Provenance;
import nimload.imports.Measured.Length;
import nimload.imports.Measured.Source;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.results.Client;
import nimload.results.Course;
import nimload.results.Estimate;
import nimload.results.Evidence;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.Repeat;
import nimload.results.Requests;
import nimload.results.Throughput;
import nimload.results.Tokens;
import nimload.results.Validity;
import nimload.statistics.RepeatedRuns;

/** Files' numbers as a level, with what the files and the user say about its requests. */
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
        Length tokens = (options.tokens().isPresent()
                        ? Optional.of(new Length(options.tokens().getAsInt(), 0))
                        : source.tokens())
                .orElseThrow(() -> missing(measured, "how many tokens its texts have", "--tokens 300"));
        return new LoadPoint(
                workload,
                tokens.mean(),
                tokens.spread(),
                workload == Workload.RERANKING ? queryTokens(measured, options) : 0,
                first(options.items(), source.items())
                        .orElseThrow(
                                () -> missing(measured, "how many texts or passages a request holds", "--items 64")),
                concurrency(measured, options),
                source.load(),
                Optional.empty(),
                measured.provenance().map(Provenance::during).orElse(""));
    }

    /** Requests that arrive at a rate may be any number in flight, unless that is limited. */
    private static int concurrency(Measured measured, ImportOptions options) {
        OptionalInt concurrency = first(options.concurrency(), measured.source().concurrency());
        return measured.source().load().closed()
                ? concurrency.orElseThrow(() -> missing(measured, "its concurrency", "--concurrency 5"))
                : concurrency.orElse(0);
    }

    /** The synthetic query of genai-perf is as long as its passages: one option sets both. */
    private static int queryTokens(Measured measured, ImportOptions options) {
        OptionalInt ofPassages = measured.source()
                .tokens()
                .filter(tokens -> measured.tool().equals("genai-perf") && tokens.spread() == 0)
                .map(tokens -> OptionalInt.of(tokens.mean()))
                .orElse(OptionalInt.empty());
        return first(options.queryTokens(), first(measured.source().queryTokens(), ofPassages))
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

    /** @param runs of the level, in the order in which they ran; at least one */
    static LevelResults of(List<Measured> runs, LoadPoint point) {
        Numbers numbers = Numbers.together(runs.stream().map(Measured::numbers).toList());
        long errors = numbers.errors().orElse(0);
        Requests requests = Requests.of(numbers.requests() + errors, errors);
        Optional<Provenance> provenance = runs.get(0).provenance();
        List<Repeat> repeats = provenance.map(Provenance::repeats).orElseGet(() -> repeats(runs));
        return new LevelResults(
                point,
                provenance
                        .map(own -> Validity.of(own.reasons(), own.failures(), own.remarks()))
                        .orElseGet(() -> Validity.of(reasonsAgainst(runs, requests))),
                requests,
                numbers.latency(),
                throughput(repeats, numbers, point),
                Tokens.UNKNOWN,
                Client.UNKNOWN,
                new Course(Optional.empty(), List.of(), repeats),
                Evidence.UNKNOWN,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    /** From three repeats on with an interval, as for nimload's own. */
    private static Throughput throughput(List<Repeat> repeats, Numbers numbers, LoadPoint point) {
        List<Double> rates = repeats.stream()
                .flatMap(repeat -> repeat.requestsPerSecond().stream().boxed())
                .filter(rate -> rate > 0)
                .toList();
        boolean all = rates.size() == repeats.size();
        return new Throughput(
                numbers.seconds(),
                Estimate.of(numbers.requestsPerSecond(), all ? RepeatedRuns.interval(rates) : Optional.empty()),
                Throughput.of(numbers.requestsPerSecond(), point.items()).itemsPerSecond(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                all ? RepeatedRuns.coefficientOfVariation(rates) : OptionalDouble.empty(),
                Optional.empty());
    }

    private static List<Repeat> repeats(List<Measured> runs) {
        return IntStream.range(0, runs.size() == 1 ? 0 : runs.size())
                .mapToObj(i -> new Repeat(
                        i + 1,
                        runs.get(i).ended().orElse(null),
                        runs.get(i).numbers().requests(),
                        runs.get(i).numbers().requestsPerSecond(),
                        runs.get(i).numbers().latency()))
                .toList();
    }

    private static List<String> reasonsAgainst(List<Measured> runs, Requests requests) {
        List<String> reasons = new ArrayList<>();
        long needed = HIGHEST_PERCENTILE.samplesNeeded();
        if (requests.errors() > 0) {
            reasons.add(requests.errors() + " of " + requests.count() + " requests failed");
        } else if (requests.count() == 0) {
            reasons.add("no request was answered");
        } else if (requests.count() < needed) {
            reasons.add("too few samples for " + HIGHEST_PERCENTILE.key() + ": " + requests.count() + " of " + needed);
        }
        runs.stream().flatMap(run -> run.incomplete().stream()).distinct().forEach(reasons::add);
        runs.stream().flatMap(run -> run.reasons().stream()).distinct().forEach(reasons::add);
        return reasons;
    }
}
