package nimload.exports;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import nimload.plan.LoadPoint;
import nimload.plan.Price;
import nimload.results.Arrivals;
import nimload.results.Capacity;
import nimload.results.Cost;
import nimload.results.Estimate;
import nimload.results.Interruptions;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.Pipeline;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.SloCheck;
import nimload.results.TargetResults;
import nimload.statistics.Interval;

/**
 * {@code results.prom}: a run as gauges, in text that is both OpenMetrics 1.0 and Prometheus' format 0.0.4, so a Pushgateway,
 * node_exporter's textfile collector and GitLab's metrics report read it. Base units: seconds, and per second. A number
 * that was not measured has no sample.
 */
public final class OpenMetrics {
    /** Its name in a run's directory. */
    public static final String NAME = "results.prom";

    private static final int MILLI = 3;

    private final StringBuilder text = new StringBuilder();
    private final RunResults run;

    private OpenMetrics(RunResults run) {
        this.run = run;
    }

    public static String of(RunResults run) {
        OpenMetrics metrics = new OpenMetrics(run);
        metrics.wholeRun();
        metrics.pipeline();
        metrics.levels();
        return metrics.text.append("# EOF\n").toString();
    }

    private void wholeRun() {
        RunInfo info = run.info();
        family("nimload_run_info", "The run that the other metrics are of.");
        sample("nimload_run_info", runLabels(info), BigDecimal.ONE);
        if (!info.targets().isEmpty()) {
            family("nimload_target_info", "What was measured.");
            new TreeMap<>(info.targets()).forEach(this::target);
        }
        Optional.ofNullable(info.started())
                .ifPresent(started -> single(
                        "nimload_run_timestamp_seconds", "When the run began, Unix time.", unixSeconds(started)));
        single("nimload_run_complete", "Whether all planned levels ran.", truth(run.complete()));
        single("nimload_run_levels_planned", "Levels that were planned.", BigDecimal.valueOf(info.levelsPlanned()));
        single(
                "nimload_run_levels_valid",
                "Levels whose numbers may be quoted.",
                BigDecimal.valueOf(
                        run.levels().stream().filter(LevelResults::valid).count()));
        run.slo()
                .ifPresent(slo ->
                        single("nimload_run_slo_met", "Whether every level with limits met them.", truth(slo.met())));
    }

    private void pipeline() {
        Map<Map<String, String>, BigDecimal> valid = new LinkedHashMap<>();
        Map<Map<String, String>, BigDecimal> times = new LinkedHashMap<>();
        Map<Map<String, String>, BigDecimal> added = new LinkedHashMap<>();
        Map<Map<String, String>, BigDecimal> low = new LinkedHashMap<>();
        Map<Map<String, String>, BigDecimal> high = new LinkedHashMap<>();
        run.pipeline().ifPresent(pipeline -> {
            pipeline.levels().forEach(level -> {
                Map<String, String> labels = Map.of("during", level.during());
                valid.put(labels, truth(level.reasons().isEmpty()));
                times.putAll(percentiles(with(labels, "of", Pipeline.WHOLE), level.felt()));
                level.parts()
                        .forEach(part -> times.putAll(percentiles(with(labels, "of", part.name()), part.latency())));
            });
            pipeline.differences().forEach(difference -> {
                Map<String, String> labels = with(
                        Map.of("of", difference.of()),
                        "percentile",
                        difference.percentile().share());
                added.put(
                        labels, seconds(OptionalDouble.of(difference.addedMs())).orElseThrow());
                difference
                        .interval()
                        .flatMap(interval -> seconds(interval.low()))
                        .ifPresent(end -> low.put(labels, end));
                difference
                        .interval()
                        .flatMap(interval -> seconds(interval.high()))
                        .ifPresent(end -> high.put(labels, end));
            });
        });
        samples("nimload_pipeline_valid", "Whether the numbers of the searches may be quoted.", valid);
        samples(
                "nimload_pipeline_seconds",
                "Time that this percentage of the successful searches, or of a part of them, did not exceed.",
                times);
        samples("nimload_pipeline_added_seconds", "What ingestion adds to it.", added);
        samples("nimload_pipeline_added_low_seconds", "Lower end of its 95 % interval.", low);
        samples("nimload_pipeline_added_high_seconds", "Upper end of its 95 % interval.", high);
    }

    private static Map<Map<String, String>, BigDecimal> percentiles(Map<String, String> labels, Latency times) {
        Map<Map<String, String>, BigDecimal> samples = new LinkedHashMap<>();
        times.percentiles()
                .forEach((percentile, estimate) -> samples.put(
                        with(labels, "percentile", percentile.share()),
                        seconds(OptionalDouble.of(estimate.value())).orElseThrow()));
        return samples;
    }

