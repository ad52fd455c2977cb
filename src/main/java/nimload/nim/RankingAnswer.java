package nimload.nim;

import com.fasterxml.jackson.core.io.NumberInput;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
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
        JsonCursor cursor = AnswerBody.object(json, AnswerSize.limit(NimKind.RERANKING, passages));
        Reader reader = new Reader(cursor, passages);
        cursor.object(List.of("rankings", "model", "usage"), reader::readField);
        cursor.expectEnd();
        if (!reader.rankings) {
            throw AnswerBody.without("field rankings", json);
        }
        return new RankingAnswer(reader.logits, reader.model, reader.usage);
    }

    private static final class Reader {
        private final JsonCursor cursor;
        private final Indices indices;
        private final double[] logits;
        private boolean rankings;
        private Optional<String> model = Optional.empty();
        private Optional<Usage> usage = Optional.empty();
        private double previous = Double.POSITIVE_INFINITY;

        /** Of the ranking that is being read; NaN if it has none. */
        private double logit;

        Reader(JsonCursor cursor, int passages) {
            this.cursor = cursor;
            indices = new Indices("ranking", passages, "passages");
            logits = new double[passages];
        }

        void readField(String name) throws MalformedAnswer {
            switch (name) {
                case "rankings" -> {
                    rankings = cursor.array(name, this::readRanking);
                    if (rankings) {
                        indices.complete();
                    }
                }
                case "model" -> model = cursor.textIfAny();
                default -> usage = Usage.read(cursor);
            }
        }

        private void readRanking() throws MalformedAnswer {
            logit = Double.NaN;
            String what = "the logit of " + indices.current();
            cursor.object(List.of("index", "logit"), field -> {
                if (field.equals("index")) {
                    indices.read(cursor);
                } else {
                    readLogit(what);
                }
            });
            int place = indices.next();
            if (Double.isNaN(logit)) {
                throw new MalformedAnswer("no logit for index " + place);
            }
            if (logit > previous) {
                throw new MalformedAnswer("logits not descending: " + logit + " after " + previous);
            }
            logits[place] = logit;
            previous = logit;
        }

        private void readLogit(String what) throws MalformedAnswer {
            String number = cursor.number(what);
            logit = NumberInput.parseDouble(number, true);
            if (Double.isInfinite(logit)) {
                throw new MalformedAnswer(what + " is " + ServerText.oneLine(number) + ", beyond a double");
            }
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
