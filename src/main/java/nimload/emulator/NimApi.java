package nimload.emulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.EmbeddingRequest;
import nimload.nim.Json;
import nimload.nim.ModelList;
import nimload.nim.NimError;
import nimload.nim.RankingAnswer;
import nimload.nim.RankingRequest;
import nimload.nim.Truncate;
import nimload.nim.Usage;

/** What the two NIMs do with a request, without HTTP. Confined to the server's event loop. */
final class NimApi {
    private static final int MAX_TEXT_TOKENS = 512;
    private static final int MAX_PAIR_TOKENS = 8192;

    private final String label;
    private final Accelerator embedding;
    private final Accelerator reranking;
    private final Preparation preparation;
    private final NimMetrics embeddingMetrics;
    private final NimMetrics rerankingMetrics;

    /** @param label by which it identifies itself */
    NimApi(String label, Accelerator embedding, Accelerator reranking, Preparation preparation) {
        this.label = label;
        this.embedding = embedding;
        this.reranking = reranking;
        this.preparation = preparation;
        this.embeddingMetrics = new NimMetrics(EmbeddedNim.EMBEDDING_MODEL, embedding, System::nanoTime);
        this.rerankingMetrics = new NimMetrics(EmbeddedNim.RERANKING_MODEL, reranking, System::nanoTime);
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

    /** @param arrivedNanos when the request was complete */
    void embed(byte[] json, long arrivedNanos, Reply reply) throws NimError {
        try {
            submit(embedding, embeddingMetrics, preparation.of(json, NimApi::embedding), arrivedNanos, reply);
        } catch (NimError e) {
            embeddingMetrics.failed();
            throw e;
        }
    }

    private static Prepared embedding(byte[] json) throws NimError {
        EmbeddingRequest request = EmbeddingRequest.parse(json);
        if (!EmbeddingRequest.baseModel(request.model()).equals(EmbeddedNim.EMBEDDING_MODEL)) {
            throw NimError.unknownModel(request.model());
        }
        long tokens = 0;
        for (String text : request.input()) {
            int counted = TokenCounter.ofText(request.inputType(), text);
            tokens += accepted(counted, MAX_TEXT_TOKENS, request.truncate(), 400);
        }
        return new Prepared(request.input().size(), tokens, answer(request, tokens));
    }

    /** In direct memory, so that a megabyte is copied only once on its way to the socket. */
    private static ByteBuf answer(EmbeddingRequest request, long tokens) {
        int texts = request.input().size();
        ByteBuf json =
                ByteBufAllocator.DEFAULT.directBuffer(texts * (Vectors.encodedSize(request.encodingFormat()) + 128));
        try (ByteBufOutputStream out = new ByteBufOutputStream(json)) {
            EmbeddingAnswer.write(
                    out,
                    request.model(),
                    texts,
                    (vector, index) -> Vectors.write(
                            vector, request.inputType(), request.input().get(index), request.encodingFormat()),
                    tokens);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return json;
    }

    /** @param arrivedNanos when the request was complete */
    void rank(byte[] json, long arrivedNanos, Reply reply) throws NimError {
        try {
            submit(reranking, rerankingMetrics, preparation.of(json, NimApi::ranking), arrivedNanos, reply);
        } catch (NimError e) {
            rerankingMetrics.failed();
            throw e;
        }
    }

    private static Prepared ranking(byte[] json) throws NimError {
        RankingRequest request = RankingRequest.parse(json);
        if (!request.model().equals(EmbeddedNim.RERANKING_MODEL)) {
            throw NimError.unknownModel(request.model());
        }
        long tokens = 0;
        double[] logits = new double[request.passages().size()];
        for (int i = 0; i < logits.length; i++) {
            String passage = request.passages().get(i);
            tokens += accepted(TokenCounter.ofPair(request.query(), passage), MAX_PAIR_TOKENS, request.truncate(), 422);
            logits[i] = Vectors.logit(request.query(), passage);
        }
        ByteBuf answer = Unpooled.wrappedBuffer(RankingAnswer.toJson(logits, Optional.of(new Usage(tokens))));
        return new Prepared(logits.length, tokens, answer);
    }

    private static void submit(
            Accelerator accelerator, NimMetrics metrics, Prepared work, long arrivedNanos, Reply reply) {
        accelerator.submit(work.items(), work.tokens(), arrivedNanos, (queueNanos, computeNanos, requestsInBatch) -> {
            metrics.succeeded(
                    work.items(), System.nanoTime() - arrivedNanos, queueNanos, computeNanos, requestsInBatch);
            reply.send(work.answer(), queueNanos, computeNanos);
        });
    }

    private static int accepted(int tokens, int max, Truncate truncate, int status) throws NimError {
        if (tokens > max && truncate == Truncate.NONE) {
            throw NimError.inputTooLong(status, tokens, max);
        }
        return Math.min(tokens, max);
    }

    byte[] models() {
        return new ModelList(List.of(EmbeddedNim.EMBEDDING_MODEL, EmbeddedNim.RERANKING_MODEL)).toJson();
    }

    byte[] metadata() {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("version", "0.1.0");
        body.put("emulator", label);
        body.putArray("modelInfo")
                .add(Json.MAPPER.createObjectNode().put("shortName", EmbeddedNim.EMBEDDING_MODEL))
                .add(Json.MAPPER.createObjectNode().put("shortName", EmbeddedNim.RERANKING_MODEL));
        return Json.bytes(body);
    }

    byte[] version() {
        return Json.bytes(Json.MAPPER.createObjectNode().put("release", "0.1.0").put("api", "1.0.0"));
    }

    byte[] metrics() {
        return NimMetrics.page(List.of(embeddingMetrics, rerankingMetrics)).getBytes(StandardCharsets.UTF_8);
    }
}
