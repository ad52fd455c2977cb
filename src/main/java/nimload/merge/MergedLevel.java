package nimload.merge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.measure.Percentiles;
import nimload.plan.LoadPoint;
import nimload.plan.Share;
import nimload.results.AnswersCompared;
import nimload.results.Arrivals;
import nimload.results.Client;
import nimload.results.ClientHealth;
import nimload.results.Course;
import nimload.results.Drift;
import nimload.results.EncodedHistogram;
import nimload.results.Estimate;
import nimload.results.Evidence;
import nimload.results.Generator;
import nimload.results.Generator.Window;
import nimload.results.Interruptions;
import nimload.results.Latency;
import nimload.results.Ledger;
import nimload.results.LevelResults;
import nimload.results.Percentile;
import nimload.results.Repeat;
import nimload.results.Requests;
import nimload.results.Throughput;
import nimload.results.Tokens;
import nimload.results.Validity;
import org.HdrHistogram.Histogram;

/**
 * A level that several generators ran together.
 *
 * @param generators how many the run was planned with
 * @param repeats of the level, as planned
 * @param parts of those generators that have results of it
 */
record MergedLevel(LoadPoint point, int generators, int repeats, List<Part> parts) {

    /**
     * @param number of the generator
     * @param addresses of the servers that it measured
     */
    record Part(int number, LevelResults level, List<String> addresses) {
        private long successes() {
            return level.requests().successes();
        }

        private Stream<Generator> rows() {
            return level.client().generators().stream();
        }

        private Stream<Window> windows() {
            return rows().flatMap(row -> row.windows().stream());
        }
    }

    LevelResults results() {
        List<Generator> rows = parts.stream().flatMap(Part::rows).toList();
        Optional<Histogram> histogram = Histograms.sum(parts.stream()
                .filter(part -> part.successes() > 0)
                .map(part -> part.level.latencyHistogram())
                .toList());
        return new LevelResults(
                point,
                validity(),
                requests(),
                latency(histogram),
                throughput(),
                tokens(),
                client(rows),
                new Course(drift(), List.of(), mergedRepeats()),
                evidence(),
                Optional.empty(),
                MergedReplicas.of(levels()),
                List.of(),
                histogram.map(EncodedHistogram::of));
    }

    private List<LevelResults> levels() {
        return parts.stream().map(Part::level).toList();
    }

    private Validity validity() {
        List<String> reasons = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        Set<String> remarks = new LinkedHashSet<>();
        for (Part part : parts) {
            Validity of = part.level.validity();
            of.reasons().stream()
                    .filter(reason -> !reason.startsWith(MergedReplicas.UNEVEN))
                    .forEach(reason -> reasons.add(named(part, reason)));
            of.failures().forEach(failure -> failures.add(named(part, failure)));
            of.remarks().forEach(remark -> remarks.add(named(part, remark)));
        }
        MergedReplicas.uneven(MergedReplicas.of(levels())).ifPresent(reasons::add);
        reasons.addAll(missing());
        otherAddresses().ifPresent(reasons::add);
        if (parts.size() > 1) {
            reasons.addAll(notTogether());
        }
        return Validity.of(reasons, failures, List.copyOf(remarks));
    }

    private static String named(Part part, String phrase) {
        return "generator " + part.number + ": " + phrase;
    }

    /** Users of the level whose requests are not in these numbers, by generator. */
    private List<String> missing() {
        List<String> reasons = new ArrayList<>();
        for (int number = 1; number <= generators; number++) {
            int generator = number;
            int users = new Share(number, generators).users(point.concurrency());
            Optional<Part> part =
                    parts.stream().filter(one -> one.number == generator).findFirst();
            if (part.isEmpty() && (users > 0 || !point.load().closed())) {
                reasons.add("generator " + number + " is missing: the level had "
                        + (point.load().closed()
                                ? users + " of its " + point.concurrency() + " users less"
                                : "1/" + generators + " of its rate less"));
            }
            part.map(one -> one.level.course().repeats().size())
                    .filter(ran -> ran < repeats)
                    .ifPresent(ran ->
                            reasons.add("generator " + generator + " has " + ran + " of " + repeats + " repeats"));
        }
        return reasons;
    }

