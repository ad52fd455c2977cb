package nimload.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.nim.EmbeddingForm;
import nimload.nim.EmbeddingProtocol;
import nimload.nim.EmbeddingType;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.Json;
import nimload.nim.RankingForm;
import nimload.nim.RankingProtocol;
import nimload.nim.ServerText;
import nimload.nim.Truncate;
import nimload.preflight.NimClient.Answer;

/**
 * What a server does where servers differ, seen with one request each, in a few words for the results. A probe that fails is
 * unknown, and the run goes on. It takes nine requests at most.
 */
final class Passport {
    /** Its entry for the most tokens of an item. */
    static final String TOKEN_LIMIT = "tokenLimit";

    /** Over the limit of models that take 512 tokens, which cut or refuse it. */
    private static final int WORDS = 600;

    /** To find a limit, texts become as many times longer: 600, 2,400, 9,600 and 38,400 words, which pass 32,768 tokens. */
    private static final int LONGER = 4;

    private static final int MOST_WORDS = 38_400;

    /** Attention's share grows with the square: after a quarter of a second, four times the text takes four at most. */
    private static final long QUICK_NANOS = Duration.ofMillis(250).toNanos();

    private static final String SHORT_TEXT = "hello";

    /** So many more tokens than one word. */
    private static final int FEW_WORDS = 10;

    /** {@code exceeds maximum allowed token size 512}, {@code maximum context length is 8192 tokens}, {@code less than 512}. */
    private static final Pattern LIMIT =
            Pattern.compile("(?i)(?:max\\w*|limit\\w*|less than|at most|up to|exceeds?)\\D{0,60}?(\\d{2,6})(?!\\d)");

    private final Target target;
    private final Function<byte[], Reply> post;
    private final WaitClock clock;
    private final Map<String, String> seen = new LinkedHashMap<>();
    private OptionalLong shortTokens = OptionalLong.empty();
    private OptionalLong longerTokens = OptionalLong.empty();

    private Passport(Target target, Function<byte[], Reply> post, WaitClock clock) {
        this.target = target;
        this.post = post;
        this.clock = clock;
    }

    /** @param post sends the body of a request to the target's route, once */
    static Map<String, String> ofEmbedding(
            Target target, EmbeddingForm form, InputType type, Function<byte[], Reply> post, WaitClock clock) {
        Passport passport = new Passport(target, post, clock);
        passport.answers();
        passport.embedding(form, type);
        passport.usage();
        return passport.seen;
    }

    private void embedding(EmbeddingForm form, InputType type) {
        EmbeddingForm floats = form.with(EmbeddingType.FLOAT);
        EmbeddingForm plain = floats.with(EncodingFormat.FLOAT);
        ask("encodingFormat.float", plain.body(target.model(), List.of(SHORT_TEXT), type), answer -> {
            shortTokens = tokens(answer);
            return encoding(answer);
        });
        EmbeddingForm base64 = floats.with(EncodingFormat.BASE64);
        ask("encodingFormat.base64", base64.body(target.model(), List.of(words(FEW_WORDS)), type), answer -> {
            longerTokens = tokens(answer);
            return encoding(answer);
        });
        if (form.protocol() == EmbeddingProtocol.NIM) {
            longTexts("truncate.NONE", words -> plain.with(Truncate.NONE).body(target.model(), List.of(words), type));
            ask(
                    "truncate.END",
                    plain.with(Truncate.END).body(target.model(), List.of(words(WORDS)), type),
                    Passport::taken);
        } else {
            fields(plain, type, Map.of("input_type", type.wire(), "truncate", Truncate.END.name()));
            longTexts("longText", words -> plain.body(target.model(), List.of(words), type));
        }
        if (form.dimensions().isPresent()) {
            seen.put("field.dimensions", "taken: " + form.dimensions().getAsInt() + " numbers");
        } else {
            shorterVectors(plain, type);
        }
    }

    /** Fields of NVIDIA's that are not sent in this protocol: whether the server would take them. */
    private void fields(EmbeddingForm plain, InputType type, Map<String, String> fields) {
        new TreeMap<>(fields).forEach((name, value) -> {
            if (plain.extra().containsKey(name)) {
                seen.put("field." + name, "taken");
                return;
            }
            Map<String, JsonNode> extra = new TreeMap<>(plain.extra());
            extra.put(name, TextNode.valueOf(value));
            ask("field." + name, plain.with(extra).body(target.model(), List.of(SHORT_TEXT), type), answer -> "taken");
        });
    }

    private void shorterVectors(EmbeddingForm plain, InputType type) {
        int whole = target.answers()
                .flatMap(AnswerShape::vectors)
                .map(AnswerShape.Vectors::dimensions)
                .orElse(0);
        int half = Math.max(1, whole / 2);
        ask(
                "field.dimensions",
                plain.with(OptionalInt.of(half)).body(target.model(), List.of(SHORT_TEXT), type),
                answer -> {
                    int got = answer.path("data").path(0).path("embedding").size();
                    return (got == half ? "taken: " : "ignored: ") + got + " numbers";
                });
    }

    /** @param post as for an embedding server */
    static Map<String, String> ofReranking(
            Target target, RankingForm form, Function<byte[], Reply> post, WaitClock clock) {
        Passport passport = new Passport(target, post, clock);
        passport.answers();
        passport.reranking(form);
        passport.usage();
        return passport.seen;
    }

