package nimload.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.imports.Measured.Length;
import nimload.imports.Measured.Source;
import nimload.plan.Load;

/**
 * What a file's {@code input_config} says about the requests: in both forms that genai-perf has given it, in AIPerf's flat one
 * (until 0.9) and in the one of AIPerf's configuration files (from 0.10). The tools leave out what nobody set, so an option
 * at its default is absent here too.
 */
final class InputConfig {
    /** A path to a number, and one to its standard deviation. */
    private record Spread(String mean, String deviation) {}

    private static final List<Spread> TOKENS = List.of(
            new Spread("/synthetic_input_tokens_mean", "/synthetic_input_tokens_stddev"),
            new Spread("/input/synthetic_tokens/mean", "/input/synthetic_tokens/stddev"),
            new Spread("/input/prompt/input_tokens/mean", "/input/prompt/input_tokens/stddev"));
    private static final Spread PASSAGES =
            new Spread("/input/rankings/passages/mean", "/input/rankings/passages/stddev");
    private static final Spread PASSAGE_TOKENS =
            new Spread("/input/rankings/passages/prompt_token_mean", "/input/rankings/passages/prompt_token_stddev");
    private static final Spread QUERY_TOKENS =
            new Spread("/input/rankings/query/prompt_token_mean", "/input/rankings/query/prompt_token_stddev");

    /** Genai-perf's, of texts and of passages. */
    private static final List<String> ITEMS = List.of("/batch_size_text", "/batch_size", "/input/batch_size");

    private static final List<String> AIPERF_TEXTS = List.of("/input/prompt/batch_size");
    private static final List<String> CONCURRENCY = List.of(
            "/concurrency", "/perf_analyzer/stimulus/concurrency", "/stimulus/concurrency", "/loadgen/concurrency");
    private static final List<String> RATE = List.of(
            "/request_rate", "/perf_analyzer/stimulus/request_rate", "/stimulus/request_rate", "/loadgen/request_rate");
    private static final List<String> ARRIVALS = List.of("/loadgen/arrival_pattern", "/loadgen/request_rate_mode");
    private static final List<String> ENDPOINT = List.of("/endpoint_type", "/endpoint/type");
    private static final List<String> MODELS =
            List.of("/models/items", "/models", "/model", "/model_names", "/endpoint/model_names");
    private static final List<String> URLS = List.of("/endpoint/urls", "/endpoint/url", "/url", "/u");
    private static final List<String> EXTRA = List.of("/extra_inputs", "/input/extra", "/endpoint/extra");
    private static final List<String> REPLAYED = List.of("/input/fixed_schedule", "/loadgen/user_centric_rate");

    /** What nimload has levels of. */
    private static final List<String> ENDPOINTS =
            List.of("embeddings", "nim_embeddings", "rankings", "nim_rankings", "cohere_rankings", "hf_tei_rankings");

    /** Keys of distributions that are not a mean with a standard deviation. */
    private static final Set<String> OTHER_DISTRIBUTIONS =
            Set.of("median", "p50", "p99", "peaks", "points", "min", "max");

    /** A directory of a sweep: {@code concurrency_10}, {@code concurrency_10__isl_512}. */
    private static final Pattern DIRECTORY = Pattern.compile("(?:.*__)?concurrency_(\\d{1,6})(?:__.*)?");

    private static final Pattern CREDENTIALS = Pattern.compile("(?<=^|//)[^/@]*@");

    private final Path file;
    private final JsonNode config;
    private final JsonNode variation;
    private final JsonNode phase;
    private final JsonNode dataset;

    /**
     * @param config {@code input_config}; missing in files that do not have it
     * @param variation the values of one run of a sweep, by the names of their options
     */
    InputConfig(Path file, JsonNode config, JsonNode variation) {
        this.file = file;
        this.config = config;
        this.variation = variation;
        this.phase = only("phases that measure", config.path("phases"));
        this.dataset = only("datasets", config.path("datasets"));
    }

