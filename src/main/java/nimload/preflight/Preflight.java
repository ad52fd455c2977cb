package nimload.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import nimload.UserError;
import nimload.nim.AnswerSize;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.EmbeddingRequest;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.Json;
import nimload.nim.MalformedAnswer;
import nimload.nim.ModelList;
import nimload.nim.NimKind;
import nimload.nim.RankingAnswer;
import nimload.nim.RankingRequest;
import nimload.nim.Routes;
import nimload.nim.ServerText;
import nimload.nim.Truncate;
import nimload.nim.Usage;
import nimload.preflight.NimClient.Answer;

/**
 * Checks a NIM before the load, so that a hopeless run ends at once and says why: is it there, is it ready, which model
 * does it serve, does it answer a real request. It also notes what a reader of the results must know.
 */
public final class Preflight {
    /** Any text will do. */
    private static final String FIRST_TEXT = "hello";

    private final NimClient client;
    private final Patience patience;
    private final Readiness readiness;
    private final WaitClock clock;
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Attempts> attempts = new LinkedHashMap<>();

    private Preflight(NimClient client, Patience patience, Duration wait, WaitClock clock, Consumer<String> progress) {
        this.client = client;
        this.patience = patience;
        this.readiness = new Readiness(client, patience, wait, clock, progress);
        this.clock = clock;
    }

    /** One that waits for no server to become ready. */
    public Preflight(NimClient client) {
        this(client, Duration.ZERO, WaitClock.SYSTEM, line -> {});
    }

    /**
     * @param wait for each server to become ready
     * @param progress gets a line now and then while it waits
     */
    public Preflight(NimClient client, Duration wait, WaitClock clock, Consumer<String> progress) {
        this(client, Patience.REAL, wait, clock, progress);
    }

    /** For a server in this process, with the patience that a busy machine takes. */
    public static Preflight ofEmbedded(NimClient client) {
        return new Preflight(client, Patience.EMBEDDED, Duration.ZERO, WaitClock.SYSTEM, line -> {});
    }

    /** What a reader of the results must know about the servers so far, a sentence each. */
    public List<String> notes() {
        List<String> all = new ArrayList<>(notes);
        attempts.values().forEach(some -> some.note().ifPresent(all::add));
        return all;
    }

    /**
     * @param model that the user named, if any
     * @param usual the default where several models are served
     * @throws UserError if the NIM cannot be reached, is not ready, or does not serve the model
     */
    public Target find(NimKind kind, URI url, Optional<String> model, String usual) {
        readiness.await(kind, url).ifPresent(notes::add);
        String chosen = model(kind, url, model, usual);
        Map<String, String> about = about(url);
        return new Target(url, chosen, about.containsKey("emulator"), about);
    }

    private String model(NimKind kind, URI url, Optional<String> model, String usual) {
        String setting = "nim." + kind.key() + ".model";
        Reply reply = attempts(kind, "models").ask(() -> client.tryGet(url, Routes.MODELS, patience.quick()));
        if (model.isPresent() && !(reply instanceof Answer answer && answer.status() == 200)) {
            notes.add(kind.key() + ": this server does not list its models (" + reply.what() + " from " + Routes.MODELS
                    + "); the model " + model.get() + " was not verified.");
            return model.get();
        }
        if (reply instanceof NoAnswer none) {
            throw patience.error(none);
        }
        Answer answer = (Answer) reply;
        if (answer.status() != 200) {
            UserError refused = Refusals.error(kind, url, Routes.MODELS, answer);
            boolean noList = answer.status() == 404 || answer.status() == 405;
            throw noList ? new UserError(refused.getMessage() + ", or name the model: -D" + setting + "=…") : refused;
        }
        try {
            return choose(url, ModelList.parse(answer.body()).ids(), model, usual, setting);
        } catch (MalformedAnswer e) {
            throw new UserError(
                    url + Routes.MODELS + " is not what a NIM answers (" + ServerText.oneLine(e.getMessage())
                            + "); check the address",
                    e);
        }
    }

    private Attempts attempts(NimKind kind, String purpose) {
        return attempts.computeIfAbsent(kind.key() + ", " + purpose, name -> new Attempts(name, clock));
    }

