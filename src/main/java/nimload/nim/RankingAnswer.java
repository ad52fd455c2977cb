package nimload.nim;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The answer of {@code POST /v1/ranking}.
 *
 * @param logits relevance of each passage, in the order of the request; finite, without bounds
 * @param model as the server names it; empty if it names none
 * @param usage empty if the server gives none
 */
public record RankingAnswer(double[] logits, Optional<String> model, Optional<Usage> usage) {

    /**
     * Reads an answer and checks it against the contract: each index of the request once, logits finite and descending.
     *
     * @param passages passages in the request
     * @throws MalformedAnswer naming the first breach
     */
    public static RankingAnswer parse(byte[] json, int passages) throws MalformedAnswer {
        double[] logits = new double[passages];
        Arrays.fill(logits, Double.NaN);
        Optional<String> model = Optional.empty();
        Optional<Usage> usage = Optional.empty();
        boolean rankings = false;
        try (JsonParser parser = Json.MAPPER.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedAnswer("the answer is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("rankings")) {
                    readRankings(parser, logits);
                    rankings = true;
                } else if (field.equals("model") && parser.currentToken() == JsonToken.VALUE_STRING) {
                    model = Optional.of(parser.getText());
                } else if (field.equals("usage")) {
                    usage = EmbeddingAnswer.readUsage(parser);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw new MalformedAnswer("text after the end of the JSON object");
            }
        } catch (IOException e) {
            throw new MalformedAnswer("not JSON: " + EmbeddingAnswer.firstLine(e));
        }
        if (!rankings) {
            throw new MalformedAnswer("no field rankings");
        }
        for (int i = 0; i < passages; i++) {
            if (Double.isNaN(logits[i])) {
                throw new MalformedAnswer("no ranking for index " + i + " of " + passages + " passages");
            }
        }
        return new RankingAnswer(logits, model, usage);
    }

    private static void readRankings(JsonParser parser, double[] logits) throws IOException, MalformedAnswer {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new MalformedAnswer("rankings is not an array");
        }
        double previous = Double.POSITIVE_INFINITY;
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            int index = -1;
            double logit = Double.NaN;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                    index = parser.getIntValue();
                } else if (field.equals("logit") && value.isNumeric()) {
                    logit = parser.getDoubleValue();
                } else {
                    parser.skipChildren();
                }
            }
            if (index < 0 || index >= logits.length) {
                throw new MalformedAnswer("index " + index + " for " + logits.length + " passages");
            }
            if (!Double.isNaN(logits[index])) {
                throw new MalformedAnswer("index " + index + " twice");
            }
            if (!Double.isFinite(logit)) {
                throw new MalformedAnswer("no finite logit for index " + index);
            }
            if (logit > previous) {
                throw new MalformedAnswer("logits not descending: " + logit + " after " + previous);
            }
            logits[index] = logit;
            previous = logit;
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw new MalformedAnswer("rankings holds something other than objects");
        }
    }

    /** @param logits in the order of the request; the JSON ranks the best passage first */
    public static byte[] toJson(double[] logits, Optional<Usage> usage) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        ArrayNode rankings = body.putArray("rankings");
        IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> logits[i]).reversed())
                .forEach(i -> rankings.addObject().put("index", i).put("logit", logits[i]));
        usage.ifPresent(tokens -> body.putObject("usage")
                .put("prompt_tokens", tokens.promptTokens())
                .put("total_tokens", tokens.promptTokens()));
        return Json.bytes(body);
    }
}
