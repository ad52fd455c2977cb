package nimload.nim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How texts are sent to an embedding server and vectors read from its answers.
 *
 * @param route below the base URL
 * @param truncate what the server does with texts over its token limit; only {@link EmbeddingProtocol#NIM} has it
 * @param dimensions of the vectors, if the model is to shorten them
 * @param type of the vectors' numbers
 * @param extra JSON that each body has in addition
 */
public record EmbeddingForm(
        EmbeddingProtocol protocol,
        String route,
        EncodingFormat encodingFormat,
        Truncate truncate,
        OptionalInt dimensions,
        EmbeddingType type,
        Map<String, JsonNode> extra)
        implements WireForm {

    public EmbeddingForm {
        extra = WireForm.sorted(extra);
    }

    /** A NIM's, without what only some models take. */
    public static EmbeddingForm nim(EncodingFormat encodingFormat, Truncate truncate) {
        return new EmbeddingForm(
                EmbeddingProtocol.NIM,
                Routes.EMBEDDINGS,
                encodingFormat,
                truncate,
                OptionalInt.empty(),
                EmbeddingType.FLOAT,
                Map.of());
    }

    /** The same in another protocol, which need not have a field for the type. */
    public EmbeddingForm as(EmbeddingProtocol other) {
        return new EmbeddingForm(other, route, encodingFormat, truncate, dimensions, EmbeddingType.FLOAT, extra);
    }

    public EmbeddingForm with(EncodingFormat other) {
        return new EmbeddingForm(protocol, route, other, truncate, dimensions, type, extra);
    }

    public EmbeddingForm with(Truncate other) {
        return new EmbeddingForm(protocol, route, encodingFormat, other, dimensions, type, extra);
    }

    public EmbeddingForm with(OptionalInt otherDimensions) {
        return new EmbeddingForm(protocol, route, encodingFormat, truncate, otherDimensions, type, extra);
    }

    public EmbeddingForm with(EmbeddingType other) {
        return new EmbeddingForm(protocol, route, encodingFormat, truncate, dimensions, other, extra);
    }

    public EmbeddingForm with(Map<String, JsonNode> otherExtra) {
        return new EmbeddingForm(protocol, route, encodingFormat, truncate, dimensions, type, otherExtra);
    }

    /** @param inputType sent only to a NIM */
    public byte[] body(String model, List<String> texts, InputType inputType) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        ArrayNode input = body.putArray("input");
        texts.forEach(input::add);
        body.put("model", model);
        if (protocol == EmbeddingProtocol.NIM) {
            body.put("input_type", inputType.wire());
        }
        body.put("encoding_format", encodingFormat.wire());
        if (protocol == EmbeddingProtocol.NIM) {
            body.put("truncate", truncate.name());
        }
        dimensions.ifPresent(count -> body.put("dimensions", count));
        if (type.whole()) {
            body.put("embedding_type", type.wire());
        }
        extra.forEach(body::set);
        return Json.bytes(body);
    }

    /** Reads every value. */
    public EmbeddingAnswer read(byte[] json, int texts) throws MalformedAnswer {
        return EmbeddingAnswer.parse(json, texts, this);
    }

    /** Reads the structure, and of the values a few; whole numbers are checked one and all. */
    public EmbeddingStructure check(byte[] json, int texts) throws MalformedAnswer {
        return EmbeddingStructure.check(json, texts, this);
    }

    @Override
    public void requireRight(byte[] json, int items) throws MalformedAnswer {
        read(json, items);
    }

    @Override
    public long answerLimit(int items) {
        return AnswerSize.ofVectors(items, dimensions);
    }

    @Override
    public NimKind kind() {
        return NimKind.EMBEDDING;
    }

    @Override
    public String protocolName() {
        return protocol.wire();
    }

    @Override
    public boolean ofNim() {
        return protocol == EmbeddingProtocol.NIM;
    }
}
