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
import java.util.function.Function;
import java.util.function.UnaryOperator;
import nimload.UserError;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.EmbeddingForm;
import nimload.nim.EmbeddingRequest;
import nimload.nim.InputType;
import nimload.nim.Json;
import nimload.nim.MalformedAnswer;
import nimload.nim.ModelList;
import nimload.nim.NimKind;
import nimload.nim.RankingForm;
import nimload.nim.RankingProtocol;
import nimload.nim.Routes;
import nimload.nim.ServerText;
import nimload.nim.Usage;
import nimload.nim.WireForm;
import nimload.preflight.NimClient.Answer;

/**
 * Checks a NIM before the load, so that a hopeless run ends at once and says why: is it there, is it ready, which model
 * does it serve, does it answer a real request. It also notes what a reader of the results must know.
 */
public final class Preflight {
    /** Any text will do. */
    private static final String FIRST_TEXT = "hello";

    private static final String LEARNING = "learning";
    private static final String NOT_NAMED = "not named";

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
     * @param replicas base URLs, at least one
     * @param model that the user named, if any
     * @param usual the default where several models are served
     * @throws UserError if the NIM cannot be reached, is not ready, or does not serve the model; if replicas serve
     *     different ones
     */
    public Target find(WireForm form, List<URI> replicas, Optional<String> model, String usual) {
        Target first = find(form, replicas.get(0), model, usual);
        for (URI replica : replicas.subList(1, replicas.size())) {
            Target other = find(form, replica, model, usual);
            if (!other.model().equals(first.model())) {
                throw new UserError(form.kind().key() + ": the replicas " + first.url() + " and " + replica
                        + " serve different models (" + first.model() + ", " + other.model()
                        + "); give replicas of one model only");
            }
        }
        return first.with(replicas);
    }

    Target find(WireForm form, URI url, Optional<String> model, String usual) {
        readiness.await(form, url).ifPresent(notes::add);
        String chosen = model(form, url, model, usual);
        Map<String, String> about = about(url);
        return new Target(url, chosen, about.containsKey(Target.EMULATOR), about);
    }

