package nimload.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nimload.nim.Json;

/**
 * A line of the user's file. The JSON forms are those that AIPerf documents for its {@code single_turn} data sets (loader
 * {@code SingleTurnDatasetLoader}), and {@code {"query": …, "passages": […]}}. Its texts stand in no message.
 *
 * @param query of a line to rank; empty: its texts are to be embedded
 * @param items texts, or passages
 */
public record OwnLine(Optional<String> query, List<String> items) {
    private static final ObjectReader JSON =
            Json.MAPPER.reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    /** What AIPerf would send with the text, and nimload does not. */
    private static final List<String> MEDIA = List.of("image", "images", "audio", "audios", "video", "videos");

    private static final String TEXT = "{\"text\": \"…\"}";
    private static final String RANKING = "{\"query\": \"…\", \"passages\": [\"…\", \"…\"]}";

    /** What is wrong with a line and what would be right; no text of the line is in it. */
    public static final class Bad extends Exception {
        private static final long serialVersionUID = 1L;
        private final String right;

        Bad(String what, String right) {
            super(what, null, false, false);
            this.right = right;
        }

        /** What would be right. */
        public String right() {
            return right;
        }
    }

    public OwnLine {
        items = List.copyOf(items);
    }

    /** A line that is one text to embed. */
    public static OwnLine ofText(String line) {
        return new OwnLine(Optional.empty(), List.of(line));
    }

    /** @throws Bad if it is no JSON object, or has no texts, or one that is empty */
    public static OwnLine ofJson(String line) throws Bad {
        JsonNode root = json(line);
        if (!root.isObject()) {
            throw new Bad("is " + kind(root) + " and not a JSON object", "give a line such as " + TEXT);
        }
        for (String field : MEDIA) {
            if (root.hasNonNull(field)) {
                throw new Bad("has " + field + ", and nimload sends only texts", "leave the line out, or the field");
            }
        }
        OwnLine own = line(root);
        if (line.contains("\\u")) {
            // Only an escape can be half a character: what is not UTF-8 is refused before.
            own.refuseHalfCharacters();
        }
        return own;
    }

    private static JsonNode json(String line) throws Bad {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            // Its own message quotes the line.
            String where = e.getLocation() == null
                    ? ""
                    : ", wrong at character " + e.getLocation().getColumnNr();
            throw new Bad("is not JSON" + where, "give a line such as " + TEXT);
        }
    }

    private static OwnLine line(JsonNode root) throws Bad {
        boolean text = root.has("text");
        boolean texts = root.has("texts");
        boolean ranking = root.has("query") || root.has("passages");
        if ((text ? 1 : 0) + (texts ? 1 : 0) + (ranking ? 1 : 0) > 1) {
            throw new Bad("has more than one of text, texts and query with passages", "give one of them");
        }
        if (text) {
            return new OwnLine(Optional.empty(), List.of(text(root.get("text"), "text")));
        }
        if (texts) {
            return texts(root.get("texts"));
        }
        if (ranking) {
            return ranking(List.of(text(root.path("query"), "query")), texts(root.path("passages"), "passages"));
        }
        throw new Bad("has no text", "give " + TEXT + ", or " + RANKING);
    }

    /** Strings, or AIPerf's named lists: {@code query} and {@code passages} to rank, any other to embed. */
    private static OwnLine texts(JsonNode texts) throws Bad {
        if (!texts.isArray() || texts.isEmpty() || !texts.get(0).isObject()) {
            return new OwnLine(Optional.empty(), texts(texts, "texts"));
        }
        List<String> queries = new ArrayList<>();
        List<String> passages = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (JsonNode named : texts) {
            String name = named.path("name").asText("");
            List<String> contents = texts(named.path("contents"), "contents");
            switch (name) {
                case "query", "queries" -> queries.addAll(contents);
                case "passages" -> passages.addAll(contents);
                default -> others.addAll(contents);
            }
        }
        if (queries.isEmpty() && passages.isEmpty()) {
            return new OwnLine(Optional.empty(), others);
        }
        if (!others.isEmpty()) {
            throw new Bad("has texts beside those named query and passages", "leave them out");
        }
        return ranking(queries, passages);
    }

    private static OwnLine ranking(List<String> queries, List<String> passages) throws Bad {
        if (queries.size() != 1 || passages.isEmpty()) {
            throw new Bad(
                    "has " + queries.size() + " queries and " + passages.size() + " passages",
                    "give one query and at least one passage, " + RANKING);
        }
        return new OwnLine(Optional.of(queries.get(0)), passages);
    }

    private static List<String> texts(JsonNode array, String name) throws Bad {
        if (!array.isArray() || array.isEmpty()) {
            throw new Bad(name + " is " + kind(array) + " and not a list of texts", "give at least one text in it");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text : array) {
            texts.add(text(text, name));
        }
        return texts;
    }

    /** A string, or an object with one as its {@code text}, as requests to rank have them. */
    private static String text(JsonNode node, String name) throws Bad {
        JsonNode text = node.isObject() ? node.path("text") : node;
        if (!text.isTextual()) {
            throw new Bad(name + " has " + kind(text) + " where a text should be", "give a text in quotes");
        }
        if (text.textValue().isBlank()) {
            throw new Bad(name + " has an empty text", "leave it out, or the line");
        }
        return text.textValue();
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> node.isEmpty() ? "an empty list" : "a list";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case NUMBER -> "a number";
            case OBJECT -> "an object";
            case STRING -> "a text";
            default -> "nothing";
        };
    }

    private void refuseHalfCharacters() throws Bad {
        List<String> all = new ArrayList<>(items);
        query.ifPresent(all::add);
        for (String text : all) {
            if (text.codePoints()
                    .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
                throw new Bad("has half of a surrogate pair (\\ud800 to \\udfff alone)", "give the whole character");
            }
        }
    }
}
