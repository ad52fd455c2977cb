package nimload.nim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The answer of {@code GET /v1/models}: the ids of the served models. */
public record ModelList(List<String> ids) {
    public ModelList {
        ids = List.copyOf(ids);
    }

    /** Room for ten thousand models with their permissions; a server that lists adapters has hundreds. */
    private static final long MAX_BYTES = 16L * 1024 * 1024;

    /** Reads the ids; other fields may be missing. */
    public static ModelList parse(byte[] json) throws MalformedAnswer {
        JsonCursor cursor = AnswerBody.object(json, MAX_BYTES);
        cursor.skipValue();
        cursor.expectEnd();
        List<String> ids = new ArrayList<>();
        try {
            for (JsonNode model : Json.MAPPER.readTree(json).path("data")) {
                if (model.path("id").isTextual()) {
                    ids.add(model.path("id").textValue());
                }
            }
        } catch (IOException e) {
            throw new MalformedAnswer("not JSON: " + ServerText.oneLine(String.valueOf(e.getMessage())));
        }
        if (ids.isEmpty()) {
            throw AnswerBody.without("model id in data", json);
        }
        return new ModelList(ids);
    }

    public byte[] toJson() {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("object", "list");
        ArrayNode data = body.putArray("data");
        for (String id : ids) {
            data.addObject()
                    .put("id", id)
                    .put("object", "model")
                    .put("created", 0)
                    .put("owned_by", "nimload");
        }
        return Json.bytes(body);
    }
}