    private void levels() {
        capacities("nimload_capacity_at_least", "Highest load that kept the limits, 95 %.", Capacity::atLeast);
        capacities("nimload_capacity_at_most", "Lowest load that broke the limits, 95 %.", Capacity::atMost);
        each("nimload_level_valid", "Whether the numbers of the level may be quoted.", level -> yes(level.valid()));
        each(
                "nimload_level_slo_met",
                "Whether the level met its limits.",
                level -> level.slo().isEmpty()
                        ? Optional.empty()
                        : yes(level.slo().stream().allMatch(SloCheck::met)));
        each(
                "nimload_level_duration_seconds",
                "How long the level was measured.",
                level -> number(level.throughput().elapsedSeconds()));
        each(
                "nimload_requests",
                "Requests, successful and failed.",
                level -> count(level.requests().count()));
        each(
                "nimload_errors",
                "Failed requests.",
                level -> count(level.requests().errors()));
        percentiles(
                "nimload_response_seconds",
                "Time from the intended send to the last byte that this percentage of the successful requests did not exceed.",
                OpenMetrics::ofArrivals,
                estimate -> seconds(OptionalDouble.of(estimate.value())));
        percentiles(
                "nimload_latency_seconds",
                "Latency that this percentage of the successful requests did not exceed.",
                LevelResults::latency,
                estimate -> seconds(OptionalDouble.of(estimate.value())));
        percentiles(
                "nimload_latency_low_seconds",
                "Lower end of the 95 % interval of nimload_latency_seconds.",
                LevelResults::latency,
                estimate -> seconds(low(estimate)));
        percentiles(
                "nimload_latency_high_seconds",
                "Upper end of the 95 % interval of nimload_latency_seconds.",
                LevelResults::latency,
                estimate -> seconds(high(estimate)));
        each(
                "nimload_latency_mean_seconds",
                "Mean latency of successful requests.",
                level -> seconds(level.latency().avg()));
        each(
                "nimload_latency_max_seconds",
                "Latency of the slowest successful request.",
                level -> seconds(level.latency().max()));
        each(
                "nimload_longest_silence_seconds",
                "Longest time in which no request ended while some were in flight.",
                level -> seconds(level.evidence()
                        .interruptions()
                        .map(Interruptions::longestSilenceMs)
                        .orElse(OptionalDouble.empty())));
        each(
                "nimload_requests_per_second",
                "Successful requests per second.",
                level -> number(level.throughput().requestsPerSecond()));
        each(
                "nimload_requests_per_second_low",
                "Lower end of its 95 % interval.",
                level -> level.throughput().requests().flatMap(rate -> number(low(rate))));
        each(
                "nimload_requests_per_second_high",
                "Upper end of its 95 % interval.",
                level -> level.throughput().requests().flatMap(rate -> number(high(rate))));
        each(
                "nimload_items_per_second",
                "Texts, or pairs of query and passage, per second.",
                level -> number(level.throughput().itemsPerSecond()));
        each(
                "nimload_tokens_per_second",
                "Tokens per second, as the server counts them.",
                level -> number(level.tokens().perSecond()));
        each(
                "nimload_items_per_money",
                "Texts or pairs per unit of money, by the price of a GPU hour.",
                (level, labels) -> cost(level)
                        .flatMap(cost -> number(cost.itemsPerMoney())
                                .map(known -> Map.of(
                                        with(
                                                labels,
                                                "currency",
                                                cost.price()
                                                        .flatMap(Price::currency)
                                                        .orElse("")),
                                        known)))
                        .orElse(Map.of()));
        each(
                "nimload_items_per_kilowatt_hour",
                "Texts or pairs per kWh, by the server's counter of energy.",
                level -> cost(level).flatMap(cost -> number(cost.itemsPerKilowattHour())));
        each(
                "nimload_requests_in_flight",
                "Mean requests in flight.",
                level -> number(level.client().achievedConcurrency()));
    }

    private Optional<Cost> cost(LevelResults level) {
        return Cost.of(run.info(), level);
    }

