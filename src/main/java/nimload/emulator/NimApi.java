package nimload.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.EmbeddingRequest;
import nimload.nim.Json;
import nimload.nim.ModelList;
import nimload.nim.NimError;
import nimload.nim.NimKind;
import nimload.nim.RankingAnswer;
import nimload.nim.RankingRequest;
import nimload.nim.RequestFields;
import nimload.nim.Truncate;
import nimload.nim.Usage;

/** What the two NIMs do with a request, without HTTP. Confined to the server's event loop. */
final class NimApi {
    private static final Set<String> RANKING_FIELDS = Set.of("model", "query", "passages", "truncate");
    private static final Set<String> TEXT = Set.of("text");

    private final Emulation emulation;
    private final Preparation preparation;
    private final Map<NimKind, Served> served = new EnumMap<>(NimKind.class);
    private final double startSeconds = System.currentTimeMillis() / 1e3;
    private String address = "";

    /** A model with its GPU and what was counted for it. */
    private record Served(EmulatedModel model, Accelerator accelerator, NimMetrics metrics) {}

    NimApi(Emulation emulation, EventLoop loop) {
        this.emulation = emulation;
        this.preparation = emulation.remembering() ? new RememberedAnswers() : (json, reader) -> reader.read(json);
        for (EmulatedModel model : emulation.models()) {
            Accelerator accelerator = emulation.accelerator(model.kind(), loop);
            served.put(
                    model.kind(),
                    new Served(model, accelerator, new NimMetrics(model.id(), accelerator, System::nanoTime)));
        }
    }

    /** @param authority host and port, by which its metrics page tells it from other replicas */
    void isAt(String authority) {
        address = authority;
    }

    boolean serves(NimKind kind) {
        return served.containsKey(kind);
    }

    /** Sends an answer when it is due. */
    @FunctionalInterface
    interface Reply {

        /**
         * @param queueNanos from submission to the start of the batch
         * @param computeNanos that the batch took
         */
        void send(ByteBuf json, long queueNanos, long computeNanos);
    }

    /**
     * A parsed request and its answer.
     *
     * @param items texts or pairs
     * @param tokens of all items together
     */
    record Prepared(int items, long tokens, ByteBuf answer) {}

    /** Parses a request and prepares its answer. */
    @FunctionalInterface
    interface Reader {
        Prepared read(byte[] json) throws NimError;
    }

    /** How a request gets its answer: each one parsed, or a repeated one from memory. */
    @FunctionalInterface
    interface Preparation {
        Prepared of(byte[] json, Reader reader) throws NimError;
    }

    /**
     * @param arrivedNanos when the request was complete
     * @throws NimError if it is refused
     */
    void answer(NimKind kind, byte[] json, long arrivedNanos, Reply reply) throws NimError {
        Served by = served.get(kind);
        int limit = emulation.queueLimit().orElse(Integer.MAX_VALUE);
        if (by.accelerator().waiting() >= limit) {
            by.metrics().rejected();
            throw NimError.queueFull(limit);
        }
        Prepared work;
        try {
            work = preparation.of(
                    json,
                    kind == NimKind.EMBEDDING
                            ? body -> embedding(body, by.model())
                            : body -> ranking(body, by.model()));
        } catch (NimError e) {
            by.metrics().failed();
            throw e;
        }
        by.accelerator()
                .submit(work.items(), work.tokens(), arrivedNanos, (queueNanos, computeNanos, requestsInBatch) -> {
                    by.metrics()
                            .succeeded(
                                    work.items(),
                                    System.nanoTime() - arrivedNanos,
                                    queueNanos,
                                    computeNanos,
                                    requestsInBatch);
                    reply.send(work.answer(), queueNanos, computeNanos);
                });
    }

    private Prepared embedding(byte[] json, EmulatedModel model) throws NimError {
        EmbeddingCall call = EmbeddingCall.read(json, model, emulation.strict());
        EmbeddingRequest request = call.request();
        long tokens = 0;
        for (String text : request.input()) {
            int counted = TokenCounter.ofText(request.inputType(), text);
            tokens += accepted(counted, model.maxTokens(), request.truncate(), 400);
        }
        return new Prepared(request.input().size(), tokens, answer(call, model, usage(model, tokens)));
    }

