package nimload.nim;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads request fields, with the NIM's errors. */
public final class RequestFields {
    private RequestFields() {}

    /** @throws NimError 422 unless the body is a JSON object */
    public static JsonNode object(byte[] json) throws NimError {
        try {
            JsonNode body = Json.MAPPER.readTree(json);
            if (body != null && body.isObject()) {
                return body;
            }
        } catch (IOException e) {
            throw NimError.invalidField("body", "JSON decode error");
        }
        throw NimError.invalidField("body", "Input should be a valid JSON object");
    }

    /**
     * Refuses what is not one of {@code known}.
     *
     * @param place of {@code parent} in the body: names of fields and numbers of list items
     * @throws NimError 422 for the first unknown field
     */
    public static void refuseOthers(JsonNode parent, Set<String> known, Object... place) throws NimError {
        for (Map.Entry<String, JsonNode> field : parent.properties()) {
            if (!known.contains(field.getKey())) {
                throw NimError.unknownField(field.getKey(), field.getValue(), place);
            }
        }
    }

    static String requiredText(JsonNode parent, String field) throws NimError {
        JsonNode value = parent.get(field);
        if (value == null) {
            throw NimError.invalidField(field, "Field required");
        }
        if (!value.isTextual()) {
            throw NimError.invalidField(field, "Input should be a valid string");
        }
        return value.textValue();
    }

    /** The one of {@code values} that the field names on the wire; empty without such a field. */
    public static <E> Optional<E> oneOf(JsonNode parent, String field, E[] values, Function<E, String> wire)
            throws NimError {
        JsonNode value = parent.get(field);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        for (E candidate : values) {
            if (wire.apply(candidate).equals(value.textValue())) {
                return Optional.of(candidate);
            }
        }
        throw NimError.invalidField(
                field,
                Arrays.stream(values)
                        .map(v -> "'" + wire.apply(v) + "'")
                        .collect(joining(" or ", "Input should be ", "")));
    }
}