    /** @throws UserError if nimload has no level for what was measured */
    Source source() {
        Optional<String> endpoint = endpoint();
        boolean ranking = endpoint.filter(type -> type.contains("rank")).isPresent();
        boolean synthetic = synthetic();
        return new Source(
                endpoint,
                Optional.ofNullable(extra().get("input_type")),
                one("models", strings(MODELS)),
                url(),
                synthetic ? tokens(ranking) : Optional.empty(),
                synthetic ? queryTokens() : OptionalInt.empty(),
                items(ranking),
                concurrency(),
                load());
    }

    /** The options that nimload has too, by its names for them. */
    Map<String, String> effective() {
        Map<String, String> effective = new LinkedHashMap<>();
        Optional.ofNullable(extra().get("encoding_format"))
                .ifPresent(format -> effective.put("encodingFormat", format));
        Optional.ofNullable(extra().get("truncate")).ifPresent(truncate -> effective.put("truncate", truncate));
        return effective;
    }

    /** Why its numbers are not those of one steady load, a phrase each. */
    List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        if (Stream.of(
                        phase.path("concurrency_ramp"),
                        phase.path("rate_ramp"),
                        config.at("/loadgen/concurrency_ramp_duration"),
                        config.at("/loadgen/request_rate_ramp_duration"))
                .anyMatch(ramp -> ramp.isObject() || number(ramp).orElse(0) > 0)) {
            reasons.add("the load was raised step by step while it was measured");
        }
        if (Stream.of(phase.at("/cancellation/rate"), config.at("/loadgen/request_cancellation_rate"))
                .anyMatch(rate -> number(rate).orElse(0) > 0)) {
            reasons.add("a part of the requests was cancelled on purpose");
        }
        return reasons;
    }

    private Optional<String> endpoint() {
        return text(ENDPOINT).map(type -> supported(file, type));
    }

    /** @throws UserError for an endpoint that nimload has no levels of, such as {@code chat} */
    static String supported(Path file, String endpoint) {
        if (!ENDPOINTS.contains(endpoint)) {
            throw new UserError(file + " is of the endpoint " + endpoint
                    + ", which nimload does not measure; give one of " + String.join(", ", ENDPOINTS));
        }
        return endpoint;
    }

    private Optional<String> url() {
        // Redacted by AIPerf from 0.10 on, but not before.
        List<String> urls = strings(URLS).stream()
                .map(url -> CREDENTIALS.matcher(url).replaceFirst("").replaceFirst("[?#].*", ""))
                .toList();
        return urls.isEmpty() ? Optional.empty() : Optional.of(String.join(",", urls));
    }

    private boolean synthetic() {
        return Stream.of(config.path("prompt_source"), config.at("/input/prompt_source"))
                        .noneMatch(from -> from.asText("synthetic").equals("file"))
                && config.at("/input/file").asText("synthetic:").startsWith("synthetic:")
                && strings(config.at("/input/custom_dataset_type")).isEmpty()
                && strings(config.at("/input/public_dataset")).isEmpty()
                && dataset.path("type").asText("synthetic").equals("synthetic");
    }

    private Optional<Length> tokens(boolean ranking) {
        if (Stream.of(
                        dataset.at("/prompts/sequence_distribution"),
                        dataset.at("/prompts/random_range_ratio"),
                        config.at("/input/prompt/sequence_distribution"))
                .anyMatch(other -> !other.isMissingNode() && !other.isNull())) {
            throw distribution("its texts");
        }
        String what = ranking ? "its passages" : "its texts";
        return Stream.concat(
                        ranking
                                ? Stream.of(
                                        length(what, dataset.at("/rankings/passage_tokens")),
                                        length(what, PASSAGE_TOKENS))
                                : Stream.of(length(what, dataset.at("/prompts/isl"))),
                        TOKENS.stream().map(tokens -> length(what, tokens)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private OptionalInt queryTokens() {
        return fixed(
                "the length of its queries",
                List.of(
                        length("its queries", dataset.at("/rankings/query_tokens")),
                        length("its queries", QUERY_TOKENS)));
    }

    private OptionalInt items(boolean ranking) {
        if (ranking) {
            OptionalInt passages = fixed(
                    "its number of passages",
                    List.of(
                            length("its passages", dataset.at("/rankings/passages")),
                            length("its passages", PASSAGES)));
            return passages.isPresent() ? passages : count(ITEMS);
        }
        OptionalInt batch = count(dataset.at("/prompts/batch_size"));
        return Stream.of(batch, count(ITEMS), count(AIPERF_TEXTS))
                .filter(OptionalInt::isPresent)
                .findFirst()
                .orElse(batch);
    }

    private OptionalInt concurrency() {
        OptionalInt own = count(phase.path("concurrency"));
        return Stream.of(own, count(CONCURRENCY), count(varied("concurrency")), inDirectory())
                .filter(OptionalInt::isPresent)
                .findFirst()
                .orElse(own);
    }

    /** Where a sweep's runs have all of its values in their files. */
    private OptionalInt inDirectory() {
        return Stream.iterate(file.toAbsolutePath().getParent(), Objects::nonNull, Path::getParent)
                .limit(config.at("/loadgen/concurrency").isArray() ? 3 : 0)
                .filter(directory -> directory.getFileName() != null)
                .map(directory -> DIRECTORY.matcher(directory.getFileName().toString()))
                .filter(Matcher::matches)
                .mapToInt(name -> Integer.parseInt(name.group(1)))
                .mapToObj(OptionalInt::of)
                .findFirst()
                .orElse(OptionalInt.empty());
    }

    private Load load() {
        String type = phase.path("type").asText("");
        if (Set.of("user_centric", "fixed_schedule").contains(type)
                || REPLAYED.stream()
                        .map(config::at)
                        .anyMatch(node -> node.asBoolean(false) || number(node).orElse(0) > 0)) {
            throw refused("replays a schedule or users' sessions", "give one with a concurrency or a request rate");
        }
        OptionalDouble rate = Stream.concat(
                        Stream.of(phase.path("rate")), RATE.stream().map(config::at))
                .map(InputConfig::number)
                .filter(OptionalDouble::isPresent)
                .findFirst()
                .orElseGet(() -> number(varied("rate")));
        if (rate.isEmpty() && Set.of("poisson", "gamma", "constant").contains(type)) {
            throw refused("changes its request rate while it measures", "give one with a single rate");
        }
        if (rate.orElse(0) == 0) {
            return Load.CLOSED;
        }
        String arrivals = type.isEmpty() ? text(ARRIVALS).orElse("") : type;
        OptionalDouble smoothness = Stream.of(phase.path("smoothness"), config.at("/loadgen/arrival_smoothness"))
                .map(InputConfig::number)
                .filter(OptionalDouble::isPresent)
                .findFirst()
                .orElse(OptionalDouble.empty());
        return new Load(
                rate.getAsDouble(),
                smoothness.isPresent() ? (arrivals + " " + smoothness.getAsDouble()).strip() : arrivals);
    }

    /** An object, a list of pairs, or a list of {@code name:value}. */
    private Map<String, String> extra() {
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

    /** A value that the sweep gave this run: {@code {"phases.profiling.concurrency": 10}}. */
    private JsonNode varied(String option) {
        return variation.properties().stream()
                .filter(value -> value.getKey().matches("(?:.*\\.)?(?:request_)?" + option))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(variation.path(option));
    }

    /** The one of a list, or of an object by name, that is not a warm-up. */
    private JsonNode only(String what, JsonNode several) {
        Map<String, JsonNode> named = new LinkedHashMap<>();
        several.properties().forEach(entry -> named.put(entry.getKey(), entry.getValue()));
        for (JsonNode element : several.isArray() ? several : List.<JsonNode>of()) {
            named.put(element.path("name").asText("" + named.size()), element);
        }
        named.entrySet()
                .removeIf(entry -> entry.getKey().equals("warmup")
                        || entry.getValue().path("kind").asText().equals("warmup")
                        || entry.getValue().path("exclude_from_results").asBoolean(false));
        if (named.size() > 1) {
            throw refused(
                    "has several " + what + " together (" + String.join(", ", named.keySet()) + ")",
                    "give one per level");
        }
        return named.values().stream().findFirst().orElse(several.path(-1));
    }

    private Optional<String> one(String what, List<String> values) {
        if (values.size() > 1) {
            throw refused(
                    "has several " + what + " together (" + String.join(", ", values) + ")", "give one per level");
        }
        return values.stream().findFirst();
    }

    private Optional<Length> length(String what, Spread spread) {
        return length(what, config.at(spread.mean), number(config.at(spread.deviation)));
    }

    /** {@code 300}, {@code {"value": 300}} or {@code {"mean": 300, "stddev": 60}}. */
    private Optional<Length> length(String what, JsonNode distribution) {
        if (distribution.isObject()
                && OTHER_DISTRIBUTIONS.stream().anyMatch(key -> distribution.hasNonNull(key))
                && !distribution.has("value")) {
            throw distribution(what);
        }
        JsonNode mean = distribution.has("value") ? distribution.path("value") : distribution.path("mean");
        return length(what, distribution.isObject() ? mean : distribution, number(distribution.path("stddev")));
    }

    private Optional<Length> length(String what, JsonNode mean, OptionalDouble deviation) {
        OptionalDouble value = number(mean);
        if (value.orElse(0) == 0) {
            return Optional.empty();
        }
        double spread = deviation.orElse(0);
        if (value.getAsDouble() != Math.rint(value.getAsDouble()) || spread != Math.rint(spread)) {
            throw distribution(what);
        }
        return Optional.of(new Length((int) value.getAsDouble(), (int) spread));
    }

    private OptionalInt fixed(String what, List<Optional<Length>> lengths) {
        Optional<Length> first = lengths.stream().flatMap(Optional::stream).findFirst();
        first.filter(length -> length.spread() > 0).ifPresent(length -> {
            throw refused(
                    "varies " + what + " (" + length.mean() + ", standard deviation " + length.spread() + ")",
                    "nimload has levels with one number only");
        });
        return first.map(length -> OptionalInt.of(length.mean())).orElse(OptionalInt.empty());
    }

    private UserError distribution(String what) {
        return refused(
                "gives the lengths of " + what + " otherwise than by a whole number or its mean and standard deviation",
                "nimload has no such level");
    }

    private UserError refused(String why, String next) {
        return new UserError(file + " " + why + "; " + next);
    }

    private List<String> strings(List<String> pointers) {
        return pointers.stream()
                .map(config::at)
                .map(InputConfig::strings)
                .filter(strings -> !strings.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private static List<String> strings(JsonNode node) {
        List<String> strings = new ArrayList<>();
        for (JsonNode element : node.isArray() ? node : List.of(node)) {
            JsonNode text = element.isObject() ? element.path("name") : element;
            if (text.isTextual() && !text.textValue().isEmpty()) {
                strings.add(text.textValue());
            }
        }
        return strings;
    }

    private Optional<String> text(List<String> pointers) {
        return strings(pointers).stream().findFirst();
    }

    private OptionalInt count(List<String> pointers) {
        return pointers.stream()
                .map(config::at)
                .map(InputConfig::count)
                .filter(OptionalInt::isPresent)
                .findFirst()
                .orElse(OptionalInt.empty());
    }

    private static OptionalInt count(JsonNode node) {
        double value = number(node).orElse(0);
        return value >= 1 && value == Math.rint(value) && value < Integer.MAX_VALUE
                ? OptionalInt.of((int) value)
                : OptionalInt.empty();
    }

    /** A number, or one as text; empty for anything else. */
    private static OptionalDouble number(JsonNode node) {
        if (!node.isNumber() && !(node.isTextual() && node.textValue().matches("\\d{1,9}(\\.\\d{1,9})?"))) {
            return OptionalDouble.empty();
        }
        double value = node.asDouble();
        return Double.isFinite(value) && value >= 0 ? OptionalDouble.of(value) : OptionalDouble.empty();
    }
}
