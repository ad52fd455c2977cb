package nimload.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import nimload.nim.Json;
import nimload.nim.NimKind;

/**
 * A request for vectors or a ranking that the emulator has answered.
 *
 * @param items texts or passages
 */
record Call(NimKind nim, ObjectNode body, List<String> items) {

    static Call of(NimKind nim, byte[] json) throws IOException {
        ObjectNode body = (ObjectNode) Json.MAPPER.readTree(json);
        List<String> items = new ArrayList<>();
        if (nim == NimKind.RERANKING) {
            body.path("passages")
                    .forEach(passage -> items.add(passage.path("text").asText()));
        } else if (body.path("input").isTextual()) {
            items.add(body.path("input").asText());
        } else {
            body.path("input").forEach(text -> items.add(text.asText()));
        }
        return new Call(nim, body, List.copyOf(items));
    }

    boolean isBase64() {
        return body.path("encoding_format").asText().equals("base64");
    }

    /** The same with other texts, and for a ranking with another query. */
    byte[] json(String query, List<String> others) {
        ObjectNode other = body.deepCopy();
        if (nim == NimKind.RERANKING) {
            other.putObject("query").put("text", query);
            ArrayNode passages = other.putArray("passages");
            others.forEach(text -> passages.addObject().put("text", text));
        } else {
            ArrayNode texts = other.putArray("input");
            others.forEach(texts::add);
        }
        return Json.bytes(other);
    }

    String query() {
        JsonNode query = body.path("query").path("text");
        return query.asText();
    }
}
