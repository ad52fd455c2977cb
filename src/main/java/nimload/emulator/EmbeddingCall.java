package nimload.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import nimload.nim.EmbeddingRequest;
import nimload.nim.InputType;
import nimload.nim.NimError;
import nimload.nim.RequestFields;

/**
 * A request for vectors, as a model takes it.
 *
 * @param dimension numbers of each vector
 * @param numbers what they are
 */
record EmbeddingCall(EmbeddingRequest request, int dimension, NumberType numbers) {
    /** The documented ones. */
    private static final Set<String> FIELDS = Set.of(
            "model",
            "input",
            "input_type",
            "modality",
            "embedding_type",
            "encoding_format",
            "dimensions",
            "truncate",
            "user");

    private static final String DIMENSIONS = "dimensions";
    private static final String MODALITY = "modality";

    /**
     * @param strict whether to refuse what a NIM refuses, or is likely to; else unknown fields, empty texts and an input type
     *     against the suffix are taken, and any dimension and embedding type is served
     * @throws NimError for what is refused
     */
    static EmbeddingCall read(byte[] json, EmulatedModel model, boolean strict) throws NimError {
        JsonNode body = RequestFields.object(json);
        if (strict) {
            RequestFields.refuseOthers(body, FIELDS);
        }
        EmbeddingRequest request =
                EmbeddingRequest.parse(body, model.inputType() ? Optional.empty() : Optional.of(InputType.PASSAGE));
        NumberType numbers = RequestFields.oneOf(body, "embedding_type", NumberType.values(), NumberType::wire)
                .orElse(NumberType.FLOAT);
        int dimension = dimension(body, model, strict);
        if (!EmbeddingRequest.baseModel(request.model()).equals(model.id())) {
            throw NimError.unknownModel(request.model());
        }
        if (request.input().size() > model.maxItems()) {
            throw NimError.refused(
                    "Batch size " + request.input().size() + " exceeds maximum allowed batch size " + model.maxItems());
        }
        if (strict) {
            check(body, request);
            if (!model.embeddingTypes().contains(numbers)) {
                throw NimError.refused("The model does not support embedding_type '" + numbers.wire() + "'");
            }
        }
        return new EmbeddingCall(request, dimension, numbers);
    }

    private static void check(JsonNode body, EmbeddingRequest request) throws NimError {
        JsonNode modality = body.path(MODALITY);
        for (JsonNode one : modality.isArray() ? modality : List.of(modality)) {
            if (!one.isMissingNode() && !one.isNull() && !one.asText().equals("text")) {
                throw NimError.invalidField(MODALITY, "Input should be 'text'");
            }
        }
        Optional<InputType> suffix = EmbeddingRequest.suffix(request.model());
        if (suffix.isPresent() && suffix.get() != request.inputType()) {
            throw NimError.refused("input_type '" + request.inputType().wire() + "' contradicts the suffix '-"
                    + suffix.get().wire() + "' of the model");
        }
        for (int i = 0; i < request.input().size(); i++) {
            if (request.input().get(i).isBlank()) {
                throw NimError.refused("input[" + i + "] is empty or only white space");
            }
        }
    }

    private static int dimension(JsonNode body, EmulatedModel model, boolean strict) throws NimError {
        JsonNode given = body.path(DIMENSIONS);
        if (given.isMissingNode() || given.isNull()) {
            return model.dimension();
        }
        if (strict && model.dimensions().isEmpty()) {
            RequestFields.refuseOthers(body, without(DIMENSIONS));
        }
        if (!given.isInt() || given.intValue() < 1) {
            throw NimError.invalidField(DIMENSIONS, "Input should be a valid integer greater than 0");
        }
        if (strict && !model.dimensions().contains(given.intValue())) {
            throw NimError.refused(
                    "The model does not support dimensions=" + given.intValue() + ", only " + model.dimensionsText());
        }
        return Math.min(given.intValue(), ModelFile.MOST_NUMBERS);
    }

    private static Set<String> without(String field) {
        return FIELDS.stream().filter(other -> !other.equals(field)).collect(Collectors.toSet());
    }
}
