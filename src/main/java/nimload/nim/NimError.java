package nimload.nim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/**
 * A NIM's error answer: a status and a JSON body in one of two shapes, flat from the model ({@code
 * {"object":"error","message":…}}) or per field from the web framework ({@code {"detail":[{"loc":…,"msg":…}]}}).
 */
public final class NimError extends Exception {
    private static final long serialVersionUID = 1L;

    /** An error that is larger is a page or a fault, and is not read. */
    private static final int MAX_BYTES = 1024 * 1024;

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

    /** What a model refuses though every field is well-formed: 400. */
    public static NimError refused(String message) {
        return flat(400, message, "invalid_request_error");
    }

    /** More requests wait than the server lets wait: 503. */
    public static NimError queueFull(int limit) {
        return flat(503, "Request queue is full: " + limit + " requests are waiting", "service_unavailable_error");
    }

    /** A field with a wrong type or an unknown value: 422, in the web framework's shape. */
    public static NimError invalidField(String field, String message) {
        return detail("value_error", field, message, null);
    }

    /** A field that the server does not know, in the words that NVIDIA's hosted API uses: 422, as the web framework does. */
    static NimError unknownField(String field, JsonNode value, Object... place) {
        return detail("extra_forbidden", field, "Extra inputs are not permitted", value, place);
    }

    private static NimError detail(String type, String field, String message, JsonNode input, Object... place) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        ObjectNode detail = body.putArray("detail").addObject();
        detail.put("type", type);
        ArrayNode loc = detail.putArray("loc").add("body");
        for (Object step : place) {
            loc.addPOJO(step);
        }
        loc.add(field);
        detail.put("msg", message);
        if (input != null) {
            detail.set("input", input);
        }
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
     * On one line and without controls; empty for anything else.
     */
    public static Optional<String> messageIn(byte[] body) {
        return tree(body).flatMap(NimError::message);
    }

    /**
     * As {@link #messageIn}; and an object that calls itself an error without a message in a known shape, as it is. For an
     * answer whose status says nothing of an error.
     */
    static Optional<String> in(byte[] body) {
        return tree(body)
                .flatMap(root -> message(root)
                        .or(() -> root.path("object").asText().equals("error") || root.hasNonNull("error")
                                ? Optional.of(ServerText.oneLine(root.toString()))
                                : Optional.empty()));
    }

    private static Optional<JsonNode> tree(byte[] body) {
        if (body.length > MAX_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(Json.MAPPER.readTree(body));
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    private static Optional<String> message(JsonNode root) {
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
        return Optional.ofNullable(found.textValue()).map(ServerText::oneLine).filter(line -> !line.isEmpty());
    }
}