    private static Optional<Usage> usage(EmulatedModel model, long tokens) {
        return model.usage() ? Optional.of(new Usage(tokens)) : Optional.empty();
    }

    /** In direct memory, so that a megabyte is copied only once on its way to the socket. */
    private static ByteBuf answer(EmbeddingCall call, EmulatedModel model, Optional<Usage> usage) {
        EmbeddingRequest request = call.request();
        Vectors vectors = Vectors.of(call.dimension(), model.unitLength());
        int texts = request.input().size();
        ByteBuf json =
                ByteBufAllocator.DEFAULT.directBuffer(texts * (vectors.encodedSize(request.encodingFormat()) + 128));
        try (ByteBufOutputStream out = new ByteBufOutputStream(json)) {
            EmbeddingAnswer.write(
                    out,
                    request.model(),
                    texts,
                    (vector, index) -> vectors.write(
                            vector,
                            request.inputType(),
                            request.input().get(index),
                            request.encodingFormat(),
                            call.numbers()),
                    usage);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return json;
    }

    private Prepared ranking(byte[] json, EmulatedModel model) throws NimError {
        JsonNode body = RequestFields.object(json);
        if (emulation.strict()) {
            checkRanking(body);
        }
        RankingRequest request = RankingRequest.parse(body);
        if (!request.model().equals(model.id())) {
            throw NimError.unknownModel(request.model());
        }
        if (request.passages().size() > model.maxItems()) {
            throw NimError.invalidField(
                    "passages", "Input should be an array of 1 to " + model.maxItems() + " passages");
        }
        long tokens = 0;
        double[] logits = new double[request.passages().size()];
        for (int i = 0; i < logits.length; i++) {
            String passage = request.passages().get(i);
            tokens +=
                    accepted(TokenCounter.ofPair(request.query(), passage), model.maxTokens(), request.truncate(), 422);
            logits[i] = Vectors.logit(request.query(), passage);
        }
        ByteBuf answer = Unpooled.wrappedBuffer(RankingAnswer.toJson(logits, usage(model, tokens)));
        return new Prepared(logits.length, tokens, answer);
    }

    private static void checkRanking(JsonNode body) throws NimError {
        RequestFields.refuseOthers(body, RANKING_FIELDS);
        RequestFields.refuseOthers(body.path("query"), TEXT, "query");
        refuseEmpty(body.path("query"), "query");
        int place = 0;
        for (JsonNode passage : body.path("passages")) {
            RequestFields.refuseOthers(passage, TEXT, "passages", place++);
            refuseEmpty(passage, "passages");
        }
    }

    private static void refuseEmpty(JsonNode text, String field) throws NimError {
        if (text.path("text").isTextual() && text.path("text").textValue().isBlank()) {
            throw NimError.invalidField(field, "String should have at least 1 character");
        }
    }

    private static int accepted(int tokens, int max, Truncate truncate, int status) throws NimError {
        if (tokens > max && truncate == Truncate.NONE) {
            throw NimError.inputTooLong(status, tokens, max);
        }
        return Math.min(tokens, max);
    }

    byte[] models() {
        return new ModelList(emulation.models().stream().map(EmulatedModel::id).toList()).toJson();
    }

    byte[] metadata() {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("version", "0.1.0");
        body.put("emulator", emulation.label());
        ArrayNode models = body.putArray("modelInfo");
        emulation.models().forEach(model -> models.addObject().put("shortName", model.id()));
        return Json.bytes(body);
    }

    byte[] version() {
        return Json.bytes(Json.MAPPER.createObjectNode().put("release", "0.1.0").put("api", "1.0.0"));
    }

    byte[] metrics() {
        List<NimMetrics> models = served.values().stream().map(Served::metrics).toList();
        return NimMetrics.page(models, address, startSeconds).getBytes(StandardCharsets.UTF_8);
    }
}
