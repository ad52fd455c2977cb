package nimload.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import nimload.nim.EmbeddingRequest;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.Json;
import nimload.nim.RankingRequest;
import nimload.nim.ServerText;
import nimload.nim.Truncate;
import nimload.preflight.NimClient.Answer;

/**
 * What a NIM does where NIMs differ, seen with one request each, in a few words for the results. A probe that fails is
 * unknown, and the run goes on.
 */
final class Passport {
    /** Over the limit of models that take 512 tokens, which cut or refuse it. */
    private static final int WORDS = 600;

    private static final String LONG_TEXT = String.join(" ", Collections.nCopies(WORDS, "the"));
    private static final String SHORT_TEXT = "hello";

    private final Target target;
    private final Function<byte[], Reply> post;
    private final Map<String, String> seen = new LinkedHashMap<>();

    private Passport(Target target, Function<byte[], Reply> post) {
        this.target = target;
        this.post = post;
    }

    /** @param post sends the body of a request to the route of the target's kind, once */
    static Map<String, String> ofEmbedding(Target target, InputType type, Function<byte[], Reply> post) {
        Passport passport = new Passport(target, post);
        passport.answers();
        for (EncodingFormat format : EncodingFormat.values()) {
            passport.ask(
                    "encodingFormat." + format.wire(),
                    new EmbeddingRequest(target.model(), List.of(SHORT_TEXT), type, format, Truncate.END).toJson(),
                    Passport::encoding);
        }
        for (Truncate truncate : List.of(Truncate.NONE, Truncate.END)) {
            passport.ask(
                    "truncate." + truncate,
                    new EmbeddingRequest(target.model(), List.of(LONG_TEXT), type, EncodingFormat.FLOAT, truncate)
                            .toJson(),
                    Passport::taken);
        }
        return passport.seen;
    }

    /** @param post as for an embedding NIM */
    static Map<String, String> ofReranking(Target target, Function<byte[], Reply> post) {
        Passport passport = new Passport(target, post);
        passport.answers();
        for (Truncate truncate : List.of(Truncate.NONE, Truncate.END)) {
            passport.ask(
                    "truncate." + truncate,
                    new RankingRequest(target.model(), SHORT_TEXT, List.of(LONG_TEXT), truncate).toJson(),
                    Passport::taken);
        }
        return passport.seen;
    }

    private void answers() {
        target.answers().ifPresent(answers -> {
            answers.vectors().ifPresent(vectors -> {
                seen.put("dimensions", Integer.toString(vectors.dimensions()));
                seen.put("vectorLength", String.format(Locale.ROOT, "%.4f", vectors.length()));
            });
            seen.put("model", answers.model().map(ServerText::oneLine).orElse("not named"));
        });
    }

    private void ask(String name, byte[] request, Function<JsonNode, String> meaning) {
        Reply reply = post.apply(request);
        if (reply instanceof Answer answer && answer.status() == 200) {
            try {
                seen.put(name, meaning.apply(Json.MAPPER.readTree(answer.body())));
            } catch (IOException e) {
                seen.put(name, "unknown: not JSON");
            }
        } else if (reply instanceof Answer answer && answer.status() / 100 == 4 && answer.status() != 429) {
            seen.put(name, "refused: " + Refusals.quoted(answer));
        } else {
            seen.put(name, "unknown: " + reply.what());
        }
    }

    private static String encoding(JsonNode answer) {
        JsonNode vector = answer.path("data").path(0).path("embedding");
        return vector.isTextual()
                ? "answered in base64"
                : vector.isArray() ? "answered in float" : "unknown: no vector";
    }

    private static String taken(JsonNode answer) {
        JsonNode tokens = answer.path("usage").path("prompt_tokens");
        return "takes " + WORDS + " words, " + (tokens.isNumber() ? tokens.asLong() + " tokens" : "no usage given");
    }
}