    private List<String> notTogether() {
        List<String> reasons = new ArrayList<>();
        List<String> unknown = parts.stream()
                .filter(part -> part.windows().findAny().isEmpty())
                .map(part -> Integer.toString(part.number))
                .toList();
        if (!unknown.isEmpty()) {
            reasons.add("not together: when generator " + String.join(", ", unknown) + " measured is not known");
        }
        List<Generator> known = parts.stream()
                .flatMap(Part::rows)
                .filter(row -> !row.windows().isEmpty())
                .toList();
        Overlap overlap = Overlap.of(known);
        if (known.size() > 1 && overlap.share() < Overlap.ENOUGH) {
            reasons.add(String.format(
                    Locale.ROOT,
                    "not together: the generators measured at the same time for %.1f %% of the window",
                    Math.floor(1000 * overlap.share()) / 10));
        }
        return reasons;
    }

    /** They may be one server's; the parts do not tell. */
    private Optional<String> otherAddresses() {
        Part first = parts.get(0);
        return parts.stream()
                .filter(part -> !Set.copyOf(part.addresses).equals(Set.copyOf(first.addresses)))
                .findFirst()
                .map(other -> "different addresses: generator " + first.number + " measured "
                        + String.join(", ", first.addresses) + ", generator " + other.number + " "
                        + String.join(", ", other.addresses));
    }

    private Requests requests() {
        List<Requests> all = levels().stream().map(LevelResults::requests).toList();
        Map<String, String> firstErrors = new TreeMap<>();
        all.forEach(one -> one.firstErrors().forEach(firstErrors::putIfAbsent));
        return new Requests(
                all.stream().mapToLong(Requests::count).sum(),
                all.stream().mapToLong(Requests::errors).sum(),
                sums(all, Requests::errorsByKind),
                sums(all, Requests::warmUpErrorsByKind),
                firstErrors,
                all.stream().allMatch(one -> one.answersComparedInFull().isPresent())
                        ? OptionalLong.of(all.stream()
                                .mapToLong(one -> one.answersComparedInFull().getAsLong())
                                .sum())
                        : OptionalLong.empty());
    }

    private static Map<String, Long> sums(List<Requests> all, Function<Requests, Map<String, Long>> counts) {
        Map<String, Long> sums = new TreeMap<>();
        all.forEach(one -> counts.apply(one).forEach((kind, count) -> sums.merge(kind, count, Long::sum)));
        return sums;
    }

    /** Intervals are left out: how far a generator's requests depend on another's is not in the parts. */
    private Latency latency(Optional<Histogram> histogram) {
        Map<Percentile, Estimate> percentiles = new EnumMap<>(Percentile.class);
        histogram.ifPresent(micros -> {
            for (Percentile percentile : Percentile.values()) {
                Estimate.of(Percentiles.millis(micros, percentile), Optional.empty())
                        .ifPresent(estimate -> percentiles.put(percentile, estimate));
            }
        });
        List<Part> answered =
                parts.stream().filter(part -> part.successes() > 0).toList();
        return new Latency(
                rounded(mean(answered, part -> part.level.latency().avg())),
                rounded(standardDeviation(answered)),
                answered.stream()
                        .flatMapToDouble(part -> part.level.latency().min().stream())
                        .min(),
                answered.stream()
                        .flatMapToDouble(part -> part.level.latency().max().stream())
                        .max(),
                percentiles);
    }

    /** Weighted by successful requests; empty where a part lacks it. */
    private static OptionalDouble mean(List<Part> parts, Function<Part, OptionalDouble> value) {
        if (parts.isEmpty() || parts.stream().anyMatch(part -> value.apply(part).isEmpty())) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(parts.stream()
                        .mapToDouble(
                                part -> part.successes() * value.apply(part).getAsDouble())
                        .sum()
                / parts.stream().mapToLong(Part::successes).sum());
    }

