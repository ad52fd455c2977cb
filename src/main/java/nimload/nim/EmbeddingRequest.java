package nimload.nim;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The body of {@code POST /v1/embeddings}.
 *
 * @param model the model's id as {@code /v1/models} lists it
 * @param input the texts, at least one
 * @param inputType query or passage
 * @param encodingFormat how the vectors travel in the answer
 * @param truncate what the server does with texts over the model's token limit
 */
public record EmbeddingRequest(
        String model, List<String> input, InputType inputType, EncodingFormat encodingFormat, Truncate truncate) {

    public EmbeddingRequest {
        input = List.copyOf(input);
    }

    public byte[] toJson() {
        return EmbeddingForm.nim(encodingFormat, truncate).body(model, input, inputType);
    }

    /**
     * Reads a body as the NIM does: {@code input} may be one string, the input type may be a suffix of the model
     * ({@code -query}, {@code -passage}), the other fields have defaults.
     *
     * @throws NimError the NIM's answer: 400 without an input type, 422 for wrong types and unknown values
     */
    public static EmbeddingRequest parse(byte[] json) throws NimError {
        return parse(RequestFields.object(json), Optional.empty());
    }

    /**
     * The same.
     *
     * @param otherwise the input type of a request that names none; empty if the model needs one
     */
    public static EmbeddingRequest parse(JsonNode body, Optional<InputType> otherwise) throws NimError {
        String model = RequestFields.requiredText(body, "model");
        return new EmbeddingRequest(
                model,
                input(body),
                inputType(body, model, otherwise),
                RequestFields.oneOf(body, "encoding_format", EncodingFormat.values(), EncodingFormat::wire)
                        .orElse(EncodingFormat.FLOAT),
                RequestFields.oneOf(body, "truncate", Truncate.values(), Truncate::name)
                        .orElse(Truncate.NONE));
    }

    private static List<String> input(JsonNode body) throws NimError {
        JsonNode input = body.get("input");
        if (input != null && input.isTextual()) {
            return List.of(input.textValue());
        }
        if (input == null || !input.isArray() || input.isEmpty()) {
            throw NimError.invalidField("input", "Input should be a string or a non-empty array of strings");
        }
        List<String> texts = new ArrayList<>(input.size());
        for (JsonNode text : input) {
            if (!text.isTextual()) {
                throw NimError.invalidField("input", "Input should be a valid string");
            }
            texts.add(text.textValue());
        }
        return texts;
    }

    private static InputType inputType(JsonNode body, String model, Optional<InputType> otherwise) throws NimError {
        Optional<InputType> given = RequestFields.oneOf(body, "input_type", InputType.values(), InputType::wire)
                .or(() -> suffix(model))
                .or(() -> otherwise);
        return given.orElseThrow(NimError::missingInputType);
    }

    /** The input type that a model's suffix stands for. */
    public static Optional<InputType> suffix(String model) {
        return Arrays.stream(InputType.values())
                .filter(type -> model.toLowerCase(Locale.ROOT).endsWith("-" + type.wire()))
                .findFirst();
    }

    /** The model's id without the suffix for the input type. */
    public static String baseModel(String model) {
        return suffix(model)
                .map(type -> model.substring(0, model.length() - type.wire().length() - 1))
                .orElse(model);
    }
}
