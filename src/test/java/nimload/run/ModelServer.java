package nimload.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import nimload.nim.Json;

/**
 * A loopback server of some model: what it takes, and what its answers look like. A word is a token, and each text and pair
 * has two more. It has none of a NIM's other routes but those that are given.
 */
final class ModelServer implements AutoCloseable {
    private static final int SPECIAL_TOKENS = 2;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "model-server");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<String> fieldsSeen = new ConcurrentSkipListSet<>();
    private Set<String> fields = Set.of();
    private Map<String, String> headers = Map.of();
    private int dimensions = 1024;
    private Set<Integer> otherDimensions = Set.of();
    private Set<String> ignored = Set.of();
    private Set<String> required = Set.of();
    private Optional<String> echoed = Optional.empty();
    private int echoAfter;
    private final AtomicInteger requests = new AtomicInteger();
    private double length = 1;
    private String type = "float";
    private int maxItems = Integer.MAX_VALUE;
    private int maxTokens = Integer.MAX_VALUE;
    private int cutAt = Integer.MAX_VALUE;
    private String usage = "usage.prompt_tokens";

    /** An answer other than 200. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private interface Work {
        JsonNode answer(JsonNode request) throws Refused;
    }

    ModelServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    ModelServer embeds(String path) {
        return serves(path, this::embedding);
    }

    ModelServer ranksAsNim(String path) {
        return serves(path, request -> {
            ObjectNode answer = Json.MAPPER.createObjectNode();
            long tokens = rank(
                    request.path("query").path("text"),
                    request.path("passages"),
                    passage -> passage.path("text"),
                    answer.putArray("rankings"),
                    "logit",
                    Math.E);
            return counted(answer, tokens);
        });
    }

    ModelServer ranksAsCohere(String path) {
        return serves(path, request -> {
            ObjectNode answer = Json.MAPPER.createObjectNode().put("id", "1");
            long tokens = rank(
                    request.path("query"),
                    request.path("documents"),
                    document -> document,
                    answer.putArray("results"),
                    "relevance_score",
                    1);
            return counted(answer, tokens);
        });
    }

    ModelServer ranksAsTei(String path) {
        return serves(path, request -> {
            ArrayNode answer = Json.MAPPER.createArrayNode();
            rank(request.path("query"), request.path("texts"), text -> text, answer, "score", 1);
            return answer;
        });
    }

    /** A page that is read. */
    ModelServer page(String path, String json) {
        server.createContext(
                path, exchange -> send(exchange, 200, json.replace('\'', '"').getBytes()));
        return this;
    }

    /** Refuses every other field. */
    ModelServer onlyFields(String... only) {
        fields = new TreeSet<>(List.of(only));
        return this;
    }

    /** Answers 401 without this header. */
    ModelServer wants(String header, String value) {
        headers = Map.of(header, value);
        return this;
    }

    ModelServer dimensions(int own, Integer... others) {
        dimensions = own;
        otherDimensions = Set.of(others);
        return this;
    }

    /** Answers as if these fields were not there. */
    ModelServer ignores(String... names) {
        ignored = Set.of(names);
        return this;
    }

    ModelServer requires(String... names) {
        required = Set.of(names);
        return this;
    }

    /** Every fifth request after so many fails, and its answer has the value of this header. */
    ModelServer echoes(String header, int after) {
        echoed = Optional.of(header);
        echoAfter = after;
        return this;
    }

    /** To its paths, pages not counted. */
    int requests() {
        return requests.get();
    }

    ModelServer length(double vectors) {
        length = vectors;
        return this;
    }

    /** The one type besides float that it knows. */
    ModelServer type(String other) {
        type = other;
        return this;
    }

    ModelServer maxItems(int most) {
        maxItems = most;
        return this;
    }

    ModelServer maxTokens(int most) {
        maxTokens = most;
        return this;
    }

    /** Cuts longer texts instead of refusing them. */
    ModelServer cutsAt(int most) {
        cutAt = most;
        return this;
    }

    /** Where it counts: {@code usage.total_tokens}, {@code meta.billed_units.search_units}, or {@code none}. */
    ModelServer usage(String where) {
        usage = where;
        return this;
    }

    /** The names of all fields that requests had. */
    Set<String> fieldsSeen() {
        return fieldsSeen;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private ModelServer serves(String path, Work work) {
        server.createContext(path, exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                if (!exchange.getRequestURI().getPath().equals(path)) {
                    throw new Refused(404, "Not Found");
                }
                for (Map.Entry<String, String> header : headers.entrySet()) {
                    if (!header.getValue().equals(exchange.getRequestHeaders().getFirst(header.getKey()))) {
                        throw new Refused(401, "no " + header.getKey());
                    }
                }
                JsonNode request = Json.MAPPER.readTree(body);
                for (String field : required) {
                    if (!request.has(field)) {
                        throw new Refused(422, field + ": Field required");
                    }
                }
                int number = requests.incrementAndGet();
                if (echoed.isPresent() && number > echoAfter && number % 5 == 0) {
                    throw new Refused(
                            500,
                            "no account for " + exchange.getRequestHeaders().getFirst(echoed.get()));
                }
                for (Map.Entry<String, JsonNode> field : request.properties()) {
                    fieldsSeen.add(field.getKey());
                    if (!fields.isEmpty() && !fields.contains(field.getKey())) {
                        throw new Refused(400, "Unrecognized request argument supplied: " + field.getKey());
                    }
                }
                send(exchange, 200, Json.bytes(work.answer(request)));
            } catch (Refused e) {
                ObjectNode error = Json.MAPPER.createObjectNode();
                error.putObject("error").put("message", e.getMessage());
                send(exchange, e.status, Json.bytes(error));
            }
        });
        return this;
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private JsonNode embedding(JsonNode request) throws Refused {
        int asked = request.path("dimensions").asInt(dimensions);
        if (asked != dimensions && !ignored.contains("dimensions") && !otherDimensions.contains(asked)) {
            throw new Refused(400, "This model does not support dimensions " + asked);
        }
        String asType = ignored.contains("embedding_type")
                ? "float"
                : request.path("embedding_type").asText("float");
        if (!asType.equals("float") && !asType.equals(type)) {
            throw new Refused(422, "embedding_type " + asType + " is not supported");
        }
        List<String> texts = new ArrayList<>();
        request.path("input").forEach(text -> texts.add(text.textValue()));
        long tokens = tokens("", texts);
        ObjectNode answer = Json.MAPPER.createObjectNode();
        ArrayNode data = answer.putArray("data");
        for (int i = 0; i < texts.size(); i++) {
            ArrayNode vector = data.addObject().put("index", i).putArray("embedding");
            int numbers = ignored.contains("dimensions") ? dimensions : asked;
            double[] values = values(texts.get(i), numbers);
            for (double value : values) {
                switch (asType) {
                    case "int8" -> vector.add(Math.round(127 * value / 3 / Math.sqrt(1.0 / numbers) / 2));
                    case "uint8" -> vector.add(128 + Math.round(127 * value / 3 / Math.sqrt(1.0 / numbers) / 2));
                    default -> vector.add((float) (length * value));
                }
            }
        }
        return counted(answer.put("model", "m"), tokens);
    }

    /** Of length 1; another text has others. */
    private static double[] values(String text, int dimensions) {
        Random random = new Random(text.hashCode());
        double[] values = IntStream.range(0, dimensions)
                .mapToDouble(i -> Math.max(-3, Math.min(3, random.nextGaussian())))
                .toArray();
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        for (int i = 0; i < dimensions; i++) {
            values[i] /= Math.sqrt(squares);
        }
        return values;
    }

    /** @param most the highest relevance */
    private long rank(
            JsonNode query,
            JsonNode passages,
            Function<JsonNode, JsonNode> text,
            ArrayNode answer,
            String field,
            double most)
            throws Refused {
        List<String> texts = new ArrayList<>();
        passages.forEach(passage -> texts.add(text.apply(passage).textValue()));
        long tokens = tokens(query.textValue() + " ", texts);
        IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -relevance(query.textValue(), texts.get(i))))
                .forEach(i -> answer.addObject()
                        .put("index", i)
                        .put(field, most * relevance(query.textValue(), texts.get(i))));
        return tokens;
    }

    private static double relevance(String query, String passage) {
        return Math.pow(new Random((query + passage).hashCode()).nextDouble(), 3);
    }

    private long tokens(String before, List<String> texts) throws Refused {
        if (texts.size() > maxItems) {
            throw new Refused(422, "batch size " + texts.size() + " > maximum allowed batch size " + maxItems);
        }
        long all = 0;
        for (String text : texts) {
            int tokens = (before + text).split(" ").length + SPECIAL_TOKENS;
            if (tokens > maxTokens) {
                throw new Refused(
                        400,
                        "This model's maximum context length is " + maxTokens + " tokens, however you requested "
                                + tokens + " tokens");
            }
            all += Math.min(tokens, cutAt);
        }
        return all;
    }

    private ObjectNode counted(ObjectNode answer, long tokens) {
        switch (usage) {
            case "usage.prompt_tokens" ->
                answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
            case "usage.total_tokens" -> answer.putObject("usage").put("total_tokens", tokens);
            case "meta.tokens.input_tokens" ->
                answer.putObject("meta").putObject("tokens").put("input_tokens", tokens);
            case "meta.billed_units.search_units" ->
                answer.putObject("meta").putObject("billed_units").put("search_units", 1);
            default -> {
                // It does not count.
            }
        }
        return answer;
    }
}
