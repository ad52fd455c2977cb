package nimload.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import nimload.UserError;
import nimload.imports.Measured.Source;
import nimload.nim.Json;

/**
 * {@code profile_export_genai_perf.json} of genai-perf and {@code profile_export_aiperf.json} of AIPerf, which differ only in
 * {@code input_config}. The names come from genai-perf's json_exporter.py and statistics.py
 * (triton-inference-server/perf_analyzer), in both forms that its input_config has had, and from AIPerf's
 * metrics_json_exporter.py and prompt_config.py (ai-dynamo/aiperf).
 */
final class JsonExport {
    private static final List<String> TOKENS =
            List.of("/synthetic_input_tokens_mean", "/input/synthetic_tokens/mean", "/input/prompt/input_tokens/mean");
    private static final List<String> ITEMS = List.of("/batch_size_text", "/batch_size", "/input/batch_size");

    /** AIPerf's texts per request; another option (--rankings-passages-mean) sets the passages of a ranking. */
    private static final List<String> AIPERF_TEXTS = List.of("/input/prompt/batch_size");

    private static final List<String> CONCURRENCY = List.of(
            "/concurrency", "/perf_analyzer/stimulus/concurrency", "/stimulus/concurrency", "/loadgen/concurrency");
    private static final List<String> ENDPOINT = List.of("/endpoint_type", "/endpoint/type");
    private static final List<String> MODEL =
            List.of("/model/0", "/model", "/model_names/0", "/endpoint/model_names/0");
    private static final List<String> URL = List.of("/u", "/url", "/endpoint/url", "/endpoint/urls/0");
    private static final List<String> EXTRA = List.of("/extra_inputs", "/input/extra");
    private static final List<String> TEXTS_FROM = List.of("/prompt_source", "/input/prompt_source");

    private final Path file;
    private final JsonNode root;
    private final JsonNode config;

    private JsonExport(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
        this.config = root.path("input_config");
    }

    /** @throws UserError if it is not such a file */
    static Measured parse(Path file, String json) {
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UserError(
                    file + " is not JSON (" + e.getOriginalMessage() + "); give a file as the tool wrote it", e);
        }
        return new JsonExport(file, root).measured();
    }

    private Measured measured() {
        JsonNode latency = root.path("request_latency");
        boolean aiperf =
                root.has("aiperf_version") || file.getFileName().toString().endsWith("_aiperf.json");
        OptionalLong errors = errors(aiperf);
        // AIPerf leaves out metrics without a value: if all requests failed, there is no latency and no count of
        // successes.
        boolean allFailed = !latency.isObject()
                && errors.orElse(0) > 0
                && count("request_count").orElse(0) == 0;
        if (!latency.isObject() && !allFailed) {
            throw new UserError(file + " has no request_latency; give profile_export_genai_perf.json or"
                    + " profile_export_aiperf.json");
        }
        double millis = Units.millis(file, latency.path("unit").asText("ms"));
        Map<String, String> extra = extraInputs();
        return new Measured(
                file,
                aiperf ? ("aiperf " + root.path("aiperf_version").asText("")).strip() : "genai-perf",
                started(),
                Measured.latency(statistic -> in(latency, statistic, millis)),
                in(root.path("request_throughput"), "avg", 1),
                allFailed ? 0 : requests(),
                errors,
                incomplete(),
                source(extra),
                effective(extra),
                List.of());
    }

    private Source source(Map<String, String> extra) {
        boolean synthetic = TEXTS_FROM.stream()
                        .map(config::at)
                        .noneMatch(from -> from.asText("synthetic").equals("file"))
                && config.at("/input/file").asText("synthetic:").startsWith("synthetic:");
        Optional<String> endpoint = text(ENDPOINT);
        OptionalInt items = number(ITEMS);
        boolean ranking = endpoint.filter(type -> type.contains("rank")).isPresent();
        return new Source(
                endpoint,
                Optional.ofNullable(extra.get("input_type")),
                text(MODEL),
                text(URL),
                synthetic ? number(TOKENS) : OptionalInt.empty(),
                items.isPresent() || ranking ? items : number(AIPERF_TEXTS),
                number(CONCURRENCY));
    }

    private static Map<String, String> effective(Map<String, String> extra) {
        Map<String, String> effective = new LinkedHashMap<>();
        Optional.ofNullable(extra.get("encoding_format")).ifPresent(format -> effective.put("encodingFormat", format));
        Optional.ofNullable(extra.get("truncate")).ifPresent(truncate -> effective.put("truncate", truncate));
        return effective;
    }

    /** An object, a list of pairs, or a list of {@code name:value}. */
    private Map<String, String> extraInputs() {
        Map<String, String> extra = new LinkedHashMap<>();
        for (String pointer : EXTRA) {
            JsonNode inputs = config.at(pointer);
            if (inputs.isObject()) {
                inputs.properties()
                        .forEach(input ->
                                extra.put(input.getKey(), input.getValue().asText()));
            }
            for (JsonNode input : inputs.isArray() ? inputs : List.<JsonNode>of()) {
                String[] words = input.asText().split(":", 2);
                if (input.size() == 2) {
                    extra.put(input.path(0).asText(), input.path(1).asText());
                } else if (words.length == 2) {
                    extra.put(words[0], words[1]);
                }
            }
        }
        return extra;
    }

    private Optional<Instant> started() {
        String text = root.path("start_time").asText("");
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(LocalDateTime.parse(text)
                            .atZone(ZoneId.systemDefault())
                            .toInstant());
        } catch (DateTimeException otherForm) {
            return Optional.empty();
        }
    }

    private long requests() {
        return count("request_count")
                .orElseThrow(() -> new UserError(file + " has no request_count; export it with a newer version of the"
                        + " tool, or import its CSV"));
    }

    /** AIPerf leaves the count out if none failed (its metric is ERROR_ONLY); genai-perf does not count failures. */
    private OptionalLong errors(boolean aiperf) {
        OptionalLong errors = count("error_request_count");
        return errors.isEmpty() && aiperf ? OptionalLong.of(0) : errors;
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

    private OptionalLong count(String name) {
        OptionalDouble count = in(root.path(name), "avg", 1);
        return count.isPresent() ? OptionalLong.of(Math.round(count.getAsDouble())) : OptionalLong.empty();
    }

    private Optional<String> text(List<String> pointers) {
        return pointers.stream()
                .map(config::at)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    private OptionalInt number(List<String> pointers) {
        return pointers.stream()
                .map(config::at)
                .filter(node -> node.isIntegralNumber() && node.canConvertToInt() && node.intValue() > 0)
                .mapToInt(JsonNode::intValue)
                .findFirst();
    }

    /** A number rounded to three decimals; some versions write it as text. */
    private OptionalDouble in(JsonNode metric, String name, double factor) {
        JsonNode node = metric.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Units.positive(file, name, node.asText(), factor));
    }
}
