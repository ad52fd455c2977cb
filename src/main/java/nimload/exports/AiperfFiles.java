package nimload.exports;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.nim.NimKind;
import nimload.plan.LoadPoint;
import nimload.results.Latency;
import nimload.results.LevelResults;
import nimload.results.Repeat;
import nimload.results.ResultsFile;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.TargetResults;

/**
 * A run as AIPerf writes a sweep: per level a directory, {@code passage__isl_300__batch_size_64__concurrency_3}, with {@code
 * profile_export_aiperf.json} and {@code .csv}. The layout is that of AIPerf 0.13 (schema 1.5, ai-dynamo/aiperf:
 * docs/reference/json-export-schema.md, export_models.py, metrics_csv_exporter.py). A statistic that nimload does not have is
 * absent, as the schema allows; {@code aiperf_version} is, since no AIPerf measured.
 */
final class AiperfFiles {
    static final String JSON = "profile_export_aiperf.json";
    static final String CSV = "profile_export_aiperf.csv";

    private static final String SCHEMA = "1.5";

    /** The columns of its table, in its order. */
    private static final List<String> STATISTICS =
            List.of("avg", "min", "max", "sum", "p1", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p99", "std");

    /** Python's csv module ends lines so. */
    private static final String END = "\r\n";

    private final RunInfo run;
    private final LevelResults level;
    private final LoadPoint point;

    private AiperfFiles(RunInfo run, LevelResults level) {
        this.run = run;
        this.level = level;
        this.point = level.point();
    }

    /** The files' contents by their paths below the sweep's directory. */
    static Map<String, String> of(RunResults run) {
        Map<String, String> files = new LinkedHashMap<>();
        run.levels().forEach(level -> {
            AiperfFiles written = new AiperfFiles(run.info(), level);
            files.put(written.directory() + "/" + JSON, written.json());
            files.put(written.directory() + "/" + CSV, written.csv());
        });
        return files;
    }

    /** The level's options with their values, each by the last part of its name. */
    private String directory() {
        return Stream.concat(
                        Stream.of(point.workload().key()),
                        variation().entrySet().stream()
                                .map(option -> option.getKey().replaceFirst(".*\\.", "") + "_" + option.getValue()))
                .collect(Collectors.joining("__"))
                .replace('/', '_')
                .replace(' ', '_');
    }

    private Map<String, Object> variation() {
        Map<String, Object> variation = new LinkedHashMap<>();
        if (ranking()) {
            variation.put("datasets.main.rankings.passages", point.items());
            variation.put("datasets.main.rankings.passage_tokens", tokens());
            variation.put("datasets.main.rankings.query_tokens", point.queryTokens());
        } else {
            variation.put("datasets.main.prompts.isl", tokens());
            variation.put("datasets.main.prompts.batch_size", point.items());
        }
        if (!point.load().closed()) {
            variation.put("phases.profiling.rate", point.load().text());
        }
        if (point.concurrency() > 0) {
            variation.put("phases.profiling.concurrency", point.concurrency());
        }
        if (!point.alone()) {
            variation.put("nimload.during", point.during());
        }
        return variation;
    }

    private Object tokens() {
        return point.spread() > 0 ? point.inputTokens() + "~" + point.spread() : (Object) point.inputTokens();
    }

    private boolean ranking() {
        return point.workload().nim() == NimKind.RERANKING;
    }

    private String json() {
        Map<String, Object> file = new TreeMap<>(metrics());
        file.put("schema_version", SCHEMA);
        file.put("input_config", inputConfig());
        file.put(
                "run_info",
                Map.of(
                        "run_label", directory(),
                        "variation_label", directory(),
                        "variation_values", variation(),
                        "trial", 0));
        file.put("was_cancelled", false);
        file.put("error_summary", errors());
        level.course().repeats().stream()
                .reduce((first, last) -> last)
                .map(Repeat::ended)
                .ifPresent(ended -> file.put("end_time", ended));
        file.put(Provenance.FIELD, Provenance.of(run, level));
        return ResultsFile.json(file);
    }

    private List<Object> errors() {
        List<Object> errors = new ArrayList<>();
        new TreeMap<>(level.requests().errorsByKind())
                .forEach((kind, count) ->
                        errors.add(Map.of("error_details", Map.of("type", kind, "message", kind), "count", count)));
        return errors;
    }

    /** Those that have a value, by AIPerf's names. */
    private Map<String, Map<String, Object>> metrics() {
        Map<String, Map<String, Object>> metrics = new TreeMap<>();
        long successes = level.requests().successes();
        if (level.latency().avg().isPresent() || !level.latency().percentiles().isEmpty()) {
            Map<String, Object> latency = statistics(level.latency());
            latency.put("unit", "ms");
            latency.put("count", successes);
            metrics.put("request_latency", latency);
        }
        metrics.put("request_count", Map.of("unit", "requests", "avg", successes));
        if (level.requests().errors() > 0) {
            metrics.put(
                    "error_request_count",
                    Map.of("unit", "requests", "avg", level.requests().errors()));
        }
        level.throughput()
                .requestsPerSecond()
                .ifPresent(rate -> metrics.put("request_throughput", Map.of("unit", "requests/sec", "avg", rate)));
        level.throughput()
                .elapsedSeconds()
                .ifPresent(seconds -> metrics.put("benchmark_duration", Map.of("unit", "sec", "avg", seconds)));
        return metrics;
    }

    /** In ms, by AIPerf's names, of which p99.9 is none. */
    private static Map<String, Object> statistics(Latency latency) {
        Map<String, Object> statistics = new TreeMap<>();
        put(statistics, "avg", latency.avg());
        put(statistics, "std", latency.std());
        put(statistics, "min", latency.min());
        put(statistics, "max", latency.max());
        latency.percentiles().keySet().stream()
                .filter(percentile -> STATISTICS.contains(percentile.key()))
                .forEach(percentile -> put(statistics, percentile.key(), latency.at(percentile)));
        return statistics;
    }

    private static void put(Map<String, Object> statistics, String name, OptionalDouble value) {
        value.ifPresent(known -> statistics.put(name, known));
    }

    private Map<String, Object> inputConfig() {
        Map<String, Object> config = new TreeMap<>();
        Map<String, Object> endpoint = new TreeMap<>();
        Optional.ofNullable(run.targets().get(point.workload().nim().key())).ifPresent(target -> {
            config.put("models", Map.of("items", List.of(Map.of("name", target.model()))));
            endpoint.put("urls", urls(target));
        });
        endpoint.put("type", ranking() ? "nim_rankings" : "nim_embeddings");
        endpoint.put("extra", extra());
        config.put("endpoint", endpoint);
        config.put("datasets", List.of(dataset()));
        config.put("phases", List.of(phase()));
        return config;
    }

    private static List<String> urls(TargetResults target) {
        return target.replicas().isEmpty() ? List.of(target.url()) : target.replicas();
    }

    private Map<String, String> extra() {
        Map<String, String> extra = new TreeMap<>();
        point.workload()
                .inputType()
                .ifPresent(type -> extra.put("input_type", point.workload().key()));
        Optional.ofNullable(run.effective().get("truncate")).ifPresent(truncate -> extra.put("truncate", truncate));
        if (!ranking()) {
            Optional.ofNullable(run.effective().get("encodingFormat"))
                    .ifPresent(format -> extra.put("encoding_format", format));
        }
        return extra;
    }

    private Map<String, Object> dataset() {
        Map<String, Object> length = Map.of("mean", point.inputTokens(), "stddev", point.spread());
        return Map.of(
                "name",
                "main",
                "type",
                "synthetic",
                ranking() ? "rankings" : "prompts",
                ranking()
                        ? Map.of(
                                "passages",
                                Map.of("value", point.items()),
                                "passage_tokens",
                                length,
                                "query_tokens",
                                Map.of("value", point.queryTokens()))
                        : Map.of("isl", length, "batch_size", point.items()));
    }

    private Map<String, Object> phase() {
        Map<String, Object> phase = new TreeMap<>();
        phase.put("name", "profiling");
        if (point.load().closed()) {
            phase.put("type", "concurrency");
        } else {
            String[] arrivals = point.load().arrivals().split(" ");
            phase.put("rate", point.load().requestsPerSecond());
            Stream.of(arrivals[0]).filter(type -> !type.isEmpty()).forEach(type -> phase.put("type", type));
            Stream.of(arrivals).skip(1).forEach(smoothness -> phase.put("smoothness", Double.valueOf(smoothness)));
        }
        if (point.concurrency() > 0) {
            phase.put("concurrency", point.concurrency());
        }
        run.durationSeconds().ifPresent(seconds -> phase.put("duration", seconds));
        return phase;
    }

    /** A table of the metrics with percentiles, then one of the single values. */
    private String csv() {
        StringBuilder csv = new StringBuilder();
        Map<String, Map<String, Object>> metrics = metrics();
        Optional.ofNullable(metrics.remove("request_latency"))
                .ifPresent(latency -> csv.append("Metric,")
                        .append(String.join(",", STATISTICS))
                        .append(END)
                        .append("Request Latency (ms),")
                        .append(STATISTICS.stream()
                                .map(name -> text(latency.get(name)))
                                .collect(Collectors.joining(",")))
                        .append(END)
                        .append(END));
        csv.append("Metric,Value").append(END);
        metrics.forEach((name, metric) -> csv.append(header(name, metric))
                .append(',')
                .append(text(metric.get("avg")))
                .append(END));
        return csv.toString();
    }

    /** {@code request_throughput} in requests/sec as {@code Request Throughput (requests/sec)}; counts have no unit. */
    private static String header(String name, Map<String, Object> metric) {
        String words = Stream.of(name.split("_"))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining(" "));
        return metric.get("unit").equals("requests") ? words : words + " (" + metric.get("unit") + ")";
    }

    /** Empty where there is no value. */
    private static String text(Object number) {
        return number == null
                ? ""
                : new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
    }
}
