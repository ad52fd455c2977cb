package nimload.nim;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of {@code POST /v1/ranking}: one query, and passages to rank by their relevance to it.
 *
 * @param passages 1 to {@value #MAX_PASSAGES}
 * @param truncate {@code NONE} or {@code END}
 */
public record RankingRequest(String model, String query, List<String> passages, Truncate truncate) {
    public static final int MAX_PASSAGES = 512;

    public RankingRequest {
        passages = List.copyOf(passages);
    }

    public byte[] toJson() {
        return RankingForm.nim(truncate).body(model, query, passages);
    }

    /** @throws NimError 422 for wrong types, unknown values, no passages or more than {@value #MAX_PASSAGES} */
    public static RankingRequest parse(byte[] json) throws NimError {
        return parse(RequestFields.object(json));
    }

    /** The same. */
    public static RankingRequest parse(JsonNode body) throws NimError {
        JsonNode query = body.get("query");
        if (query == null || !query.isObject()) {
            throw NimError.invalidField("query", "Input should be an object with the field text");
        }
        JsonNode passages = body.get("passages");
        if (passages == null || !passages.isArray() || passages.isEmpty() || passages.size() > MAX_PASSAGES) {
            throw NimError.invalidField("passages", "Input should be an array of 1 to " + MAX_PASSAGES + " passages");
        }
        List<String> texts = new ArrayList<>(passages.size());
        for (JsonNode passage : passages) {
            texts.add(RequestFields.requiredText(passage, "text"));
        }
        Truncate truncate = RequestFields.oneOf(body, "truncate", Truncate.values(), Truncate::name)
                .orElse(Truncate.NONE);
        if (truncate == Truncate.START) {
            throw NimError.invalidField("truncate", "Input should be 'NONE' or 'END'");
        }
        return new RankingRequest(
                RequestFields.requiredText(body, "model"), RequestFields.requiredText(query, "text"), texts, truncate);
    }
}
