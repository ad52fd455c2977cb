package nimload.nim;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
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
        JsonNode body = RequestFields.object(json);
        String model = RequestFields.requiredText(body, "model");
        return new EmbeddingRequest(
                model,
                input(body),
                inputType(body, model),
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

    private static InputType inputType(JsonNode body, String model) throws NimError {
        Optional<InputType> given = RequestFields.oneOf(body, "input_type", InputType.values(), InputType::wire);
        if (given.isPresent()) {
            return given.get();
        }
        for (InputType type : InputType.values()) {
            if (model.toLowerCase(Locale.ROOT).endsWith("-" + type.wire())) {
                return type;
            }
        }
        throw NimError.missingInputType();
    }

    /** The model's id without the suffix for the input type. */
    public static String baseModel(String model) {
        for (InputType type : InputType.values()) {
            String suffix = "-" + type.wire();
            if (model.toLowerCase(Locale.ROOT).endsWith(suffix)) {
                return model.substring(0, model.length() - suffix.length());
            }
        }
        return model;
    }
}