    private String model(WireForm form, URI url, Optional<String> model, String usual) {
        NimKind kind = form.kind();
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
        if (answer.status() != 200
                && form instanceof RankingForm ranking
                && ranking.protocol() == RankingProtocol.TEI) {
            return modelOfTei(url);
        }
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

    /** That server serves one model and names it elsewhere; its requests name none. */
    private String modelOfTei(URI url) {
        if (client.tryGet(url, "/info", patience.quick()) instanceof Answer answer && answer.status() == 200) {
            try {
                JsonNode id = Json.MAPPER.readTree(answer.body()).path("model_id");
                if (id.isTextual()) {
                    return ServerText.oneLine(id.textValue());
                }
            } catch (IOException notJson) {
                return NOT_NAMED;
            }
        }
        return NOT_NAMED;
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
    public Target seenEmbedding(Target target, EmbeddingForm form, InputType type) {
        byte[] json =
                first(target, form, Blame.of(form), shape -> shape.body(target.model(), List.of(FIRST_TEXT), type));
        EmbeddingAnswer answer;
        try {
            answer = form.read(json, 1);
        } catch (MalformedAnswer e) {
            throw form.type().whole()
                    ? new UserError(
                            "nim.embedding.embeddingType=" + form.type().wire() + ": " + target.url() + form.route()
                                    + " answered otherwise (" + ServerText.oneLine(e.getMessage())
                                    + "); give a type that the model takes, or leave it out",
                            e)
                    : unexpected(target, form, e);
        }
        float[] vector = answer.vectors().get(0);
        form.dimensions().ifPresent(count -> {
            if (vector.length != count) {
                throw new UserError("nim.embedding.dimensions=" + count + ": " + target.url() + form.route()
                        + " answered with vectors of " + vector.length
                        + " numbers, so it does not take the setting; leave it out");
            }
        });
        AnswerShape.Vectors vectors = new AnswerShape.Vectors(vector.length, length(vector));
        Target seen = target.with(new AnswerShape(Optional.of(vectors), answer.model()));
        return seen.with(Passport.ofEmbedding(seen, form, type, body -> once(target, form, body), clock));
    }

    /** The target with what its answer to one query and one passage looks like, and what else a few requests show. */
    public Target seenRanking(Target target, RankingForm form) {
        byte[] json = first(
                target, form, Blame.of(form), shape -> shape.body(target.model(), FIRST_TEXT, List.of(FIRST_TEXT)));
        try {
            Target seen = target.with(
                    new AnswerShape(Optional.empty(), form.read(json, 1).model()));
            return seen.with(Passport.ofReranking(seen, form, body -> once(target, form, body), clock));
        } catch (MalformedAnswer e) {
            throw unexpected(target, form, e);
        }
    }

    /**
     * The answer to the first request.
     *
     * @throws UserError that names the setting without which the server takes the request, if there is one
     */
    private <F extends WireForm> byte[] first(
            Target target, F form, List<Blame<F>> blames, Function<F, byte[]> request) {
        Reply reply = learning(target, form, request.apply(form));
        if (reply instanceof Answer refused && List.of(400, 404, 405, 415, 422).contains(refused.status())) {
            for (Blame<F> blame : blames) {
                if (once(target, blame.form(), request.apply(blame.form())) instanceof Answer other
                        && other.status() == 200
                        && isRight(blame.form(), other.body())) {
                    throw new UserError(target.url() + form.route() + " does not take " + blame.what() + ": "
                            + Refusals.quoted(refused) + "; " + blame.next());
                }
            }
        }
        return answered(target, form, reply).body();
    }

    private static boolean isRight(WireForm form, byte[] answer) {
        try {
            form.requireRight(answer, 1);
            return true;
        } catch (MalformedAnswer e) {
            return false;
        }
    }

    private Reply once(Target target, WireForm form, byte[] request) {
        return client.tryPost(target.url(), form.route(), request, patience.work(), NimClient.MAX_BYTES);
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
            Target target, WireForm form, byte[] request, int items, Duration limit, UnaryOperator<String> shown) {
        Duration timeout = limit.compareTo(patience.work()) < 0 ? patience.work() : limit;
        Reply reply = attempts(form.kind(), "largest requests")
                .ask(() -> client.tryPost(target.url(), form.route(), request, timeout, form.answerLimit(items)));
        if (reply instanceof NoAnswer none) {
            return Optional.of(none.what());
        }
        Answer answer = (Answer) reply;
        if (answer.status() == 401 || answer.status() == 403 || answer.status() / 100 == 3) {
            throw Refusals.error(form.kind(), target.url(), form.route(), shown(answer, shown));
        }
        if (answer.status() != 200) {
            String words = Refusals.words(shown(answer, shown));
            return Optional.of(answer.what() + (words.isEmpty() ? "" : ": " + words));
        }
        try {
            form.requireRight(answer.body(), items);
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
    public OptionalLong embed(Target target, EmbeddingForm form, InputType type, String text) {
        byte[] request = form.body(target.model(), List.of(text), type);
        Answer answer = answered(target, form, learning(target, form, request));
        try {
            return tokens(form.read(answer.body(), 1).usage());
        } catch (MalformedAnswer e) {
            throw unexpected(target, form, e);
        }
    }

    /** Ranks some passages; returns the server's token count, empty if it gives none. */
    public OptionalLong rank(Target target, RankingForm form, String query, List<String> passages) {
        byte[] request = form.body(target.model(), query, passages);
        Answer answer = answered(target, form, learning(target, form, request));
        try {
            return tokens(form.read(answer.body(), passages.size()).usage());
        } catch (MalformedAnswer e) {
            throw unexpected(target, form, e);
        }
    }

    private Reply learning(Target target, WireForm form, byte[] request) {
        return attempts(form.kind(), LEARNING)
                .ask(() -> client.tryPost(target.url(), form.route(), request, patience.work(), NimClient.MAX_BYTES));
    }

    private Answer answered(Target target, WireForm form, Reply reply) {
        if (reply instanceof Answer answer && answer.status() == 200) {
            return answer;
        }
        if (Attempts.mayPass(reply)) {
            throw attempts(form.kind(), LEARNING)
                    .givenUp(
                            URI.create(target.url() + form.route()),
                            reply,
                            reply instanceof Answer answer ? Refusals.words(answer) : "");
        }
        if (reply instanceof NoAnswer none) {
            throw patience.error(none);
        }
        throw Refusals.error(form.kind(), target.url(), form.route(), (Answer) reply);
    }

    private static OptionalLong tokens(Optional<Usage> usage) {
        return usage.isPresent() ? OptionalLong.of(usage.get().promptTokens()) : OptionalLong.empty();
    }

    private static UserError unexpected(Target target, WireForm form, MalformedAnswer e) {
        return new UserError(
                target.url() + form.route() + " answered one request wrongly (" + ServerText.oneLine(e.getMessage())
                        + "); check that it is "
                        + (form.ofNim() ? "a NIM of this kind" : "a server of protocol " + form.protocolName())
                        + ", and its log",
                e);
    }
}
