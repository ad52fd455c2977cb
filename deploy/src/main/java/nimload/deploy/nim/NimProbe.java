package nimload.deploy.nim;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.deploy.DeployException;
import nimload.deploy.Unreachable;
import nimload.deploy.settings.Nim;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One real request to a NIM, with a check of the response's shape, and the NIM's version if it reports one. */
public final class NimProbe {

    /** The first request may build what later ones reuse. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http;

    public NimProbe(HttpClient http) {
        this.http = http;
    }

    /** Route and body of the one request; the curl line shows the same. */
    public record Request(String path, String body) {

        public static Request of(Nim nim, String model) {
            return switch (nim) {
                case EMBEDDING ->
                    new Request(
                            "/v1/embeddings",
                            JSON.writeValueAsString(new java.util.TreeMap<>(Map.of(
                                    "input", List.of("What is a load test?"), "input_type", "query", "model", model))));
                case RERANKING ->
                    new Request(
                            "/v1/ranking",
                            JSON.writeValueAsString(new java.util.TreeMap<>(Map.of(
                                    "model",
                                    model,
                                    "passages",
                                    List.of(
                                            Map.of("text", "A load test sends many requests at once."),
                                            Map.of("text", "Bread is baked in an oven.")),
                                    "query",
                                    Map.of("text", "What is a load test?")))));
            };
        }

        public String curl(String base) {
            return "curl -sS " + base + path + " -H 'Content-Type: application/json' -d '" + body.replace("'", "'\\''")
                    + "'";
        }
    }

    /** Sends the request and summarises the response, e.g. {@code 1 vector of 1024 numbers}. */
    public String send(Nim nim, String model, URI base) {
        Request request = Request.of(nim, model);
        HttpResponse<String> response = call(
                nim,
                HttpRequest.newBuilder(base.resolve(request.path()))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(request.body())));
        if (response.statusCode() != 200) {
            throw new DeployException(nim + ": " + request.path() + " answered " + response.statusCode() + ": "
                    + shortened(response.body())
                    + (response.statusCode() == 404
                            ? "; it serves " + models(nim, base) + ": correct model in the settings file"
                            : "; the logs command may show why"));
        }
        try {
            JsonNode json = JSON.readTree(response.body());
            return switch (nim) {
                case EMBEDDING -> vectors(json);
                case RERANKING -> rankings(json);
            };
        } catch (JacksonException | IllegalStateException e) {
            throw new DeployException(
                    nim + ": " + request.path() + " answered 200 with an unexpected body: " + shortened(response.body())
                            + "; is something else listening on port 8000?",
                    e);
        }
    }

    /** From /v1/version, otherwise /v1/metadata, whose fields differ by release; empty if neither reports it. */
    public Optional<String> version(Nim nim, URI base) {
        return field(nim, base.resolve("/v1/version"), "release")
                .or(() -> field(nim, base.resolve("/v1/metadata"), "version"));
    }

    private Optional<String> field(Nim nim, URI address, String name) {
        HttpResponse<String> response =
                call(nim, HttpRequest.newBuilder(address).GET());
        if (response.statusCode() != 200) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(JSON.readTree(response.body()).path(name).asString(null))
                    .filter(value -> !value.isBlank());
        } catch (JacksonException e) {
            return Optional.empty(); // unknown, which is what absence means
        }
    }

    private String models(Nim nim, URI base) {
        HttpResponse<String> response =
                call(nim, HttpRequest.newBuilder(base.resolve("/v1/models")).GET());
        try {
            List<String> ids = JSON.readTree(response.body())
                    .path("data")
                    .valueStream()
                    .map(model -> model.path("id").asString("?"))
                    .toList();
            return ids.isEmpty() ? "no model" : String.join(", ", ids);
        } catch (JacksonException e) {
            return "unknown models";
        }
    }

    private HttpResponse<String> call(Nim nim, HttpRequest.Builder request) {
        HttpRequest built = request.timeout(LIMIT).build();
        try {
            return http.send(built, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new DeployException(
                    nim + ": no answer to " + built.uri().getPath() + " (" + Unreachable.reason(e)
                            + "); check status and logs",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeployException(nim + ": interrupted", e);
        }
    }

    private static String vectors(JsonNode json) {
        int numbers = json.path("data").path(0).path("embedding").size();
        require(numbers > 0);
        return json.path("data").size() + " vector of " + numbers + " numbers";
    }

    private static String rankings(JsonNode json) {
        require(json.path("rankings").size() == 2
                && json.path("rankings").path(0).path("index").isInt());
        return "2 passages ranked, best is number "
                + json.path("rankings").path(0).path("index").asInt();
    }

    private static void require(boolean shape) {
        if (!shape) {
            throw new IllegalStateException("a field is missing");
        }
    }

    private static String shortened(String body) {
        String line = body.strip().replaceAll("\\s+", " ");
        return line.length() > 200 ? line.substring(0, 200) + "…" : line;
    }
}