    /** Of all samples (n − 1), from each part's mean and standard deviation; a part of one sample has none. */
    private static OptionalDouble standardDeviation(List<Part> parts) {
        OptionalDouble mean = mean(parts, part -> part.level.latency().avg());
        long count = parts.stream().mapToLong(Part::successes).sum();
        boolean known = parts.stream()
                .allMatch(part ->
                        part.successes() == 1 || part.level.latency().std().isPresent());
        if (mean.isEmpty() || count < 2 || !known) {
            return OptionalDouble.empty();
        }
        double squares = parts.stream()
                .mapToDouble(part -> {
                    double within = part.level.latency().std().orElse(0);
                    double off = part.level.latency().avg().getAsDouble() - mean.getAsDouble();
                    return (part.successes() - 1) * within * within + part.successes() * off * off;
                })
                .sum();
        return OptionalDouble.of(Math.sqrt(squares / (count - 1)));
    }

    /**
     * Each generator's rate is over its own window; that they were open at the same time is checked. The window of the level
     * is the one in which as many requests have that rate: the parts' windows, weighted by their rates.
     */
    private Throughput throughput() {
        OptionalDouble rate = sum(part -> part.level.throughput().requestsPerSecond());
        Optional<Arrivals> arrivals = MergedArrivals.of(levels());
        // Of an open level the rate counts the answers in the window, of which other requests may be those of the
        // window.
        OptionalDouble counted = arrivals.isEmpty() ? rate : arrivals.get().offeredPerSecond();
        List<Part> answered =
                parts.stream().filter(part -> part.successes() > 0).toList();
        long count = arrivals.map(Arrivals::count).orElse(requests().successes());
        return new Throughput(
                counted.isPresent()
                        ? rounded(OptionalDouble.of(count / counted.getAsDouble()))
                        : OptionalDouble.empty(),
                Estimate.of(rounded(rate), Optional.empty()),
                rounded(sum(part -> part.level.throughput().itemsPerSecond())),
                rounded(mean(answered, part -> part.level.throughput().requestBytes())),
                rounded(mean(answered, part -> part.level.throughput().answerBytes())),
                OptionalDouble.empty(),
                arrivals);
    }

    /** Of those that have one; empty where none has, or one that has right answers lacks it. */
    private OptionalDouble sum(Function<Part, OptionalDouble> value) {
        List<Part> answered =
                parts.stream().filter(part -> part.successes() > 0).toList();
        return answered.isEmpty()
                        || answered.stream().anyMatch(part -> value.apply(part).isEmpty())
                ? OptionalDouble.empty()
                : OptionalDouble.of(answered.stream()
                        .mapToDouble(part -> value.apply(part).getAsDouble())
                        .sum());
    }

    private Tokens tokens() {
        List<Part> answered =
                parts.stream().filter(part -> part.successes() > 0).toList();
        List<Tokens> all = levels().stream().map(LevelResults::tokens).toList();
        // Requests are alike where their number of texts is; only then do the parts' means weigh as their requests do.
        boolean alike = point.items() > 0;
        return new Tokens(
                sum(part -> part.level.tokens().perSecond()),
                alike ? rounded(mean(answered, part -> part.level.tokens().measuredPerItem())) : OptionalDouble.empty(),
                all.get(0).expectedPerItem(),
                all.stream().allMatch(Tokens::verified),
                alike ? rounded(mean(answered, part -> part.level.tokens().drawnPerItem())) : OptionalDouble.empty(),
                Optional.empty());
    }

