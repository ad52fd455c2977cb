package nimload.nim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/**
 * A NIM's error answer: a status and a JSON body in one of two shapes, flat from the model ({@code
 * {"object":"error","message":…}}) or per field from the web framework ({@code {"detail":[{"loc":…,"msg":…}]}}).
 */
public final class NimError extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient JsonNode body;

    private NimError(int status, String message, JsonNode body) {
        super(message, null, false, false);
        this.status = status;
        this.body = body;
    }

    /** The HTTP status, 400 to 599. */
    public int status() {
        return status;
    }

    public byte[] toJson() {
        return Json.bytes(body);
    }

    /** E5 without {@code input_type}: 400, in the NIM's words. */
    static NimError missingInputType() {
        return flat(
                400,
                "The model expects an input_type from one of `passage` or `query` but none was provided.",
                "invalid_request_error");
    }

    /** A text over the model's limit while {@code truncate} is {@code NONE}. */
    public static NimError inputTooLong(int status, int tokens, int maxTokens) {
        return flat(
                status,
                "Input length " + tokens + " exceeds maximum allowed token size " + maxTokens,
                "invalid_request_error");
    }

    public static NimError unknownModel(String model) {
        return flat(404, "Unknown model: " + model, "not_found_error");
    }

    /** A field with a wrong type or an unknown value: 422, in the web framework's shape. */
    static NimError invalidField(String field, String message) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        ObjectNode detail = body.putArray("detail").addObject();
        detail.put("type", "value_error");
        detail.putArray("loc").add("body").add(field);
        detail.put("msg", message);
        return new NimError(422, field + ": " + message, body);
    }

    private static NimError flat(int status, String message, String type) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("object", "error");
        body.put("message", message);
        body.putObject("detail");
        body.put("type", type);
        return new NimError(status, message, body);
    }

    /**
     * The message in an error body of any known shape: the NIM's {@code message}, the web framework's {@code detail} (a
     * text, or a list with {@code msg}), the hosted API's {@code error} (a text, or an object with {@code message}).
     * Empty for anything else.
     */
    public static Optional<String> messageIn(byte[] body) {
        try {
            JsonNode root = Json.MAPPER.readTree(body);
            if (root == null) {
                return Optional.empty();
            }
            JsonNode found = root.path("message");
            if (!found.isTextual()) {
                found = root.path("detail");
            }
            if (found.isArray()) {
                found = found.path(0).path("msg");
            }
            if (!found.isTextual()) {
                found = root.path("error");
            }
            if (found.isObject()) {
                found = found.path("message");
            }
            return found.isTextual() ? Optional.of(found.textValue()) : Optional.empty();
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }
}
