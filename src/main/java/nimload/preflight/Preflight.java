package nimload.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import nimload.UserError;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.EmbeddingRequest;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.Json;
import nimload.nim.MalformedAnswer;
import nimload.nim.ModelList;
import nimload.nim.NimError;
import nimload.nim.RankingAnswer;
import nimload.nim.RankingRequest;
import nimload.nim.Routes;
import nimload.nim.Truncate;
import nimload.nim.Usage;
import nimload.preflight.NimClient.Answer;

/**
 * Checks a NIM before the load, so that a hopeless run ends at once and says why: is it there, is it ready, which model
 * does it serve, does it answer a real request.
 */
public final class Preflight {
    /** A server on a busy machine may need a moment; a hopeless run still ends within ten seconds. */
    private static final Duration READY = Duration.ofSeconds(5);

    private static final Duration QUICK = Duration.ofSeconds(2);

    /** The first request may have to load the engine. */
    private static final Duration FIRST_REQUEST = Duration.ofSeconds(5);

    /** This process's own server answers as soon as the machine lets it. */
    private static final Duration EMBEDDED = Duration.ofSeconds(30);

    /** Any text will do. */
    private static final String FIRST_TEXT = "hello";

    private final NimClient client;
    private final Duration ready;
    private final Duration quick;
    private final Duration firstRequest;

    private Preflight(NimClient client, Duration ready, Duration quick, Duration firstRequest) {
        this.client = client;
        this.ready = ready;
        this.quick = quick;
        this.firstRequest = firstRequest;
    }

    public Preflight(NimClient client) {
        this(client, READY, QUICK, FIRST_REQUEST);
    }

    /** For a server in this process, with the patience that a busy machine takes. */
    public static Preflight ofEmbedded(NimClient client) {
        return new Preflight(client, EMBEDDED, EMBEDDED, EMBEDDED);
    }

    /**
     * @param model that the user named, if any
     * @param usual the default where several models are served
     * @param setting the name of the model's setting, for messages
     * @throws UserError if the NIM cannot be reached, is not ready, or does not serve the model
     */
    public Target find(URI url, Optional<String> model, String usual, String setting) {
        Answer health = client.get(url, Routes.READY, ready);
        // The hosted API has no health route; any other status than 200 is a NIM that is not ready for load.
        if (health.status() != 200 && health.status() != 404) {
            throw new UserError(url + " is not ready (HTTP " + health.status() + " from " + Routes.READY
                    + "); a first start downloads the model and may take 30 minutes, watch it with: curl -i " + url
                    + Routes.READY);
        }
        List<String> served = served(url);
        String chosen = choose(url, served, model, usual, setting);
        Map<String, String> about = about(url);
        return new Target(url, chosen, about.containsKey("emulator"), about);
    }

    private List<String> served(URI url) {
        Answer answer = client.get(url, Routes.MODELS, quick);
        if (answer.status() != 200) {
            throw refused(url, Routes.MODELS, answer);
        }
        try {
            return ModelList.parse(answer.body()).ids();
        } catch (MalformedAnswer e) {
            throw new UserError(
                    url + Routes.MODELS + " is not what a NIM answers (" + e.getMessage() + "); check the address", e);
        }
    }

    private static String choose(URI url, List<String> served, Optional<String> model, String usual, String setting) {
        String list = String.join(", ", served);
        if (model.isPresent()) {
            // A suffix -query or -passage is the input type; the served list has the model without it.
            if (!served.contains(model.get()) && !served.contains(EmbeddingRequest.baseModel(model.get()))) {
                throw new UserError(setting + "=" + model.get() + " is not served at " + url + ", which serves " + list
                        + "; give one of these with -D" + setting + "=… or leave it out");
            }
            return model.get();
        }
        if (served.size() == 1) {
            return served.get(0);
        }
        if (served.contains(usual)) {
            return usual;
        }
        throw new UserError(url + " serves several models: " + list + "; choose one with -D" + setting + "=…");
    }

    private Map<String, String> about(URI url) {
        Map<String, String> about = new LinkedHashMap<>();
        for (String route : List.of(Routes.METADATA, Routes.VERSION)) {
            try {
                Answer answer = client.get(url, route, quick);
                if (answer.status() == 200) {
                    addTexts(about, answer.body());
                }
            } catch (UserError e) {
                about.put(route, "no answer");
            }
        }
        return about;
    }