    private static String choose(URI url, List<String> served, Optional<String> model, String usual, String setting) {
        String list = ServerText.oneLine(String.join(", ", served));
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
                Answer answer = client.get(url, route, patience.quick());
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

    /** The target with what its answer to one text looks like, and what else a few requests show. */
    public Target seenEmbedding(Target target, InputType type, EncodingFormat format, Truncate truncate) {
        byte[] request = new EmbeddingRequest(target.model(), List.of(FIRST_TEXT), type, format, truncate).toJson();
        try {
            EmbeddingAnswer answer = EmbeddingAnswer.parse(
                    post(target, NimKind.EMBEDDING, request).body(), 1);
            float[] vector = answer.vectors().get(0);
            AnswerShape.Vectors vectors = new AnswerShape.Vectors(vector.length, length(vector));
            Target seen = target.with(new AnswerShape(Optional.of(vectors), answer.model()));
            return seen.with(Passport.ofEmbedding(seen, type, body -> once(target, NimKind.EMBEDDING, body)));
        } catch (MalformedAnswer e) {
            throw unexpected(target, Routes.EMBEDDINGS, e);
        }
    }

    /** The target with what its answer to one query and one passage looks like, and what else a few requests show. */
    public Target seenRanking(Target target, Truncate truncate) {
        byte[] request = new RankingRequest(target.model(), FIRST_TEXT, List.of(FIRST_TEXT), truncate).toJson();
        try {
            RankingAnswer answer =
                    RankingAnswer.parse(post(target, NimKind.RERANKING, request).body(), 1);
            Target seen = target.with(new AnswerShape(Optional.empty(), answer.model()));
            return seen.with(Passport.ofReranking(seen, body -> once(target, NimKind.RERANKING, body)));
        } catch (MalformedAnswer e) {
            throw unexpected(target, Routes.RANKING, e);
        }
    }

    private Reply once(Target target, NimKind kind, byte[] request) {
        return client.tryPost(target.url(), kind.route(), request, patience.work(), NimClient.MAX_BYTES);
    }

    /**
     * Sends a request as large as the load's.
     *
     * @param items texts or passages in it
     * @param limit from send to last byte; the first of its size may take longer than those under load, so 5 s at least
     * @param shown what of a server's words may be shown
     * @return what stands against such requests; empty if it is answered rightly
     * @throws UserError if the server's answer is not about the request, but about who sends it or where
     */
    public Optional<String> refusal(
            Target target, NimKind kind, byte[] request, int items, Duration limit, UnaryOperator<String> shown) {
        Duration timeout = limit.compareTo(patience.work()) < 0 ? patience.work() : limit;
        Reply reply = attempts(kind, "largest requests")
                .ask(() -> client.tryPost(target.url(), kind.route(), request, timeout, AnswerSize.limit(kind, items)));
        if (reply instanceof NoAnswer none) {
            return Optional.of(none.what());
        }
        Answer answer = (Answer) reply;
        if (answer.status() == 401 || answer.status() == 403 || answer.status() / 100 == 3) {
            throw Refusals.error(kind, target.url(), kind.route(), shown(answer, shown));
        }
        if (answer.status() != 200) {
            String words = Refusals.words(shown(answer, shown));
            return Optional.of(answer.what() + (words.isEmpty() ? "" : ": " + words));
        }
        try {
            switch (kind) {
                case EMBEDDING -> EmbeddingAnswer.parse(answer.body(), items);
                case RERANKING -> RankingAnswer.parse(answer.body(), items);
            }
            return Optional.empty();
        } catch (MalformedAnswer e) {
            return Optional.of("answered wrongly: " + shown.apply(ServerText.oneLine(e.getMessage())));
        }
    }

    private static Answer shown(Answer answer, UnaryOperator<String> shown) {
        return new Answer(
                answer.status(),
                shown.apply(Refusals.words(answer)).getBytes(StandardCharsets.UTF_8),
                answer.location(),
                answer.retryAfter());
    }

    private static double length(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    /** Embeds one text; returns the server's token count, empty if it gives none. */
    public OptionalLong embed(Target target, InputType type, EncodingFormat format, Truncate truncate, String text) {
        byte[] request = new EmbeddingRequest(target.model(), List.of(text), type, format, truncate).toJson();
        Answer answer = post(target, NimKind.EMBEDDING, request);
        try {
            return tokens(EmbeddingAnswer.parse(answer.body(), 1).usage());
        } catch (MalformedAnswer e) {
            throw unexpected(target, Routes.EMBEDDINGS, e);
        }
    }

    /** Ranks some passages; returns the server's token count, empty if it gives none. */
    public OptionalLong rank(Target target, Truncate truncate, String query, List<String> passages) {
        byte[] request = new RankingRequest(target.model(), query, passages, truncate).toJson();
        Answer answer = post(target, NimKind.RERANKING, request);
        try {
            return tokens(RankingAnswer.parse(answer.body(), passages.size()).usage());
        } catch (MalformedAnswer e) {
            throw unexpected(target, Routes.RANKING, e);
        }
    }

    private Answer post(Target target, NimKind kind, byte[] request) {
        Attempts learning = attempts(kind, "learning");
        Reply reply = learning.ask(
                () -> client.tryPost(target.url(), kind.route(), request, patience.work(), NimClient.MAX_BYTES));
        if (reply instanceof Answer answer && answer.status() == 200) {
            return answer;
        }
        if (Attempts.mayPass(reply)) {
            throw learning.givenUp(
                    URI.create(target.url() + kind.route()),
                    reply,
                    reply instanceof Answer answer ? Refusals.words(answer) : "");
        }
        if (reply instanceof NoAnswer none) {
            throw patience.error(none);
        }
        throw Refusals.error(kind, target.url(), kind.route(), (Answer) reply);
    }

    private static OptionalLong tokens(Optional<Usage> usage) {
        return usage.isPresent() ? OptionalLong.of(usage.get().promptTokens()) : OptionalLong.empty();
    }

    private static UserError unexpected(Target target, String route, MalformedAnswer e) {
        return new UserError(
                target.url() + route + " answered one request wrongly (" + ServerText.oneLine(e.getMessage())
                        + "); check that it is a NIM of this kind, and its log",
                e);
    }
}