    private static Map<String, String> runLabels(RunInfo info) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("run", info.id());
        labels.put("label", info.remarks().label().orElse(""));
        labels.put("tool", info.tool());
        labels.put("emulated", Boolean.toString(info.emulated()));
        return labels;
    }

    private void target(String kind, TargetResults target) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("kind", kind);
        labels.put("model", target.model());
        labels.put("url", target.url());
        labels.put("release", target.about().getOrDefault("release", ""));
        labels.put("emulated", Boolean.toString(target.emulated()));
        sample("nimload_target_info", labels, BigDecimal.ONE);
    }

    /** {@code level} is unique in a run; the others are for choosing and grouping. */
    private Map<String, String> labels(LevelResults level) {
        LoadPoint point = level.point();
        Optional<TargetResults> target = Optional.ofNullable(
                run.info().targets().get(level.workload().nim().key()));
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("level", point.name());
        labels.put("workload", level.workload().key());
        labels.put("input_tokens", positive(point.inputTokens()));
        labels.put("query_tokens", positive(point.queryTokens()));
        labels.put("items_per_request", positive(point.items()));
        labels.put("concurrency", positive(point.concurrency()));
        if (!point.load().closed()) {
            labels.put("rate", plain(point.load().requestsPerSecond()));
            labels.put("arrivals", point.load().arrivals());
        }
        labels.put("model", target.map(TargetResults::model).orElse(""));
        labels.put("label", run.info().remarks().label().orElse(""));
        labels.put(
                "emulated",
                Boolean.toString(
                        target.map(TargetResults::emulated).orElse(run.info().emulated())));
        return labels;
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static String positive(int value) {
        return value > 0 ? Integer.toString(value) : "";
    }

    private void single(String name, String help, BigDecimal value) {
        family(name, help);
        sample(name, Map.of(), value);
    }

    /** Empty for a closed level, whose response times are its latencies. */
    private static Latency ofArrivals(LevelResults level) {
        return level.throughput().arrivals().map(Arrivals::response).orElse(Latency.UNKNOWN);
    }

    /** A sample per search that has a value; {@code by} says whether it is a rate per second or a concurrency. */
    private void capacities(String name, String help, Function<Capacity, OptionalDouble> value) {
        List<Capacity> known = run.capacity().stream()
                .filter(search -> value.apply(search).isPresent())
                .toList();
        if (!known.isEmpty()) {
            family(name, help);
        }
        for (Capacity search : known) {
            Map<String, String> labels = new LinkedHashMap<>();
            labels.put("search", search.point().shape().description());
            labels.put("by", search.by());
            labels.put("limits", String.join(", ", search.limits()));
            sample(name, labels, BigDecimal.valueOf(value.apply(search).getAsDouble()));
        }
    }

    /** A sample per level that has a value. */
    private void each(String name, String help, Function<LevelResults, Optional<BigDecimal>> value) {
        each(
                name,
                help,
                (level, labels) ->
                        value.apply(level).map(known -> Map.of(labels, known)).orElse(Map.of()));
    }

    /** A sample per level and percentile that has a value. */
    private void percentiles(
            String name,
            String help,
            Function<LevelResults, Latency> times,
            Function<Estimate, Optional<BigDecimal>> value) {
        each(name, help, (level, labels) -> {
            Map<Map<String, String>, BigDecimal> samples = new LinkedHashMap<>();
            times.apply(level)
                    .percentiles()
                    .forEach((percentile, estimate) -> value.apply(estimate)
                            .ifPresent(known -> samples.put(with(labels, "percentile", percentile.share()), known)));
            return samples;
        });
    }

    /** @param samples by their labels, of a level and its own labels */
    private void each(
            String name,
            String help,
            BiFunction<LevelResults, Map<String, String>, Map<Map<String, String>, BigDecimal>> samples) {
        Map<Map<String, String>, BigDecimal> all = new LinkedHashMap<>();
        run.levels().forEach(level -> all.putAll(samples.apply(level, labels(level))));
        samples(name, help, all);
    }

    /** @param values by their labels; without any there is no family either */
    private void samples(String name, String help, Map<Map<String, String>, BigDecimal> values) {
        if (!values.isEmpty()) {
            family(name, help);
            values.forEach((labels, value) -> sample(name, labels, value));
        }
    }

    private static Map<String, String> with(Map<String, String> labels, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put(name, value);
        return more;
    }

    private void family(String name, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
    }

    private void sample(String name, Map<String, String> labels, BigDecimal value) {
        text.append(name);
        // To Prometheus an empty label is no label; null is what a file does not say.
        List<Map.Entry<String, String>> known = labels.entrySet().stream()
                .filter(label -> label.getValue() != null && !label.getValue().isEmpty())
                .toList();
        if (!known.isEmpty()) {
            text.append(known.stream()
                    .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + "\"")
                    .collect(Collectors.joining(",", "{", "}")));
        }
        text.append(' ').append(value.toPlainString()).append('\n');
    }

    private static String escaped(String value) {
        return Characters.readable(value)
                .replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n");
    }

    private static BigDecimal truth(boolean value) {
        return value ? BigDecimal.ONE : BigDecimal.ZERO;
    }

    private static Optional<BigDecimal> yes(boolean value) {
        return Optional.of(truth(value));
    }

    private static Optional<BigDecimal> count(long value) {
        return Optional.of(BigDecimal.valueOf(value));
    }

    private static Optional<BigDecimal> number(OptionalDouble value) {
        return value.isPresent() ? Optional.of(BigDecimal.valueOf(value.getAsDouble())) : Optional.empty();
    }

    private static Optional<BigDecimal> seconds(OptionalDouble millis) {
        return number(millis).map(known -> known.movePointLeft(MILLI));
    }

    private static BigDecimal unixSeconds(Instant time) {
        return BigDecimal.valueOf(time.toEpochMilli()).movePointLeft(MILLI);
    }

    private static OptionalDouble low(Estimate estimate) {
        return estimate.interval().map(Interval::low).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble high(Estimate estimate) {
        return estimate.interval().map(Interval::high).orElse(OptionalDouble.empty());
    }
}