    /** Top-level fields with a short text; the rest differs between releases. */
    private static void addTexts(Map<String, String> about, byte[] body) {
        try {
            JsonNode root = Json.MAPPER.readTree(body);
            root.properties().forEach(field -> {
                if (field.getValue().isTextual() && field.getValue().textValue().length() <= 200) {
                    about.put(field.getKey(), field.getValue().textValue());
                }
            });
        } catch (IOException notJson) {
            about.put("metadata", "not JSON");
        }
    }

    /** The target with what its answer to one text looks like. */
    public Target seenEmbedding(Target target, InputType type, EncodingFormat format, Truncate truncate) {
        byte[] request = new EmbeddingRequest(target.model(), List.of(FIRST_TEXT), type, format, truncate).toJson();
        Answer answer = post(target, Routes.EMBEDDINGS, request);
        try {
            float[] vector = EmbeddingAnswer.parse(answer.body(), 1).vectors().get(0);
            AnswerShape.Vectors vectors = new AnswerShape.Vectors(vector.length, length(vector));
            return target.with(new AnswerShape(Optional.of(vectors), modelIn(answer.body())));
        } catch (MalformedAnswer e) {
            throw unexpected(target, Routes.EMBEDDINGS, e);
        }
    }

    /** The target with what its answer to one query and one passage looks like. */
    public Target seenRanking(Target target, Truncate truncate) {
        byte[] request = new RankingRequest(target.model(), FIRST_TEXT, List.of(FIRST_TEXT), truncate).toJson();
        Answer answer = post(target, Routes.RANKING, request);
        try {
            RankingAnswer.parse(answer.body(), 1);
            return target.with(new AnswerShape(Optional.empty(), modelIn(answer.body())));
        } catch (MalformedAnswer e) {
            throw unexpected(target, Routes.RANKING, e);
        }
    }

    private static double length(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    /** The field {@code model} of an answer that was already read as JSON. */
    private static Optional<String> modelIn(byte[] answer) {
        try {
            return Optional.ofNullable(
                    Json.MAPPER.readTree(answer).path("model").textValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Embeds one text; returns the server's token count, empty if it gives none. */
    public OptionalLong embed(Target target, InputType type, EncodingFormat format, Truncate truncate, String text) {
        byte[] request = new EmbeddingRequest(target.model(), List.of(text), type, format, truncate).toJson();
        Answer answer = post(target, Routes.EMBEDDINGS, request);
        try {
            return tokens(EmbeddingAnswer.parse(answer.body(), 1).usage());
        } catch (MalformedAnswer e) {
            throw unexpected(target, Routes.EMBEDDINGS, e);
        }
    }

    /** Ranks some passages; returns the server's token count, empty if it gives none. */
    public OptionalLong rank(Target target, Truncate truncate, String query, List<String> passages) {
        byte[] request = new RankingRequest(target.model(), query, passages, truncate).toJson();
        Answer answer = post(target, Routes.RANKING, request);
        try {
            return tokens(RankingAnswer.parse(answer.body(), passages.size()).usage());
        } catch (MalformedAnswer e) {
            throw unexpected(target, Routes.RANKING, e);
        }
    }

    private Answer post(Target target, String route, byte[] request) {
        Answer answer = client.post(target.url(), route, request, firstRequest);
        if (answer.status() != 200) {
            throw refused(target.url(), route, answer);
        }
        return answer;
    }

    private static OptionalLong tokens(Optional<Usage> usage) {
        return usage.isPresent() ? OptionalLong.of(usage.get().promptTokens()) : OptionalLong.empty();
    }

    private static UserError unexpected(Target target, String route, MalformedAnswer e) {
        return new UserError(
                target.url() + route + " answered one request wrongly (" + e.getMessage()
                        + "); check that it is a NIM of this kind, and its log",
                e);
    }

    private UserError refused(URI url, String route, Answer answer) {
        String said = client.withoutKey(NimError.messageIn(answer.body())
                .orElseGet(() -> {
                    String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
                    return text.length() > 120 ? text.substring(0, 120) + "…" : text;
                })
                .replaceAll("\\s+", " "));
        String next = switch (answer.status()) {
            case 401, 403 -> "give a valid key in the environment: NIM_API_KEY=…";
            case 404 -> "check the address: nimload adds " + route + " itself";
            default -> "check the NIM's log";
        };
        return new UserError(url + route + " answered HTTP " + answer.status()
                + (said.isEmpty() ? "" : " (" + said + ")") + "; " + next);
    }
}
