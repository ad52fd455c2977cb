package nimload.emulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import nimload.UserError;
import nimload.nim.Json;
import nimload.nim.NimKind;

/**
 * Service times of a modelled GPU per kind of NIM, as {@code simulations-data/h200-service-times.json} has them.
 *
 * @param name what times these are, for labels: {@code H200-like}, {@code twin of run 20261126-163000}
 * @param times of at least one kind
 */
public record TimesFile(String name, Map<NimKind, ServiceTimes> times) {
    private static final String RESOURCE = "/h200-service-times.json";
    private static final String LIKE =
            "give one that exec:java@fit wrote, or one like" + " simulations-data/h200-service-times.json";

    private static final Map<NimKind, String> KEYS = Map.of(NimKind.EMBEDDING, "embed", NimKind.RERANKING, "rerank");

    /** A name that fits into labels, whoever wrote the file. */
    private static final String NAME = "[\\w .:+-]{1,60}";

    /** Measured on an H200 with models of the same shape as the guide's. */
    public static final TimesFile H200 = h200();

    public TimesFile {
        times = Map.copyOf(times);
    }

    private static TimesFile h200() {
        try (InputStream in = TimesFile.class.getResourceAsStream(RESOURCE)) {
            return new TimesFile("H200-like", times(Json.MAPPER.readTree(in)));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read " + RESOURCE + " from the class path; build the project again", e);
        }
    }

    /**
     * Times fitted to a run.
     *
     * @param run its name
     */
    public static TimesFile twin(String run, Map<NimKind, ServiceTimes> times) {
        return new TimesFile("twin of run " + run, times);
    }

    /**
     * @param given the setting or option that names the file, with its value, for messages
     * @throws UserError if it is not readable or has no usable times
     */
    public static TimesFile read(String given, Path file) {
        try {
            JsonNode json = Json.MAPPER.readTree(Files.readAllBytes(file));
            JsonNode twinOf = json.path("twinOf");
            if (!twinOf.isMissingNode() && !twinOf.asText().matches(NAME)) {
                throw new IllegalArgumentException("twinOf is not a run's name");
            }
            Map<NimKind, ServiceTimes> times = times(json);
            return twinOf.isMissingNode()
                    ? new TimesFile("times of " + file.getFileName(), times)
                    : twin(twinOf.asText(), times);
        } catch (JsonProcessingException e) {
            throw new UserError(given + " is not JSON (" + e.getOriginalMessage() + "); " + LIKE, e);
        } catch (IOException e) {
            throw new UserError(given + " cannot be read (" + e + "); " + LIKE, e);
        } catch (IllegalArgumentException e) {
            throw new UserError(given + " has no usable service times: " + e.getMessage() + "; " + LIKE, e);
        }
    }

    /** How an embedded NIM with these times names itself. */
    public String label() {
        return "embedded NIM (" + name + ")";
    }

    /** The file's {@code gpu}, as it is read. */
    public ObjectNode gpu() {
        ObjectNode gpu = Json.MAPPER.createObjectNode();
        times.forEach((kind, service) -> {
            ObjectNode model = gpu.putObject(KEYS.get(kind));
            model.put("batchOverheadMs", service.batchOverheadMillis());
            model.put("hostMs", service.hostMillis());
            model.put("hostMsPerItem", service.hostMillisPerItem());
            model.put("maxItemsPerBatch", service.maxItemsPerBatch());
            ArrayNode rows = model.putArray("rows");
            service.millisByTokensAndItems().forEach((tokens, row) -> {
                ArrayNode pairs = rows.addObject().put("tokensPerItem", tokens).putArray("itemsAndMs");
                row.forEach((items, millis) -> pairs.addArray().add(items).add(millis));
            });
        });
        return gpu;
    }

    private static Map<NimKind, ServiceTimes> times(JsonNode file) {
        Map<NimKind, ServiceTimes> times = new EnumMap<>(NimKind.class);
        KEYS.forEach((kind, key) ->
                Optional.ofNullable(file.path("gpu").get(key)).ifPresent(model -> times.put(kind, times(key, model))));
        if (times.isEmpty()) {
            throw new IllegalArgumentException("gpu.embed and gpu.rerank are missing");
        }
        return times;
    }

    private static ServiceTimes times(String key, JsonNode model) {
        NavigableMap<Integer, NavigableMap<Integer, Double>> rows = new TreeMap<>();
        for (JsonNode row : model.path("rows")) {
            NavigableMap<Integer, Double> millisByItems = new TreeMap<>();
            for (JsonNode pair : row.path("itemsAndMs")) {
                millisByItems.put(
                        count(key + ".rows.itemsAndMs", pair.path(0)),
                        millis(key + ".rows.itemsAndMs", pair.path(1), Double.MIN_VALUE));
            }
            if (millisByItems.size() < 2) {
                throw new IllegalArgumentException(key + ".rows.itemsAndMs has fewer than two numbers of items");
            }
            rows.put(count(key + ".rows.tokensPerItem", row.path("tokensPerItem")), millisByItems);
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(key + ".rows is empty");
        }
        return new ServiceTimes(
                rows,
                millis(key + ".batchOverheadMs", model.path("batchOverheadMs"), 0),
                millis(key + ".hostMs", model.path("hostMs"), 0),
                model.has("hostMsPerItem") ? millis(key + ".hostMsPerItem", model.path("hostMsPerItem"), 0) : 0,
                count(key + ".maxItemsPerBatch", model.path("maxItemsPerBatch")));
    }

    private static int count(String field, JsonNode value) {
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 1) {
            throw new IllegalArgumentException(field + " is not a whole number of at least 1");
        }
        return value.intValue();
    }

    private static double millis(String field, JsonNode value, double least) {
        if (!value.isNumber() || !(value.doubleValue() >= least) || value.doubleValue() > 1e6) {
            throw new IllegalArgumentException(field + " is not a time in ms");
        }
        return value.doubleValue();
    }
}