    private void reranking(RankingForm form) {
        shortTokens = tokens(post.apply(form.body(target.model(), SHORT_TEXT, List.of(SHORT_TEXT))));
        longerTokens = tokens(post.apply(form.body(target.model(), SHORT_TEXT, List.of(words(FEW_WORDS)))));
        Function<String, byte[]> untruncated =
                words -> form.with(Truncate.NONE).body(target.model(), SHORT_TEXT, List.of(words));
        if (form.protocol() == RankingProtocol.COHERE) {
            longTexts("longText", untruncated);
        } else {
            longTexts("truncate.NONE", untruncated);
            ask(
                    "truncate.END",
                    form.with(Truncate.END).body(target.model(), SHORT_TEXT, List.of(words(WORDS))),
                    Passport::taken);
        }
    }

    private void answers() {
        target.answers().ifPresent(answers -> {
            answers.vectors().ifPresent(vectors -> {
                seen.put("dimensions", Integer.toString(vectors.dimensions()));
                seen.put("vectorLength", String.format(Locale.ROOT, "%.4f", vectors.length()));
                seen.put("unitLength", vectors.unit() ? "yes" : "no");
            });
            seen.put("model", answers.model().map(ServerText::oneLine).orElse("not named"));
        });
    }

    /** Sends longer and longer texts until one is refused or cut, or takes its time. */
    private void longTexts(String name, Function<String, byte[]> request) {
        for (int words = WORDS; words <= MOST_WORDS; words *= LONGER) {
            long before = clock.nanoTime();
            Reply reply = post.apply(request.apply(words(words)));
            long nanos = clock.nanoTime() - before;
            if (words == WORDS) {
                note(name, reply, Passport::taken);
            }
            OptionalLong tokens = tokens(reply);
            if (!(reply instanceof Answer answer && answer.status() == 200)) {
                seen.put(TOKEN_LIMIT, refusedAt(reply, words));
                return;
            }
            // No word costs less than a token.
            if (tokens.isPresent() && tokens.getAsLong() < words) {
                seen.put(
                        TOKEN_LIMIT,
                        tokens.equals(shortTokens) ? "unknown" : tokens.getAsLong() + ", a longer text is cut");
                return;
            }
            seen.put(
                    TOKEN_LIMIT,
                    "unknown, takes " + (tokens.isPresent() ? tokens.getAsLong() + " tokens" : words + " words"));
            if (nanos > QUICK_NANOS) {
                return;
            }
        }
    }

    private static String refusedAt(Reply reply, int words) {
        if (reply instanceof Answer answer && answer.status() / 100 == 4) {
            Matcher limit = LIMIT.matcher(Refusals.words(answer));
            if (limit.find()) {
                return Integer.parseInt(limit.group(1)) + ", by its words";
            }
            return "unknown, " + words + " words are refused";
        }
        return "unknown";
    }

    private void usage() {
        if (shortTokens.isEmpty()) {
            seen.put("usage", "none");
        } else if (longerTokens.isPresent()) {
            boolean moves = longerTokens.getAsLong() > shortTokens.getAsLong();
            seen.put("usage", moves ? "moves with the text" : "does not move with the text");
        }
    }

    private void ask(String name, byte[] request, Function<JsonNode, String> meaning) {
        note(name, post.apply(request), meaning);
    }

    private void note(String name, Reply reply, Function<JsonNode, String> meaning) {
        if (reply instanceof Answer answer && answer.status() == 200) {
            JsonNode tree = tree(answer);
            seen.put(name, tree.isMissingNode() ? "unknown: not JSON" : meaning.apply(tree));
        } else if (reply instanceof Answer answer && answer.status() / 100 == 4 && answer.status() != 429) {
            seen.put(name, "refused: " + Refusals.quoted(answer));
        } else {
            seen.put(name, "unknown: " + reply.what());
        }
    }

    private static JsonNode tree(Answer answer) {
        try {
            return Json.MAPPER.readTree(answer.body());
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static String encoding(JsonNode answer) {
        JsonNode vector = answer.path("data").path(0).path("embedding");
        return vector.isTextual()
                ? "answered in base64"
                : vector.isArray() ? "answered in float" : "unknown: no vector";
    }

    private static String taken(JsonNode answer) {
        OptionalLong tokens = tokens(answer);
        return "takes " + WORDS + " words, " + (tokens.isPresent() ? tokens.getAsLong() + " tokens" : "no usage given");
    }

    private static OptionalLong tokens(Reply reply) {
        return reply instanceof Answer answer && answer.status() == 200 ? tokens(tree(answer)) : OptionalLong.empty();
    }

    /** As {@link nimload.nim.Usage} counts them. */
    private static OptionalLong tokens(JsonNode answer) {
        for (JsonNode count : List.of(
                answer.path("usage").path("prompt_tokens"),
                answer.path("usage").path("total_tokens"),
                answer.path("meta").path("tokens").path("input_tokens"))) {
            if (count.isIntegralNumber()) {
                return OptionalLong.of(count.asLong());
            }
        }
        return OptionalLong.empty();
    }

    private static String words(int count) {
        return String.join(" ", Collections.nCopies(count, "the"));
    }
}