    /** Shares of cores are each generator's; of what clients add and how late their loops were, the worst. */
    private Client client(List<Generator> rows) {
        List<Part> answered =
                parts.stream().filter(part -> part.successes() > 0).toList();
        return new Client(
                rounded(sum(part -> part.level.client().achievedConcurrency())),
                rounded(mean(answered, part -> part.level.client().meanGapMs())),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                present(level -> level.client().health()).reduce(ClientHealth::together),
                present(level -> level.client().adds())
                        .max(Comparator.comparingDouble(adds -> adds.p50Ms().orElse(0))),
                rows);
    }

    private <T> Stream<T> present(Function<LevelResults, Optional<T>> value) {
        return levels().stream().flatMap(level -> value.apply(level).stream());
    }

    /** That of the generator whose latency moved; else of one for which it is not known. */
    private Optional<Drift> drift() {
        List<String> worstFirst = List.of(Drift.DRIFTING, Drift.UNKNOWN, Drift.STEADY);
        return this.<Drift>present(level -> level.course().drift())
                .min(Comparator.comparingInt(drift -> worstFirst.indexOf(drift.verdict())));
    }

    private List<Repeat> mergedRepeats() {
        Map<Integer, List<Repeat>> byNumber = levels().stream()
                .flatMap(level -> level.course().repeats().stream())
                .collect(Collectors.groupingBy(Repeat::number, TreeMap::new, Collectors.toList()));
        return byNumber.entrySet().stream()
                .map(repeat -> new Repeat(
                        repeat.getKey(),
                        repeat.getValue().stream()
                                .map(Repeat::ended)
                                .max(Comparator.naturalOrder())
                                .orElseThrow(),
                        repeat.getValue().stream().mapToLong(Repeat::requests).sum(),
                        rate(repeat.getValue()),
                        Latency.UNKNOWN))
                .toList();
    }

    private static OptionalDouble rate(List<Repeat> repeats) {
        return repeats.stream().allMatch(repeat -> repeat.requestsPerSecond().isPresent())
                ? OptionalDouble.of(rounded(
                        3,
                        repeats.stream()
                                .mapToDouble(
                                        repeat -> repeat.requestsPerSecond().getAsDouble())
                                .sum()))
                : OptionalDouble.empty();
    }

    private Evidence evidence() {
        List<Ledger> ledgers =
                this.<Ledger>present(level -> level.evidence().ledger()).toList();
        List<AnswersCompared> answers = this.<AnswersCompared>present(
                        level -> level.evidence().answers())
                .toList();
        List<Interruptions> interruptions = this.<Interruptions>present(
                        level -> level.evidence().interruptions())
                .toList();
        return new Evidence(
                all(ledgers).map(Ledger::together),
                all(answers).map(MergedLevel::answers),
                all(interruptions)
                        .map(of -> new Interruptions(
                                OptionalDouble.empty(),
                                OptionalDouble.empty(),
                                OptionalDouble.empty(),
                                of.stream()
                                        .mapToLong(Interruptions::requestsStalled)
                                        .sum())));
    }

    /** Empty unless every part has one. */
    private <T> Optional<List<T>> all(List<T> values) {
        return values.size() == parts.size() ? Optional.of(values) : Optional.empty();
    }

    private static AnswersCompared answers(Collection<AnswersCompared> all) {
        long compared = all.stream().mapToLong(AnswersCompared::compared).sum();
        long differing = all.stream().mapToLong(AnswersCompared::differing).sum();
        return new AnswersCompared(
                all.stream().mapToLong(AnswersCompared::checked).sum(),
                all.stream().mapToLong(AnswersCompared::inFull).sum(),
                compared,
                differing,
                AnswersCompared.perMillionAtMost(compared, differing),
                OptionalDouble.empty());
    }

    /** To the thousandth that the parts have. */
    static OptionalDouble rounded(OptionalDouble value) {
        return value.isPresent() ? OptionalDouble.of(rounded(3, value.getAsDouble())) : value;
    }

    private static double rounded(int decimals, double value) {
        double scale = Math.pow(10, decimals);
        return Math.rint(value * scale) / scale;
    }
}
