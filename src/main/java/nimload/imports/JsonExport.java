package nimload.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import nimload.UserError;
import nimload.exports.Provenance;
import nimload.results.Latency;
import nimload.results.ResultsFile;

/**
 * {@code profile_export_genai_perf.json} of genai-perf and {@code profile_export_aiperf.json} of AIPerf. The names come from
 * genai-perf's json_exporter.py and statistics.py (triton-inference-server/perf_analyzer) and from AIPerf's
 * metrics_json_exporter.py and export_models.py (ai-dynamo/aiperf). AIPerf 0.1 has the metrics below {@code records}, later
 * versions have them at the top.
 */
final class JsonExport {
    /** The tools write Python's {@code NaN} and {@code Infinity} where a statistic could not be computed. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /** Of files that AIPerf writes next to or above those of its runs. */
    private static final List<String> SUMMARIES = List.of("aggregation_type", "timeslices", "combined");

    private static final String OTHER_FILE =
            "give profile_export_genai_perf.json or profile_export_aiperf.json, or the directory that holds them";

    private final Path file;
    private final JsonNode root;
    private final JsonNode metrics;

    private JsonExport(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
        this.metrics = root.has("records") ? byTag(root.path("records")) : root;
    }

    /** @throws UserError if it is not such a file, or of something that nimload has no level for */
    static Measured parse(Path file, String json) {
        try {
            return new JsonExport(file, MAPPER.readTree(json)).measured();
        } catch (JsonProcessingException e) {
            throw new UserError(
                    file + " is not JSON (" + e.getOriginalMessage() + "); give a file as the tool wrote it", e);
        }
    }

    /** Early versions have a list of metrics, each with its tag. */
    private static JsonNode byTag(JsonNode records) {
        if (!records.isArray()) {
            return records;
        }
        ObjectNode byTag = JsonNodeFactory.instance.objectNode();
        records.forEach(metric -> byTag.set(metric.path("tag").asText(), metric));
        return byTag;
    }

    private Measured measured() {
        if (SUMMARIES.stream()
                .anyMatch(field -> root.has(field) || root.path("metadata").has(field))) {
            throw new UserError(file + " is AIPerf's summary of several runs, not a run; " + OTHER_FILE);
        }
        JsonNode latency = metrics.path("request_latency");
        boolean aiperf = root.has("aiperf_version")
                || root.has("schema_version")
                || root.has("records")
                || file.getFileName().toString().endsWith("_aiperf.json");
        OptionalLong errors = errors(aiperf);
        // AIPerf leaves out metrics without a value: if all requests failed, there is no latency and no count of
        // successes.
        OptionalLong successes = count("request_count");
        boolean noSuccess = !latency.isObject() && successes.orElse(errors.orElse(0) > 0 ? 0 : 1) == 0;
        if (!latency.isObject() && !noSuccess) {
            throw new UserError(file + " has no request_latency; " + OTHER_FILE);
        }
        double millis = Units.millis(file, latency.path("unit").asText("ms"));
        Latency reported = Measured.latency(statistic -> in(latency, statistic, millis));
        InputConfig config = new InputConfig(
                file, root.path("input_config"), root.path("run_info").path("variation_values"));
        Optional<Provenance> provenance = provenance();
        return new Measured(
                file,
                provenance.map(own -> "export of " + own.tool()).orElseGet(() -> tool(aiperf)),
                provenance.map(Provenance::started).or(() -> time("start_time")),
                time("end_time"),
                new Numbers(
                        noSuccess ? 0 : requests(latency),
                        errors,
                        in(metrics.path("request_throughput"), "avg", 1),
                        seconds(metrics.path("benchmark_duration")),
                        reported),
                incomplete(),
                config.reasons(),
                config.source(),
                config.effective(),
                notes(),
                provenance);
    }

    private String tool(boolean aiperf) {
        return aiperf ? ("aiperf " + root.path("aiperf_version").asText("")).strip() : "genai-perf";
    }

    private Optional<Provenance> provenance() {
        try {
            return root.has(Provenance.FIELD)
                    ? Optional.of(ResultsFile.parse(root.path(Provenance.FIELD), Provenance.class))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new UserError(
                    file + ": its field nimload cannot be read (" + e.getOriginalMessage() + "); export the run again",
                    e);
        }
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (!root.has(Provenance.FIELD) && local("start_time").isPresent()) {
            notes.add("The files give times without a time zone; they were taken as this machine's.");
        }
        return notes;
    }

    private Optional<Instant> time(String name) {
        try {
            return Optional.of(OffsetDateTime.parse(root.path(name).asText("")).toInstant());
        } catch (DateTimeException otherForm) {
            return local(name).map(local -> local.atZone(ZoneId.systemDefault()).toInstant());
        }
    }

    /** A time without a zone; empty for any other form. */
    private Optional<LocalDateTime> local(String name) {
        try {
            return Optional.of(LocalDateTime.parse(root.path(name).asText("").replace(' ', 'T')));
        } catch (DateTimeException otherForm) {
            return Optional.empty();
        }
    }

    /** AIPerf gives the number of latencies too, which is that of the successful requests. */
    private long requests(JsonNode latency) {
        OptionalLong count = count("request_count");
        OptionalDouble latencies = in(latency, "count", 1);
        if (count.isEmpty() && latencies.isEmpty()) {
            throw new UserError(
                    file + " has no request_count; export it with a newer version of the tool, or import" + " its CSV");
        }
        return count.orElseGet(() -> Math.round(latencies.getAsDouble()));
    }

    /**
     * AIPerf leaves the count out if none failed (its metric is ERROR_ONLY), but lists the kinds of errors; genai-perf does not
     * count failures.
     */
    private OptionalLong errors(boolean aiperf) {
        OptionalLong errors = count("error_request_count");
        if (errors.isPresent() || !aiperf || !root.path("error_summary").isArray()) {
            return errors;
        }
        long listed = 0;
        for (JsonNode kind : root.path("error_summary")) {
            listed += kind.path("count").asLong();
        }
        return OptionalLong.of(listed);
    }

    /** AIPerf exports runs that ended early, too; newer versions say why. */
    private Optional<String> incomplete() {
        boolean cancelled = root.path("was_cancelled").asBoolean(false);
        if (!cancelled && root.path("is_complete").asBoolean(true)) {
            return Optional.empty();
        }
        String reason = root.path("incomplete_reason").asText("").strip().replaceAll("\\s+", " ");
        if (reason.isEmpty()) {
            return Optional.of(cancelled ? "the run was cancelled" : "the run is not complete");
        }
        return Optional.of("the run is not complete: " + reason);
    }

    /** To the µs. */
    private OptionalDouble seconds(JsonNode metric) {
        OptionalDouble millis =
                in(metric, "avg", Units.millis(file, metric.path("unit").asText("sec")));
        return millis.isPresent() ? OptionalDouble.of(Math.round(millis.getAsDouble() * 1e3) / 1e6) : millis;
    }

    private OptionalLong count(String name) {
        OptionalDouble count = in(metrics.path(name), "avg", 1);
        return count.isPresent() ? OptionalLong.of(Math.round(count.getAsDouble())) : OptionalLong.empty();
    }

    /**
     * A number rounded to three decimals; some versions write it as text. Empty too for {@code NaN} and {@code Infinity}, which
     * are no measurements.
     */
    private OptionalDouble in(JsonNode metric, String name, double factor) {
        JsonNode node = metric.path(name);
        if (node.isMissingNode() || node.isNull() || node.asText().matches("NaN|[+-]?Infinity|[+-]?inf|nan")) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Units.positive(file, name, node.asText(), factor));
    }
}
