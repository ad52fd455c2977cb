package nimload.nim;

import com.fasterxml.jackson.core.io.NumberInput;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The answer of {@code POST /v1/ranking}, or that of another protocol.
 *
 * @param logits relevance of each passage, in the order of the request; finite, without bounds; of other protocols their
 *     scores, mostly from 0 to 1
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
        return parse(json, passages, RankingProtocol.NIM);
    }

    static RankingAnswer parse(byte[] json, int passages, RankingProtocol protocol) throws MalformedAnswer {
        long limit = AnswerSize.ofRanking(passages);
        boolean bare = protocol.list().isEmpty();
        JsonCursor cursor = bare ? AnswerBody.array(json, limit) : AnswerBody.object(json, limit);
        Reader reader = new Reader(cursor, passages, protocol);
        if (bare) {
            reader.readRankings();
        } else {
            cursor.object(List.of(protocol.list(), "model", "usage", "meta"), reader::readField);
        }
        cursor.expectEnd();
        if (!reader.rankings) {
            throw AnswerBody.without("field " + protocol.list(), json);
        }
        return new RankingAnswer(reader.logits, reader.model, reader.usage);
    }

    private static final class Reader {
        private final JsonCursor cursor;
        private final RankingProtocol protocol;
        private final Indices indices;
        private final double[] logits;
        private boolean rankings;
        private Optional<String> model = Optional.empty();
        private Optional<Usage> usage = Optional.empty();
        private double previous = Double.POSITIVE_INFINITY;

        /** Of the ranking that is being read; NaN if it has none. */
        private double logit;

        Reader(JsonCursor cursor, int passages, RankingProtocol protocol) {
            this.cursor = cursor;
            this.protocol = protocol;
            indices = new Indices("ranking", passages, "passages");
            logits = new double[passages];
        }

        void readField(String name) throws MalformedAnswer {
            switch (name) {
                case "model" -> model = cursor.textIfAny();
                case "usage" -> usage = Usage.read(cursor).or(() -> usage);
                case "meta" -> {
                    Optional<Usage> counted = Usage.inMeta(cursor);
                    usage = usage.or(() -> counted);
                }
                default -> readRankings();
            }
        }

        void readRankings() throws MalformedAnswer {
            rankings = cursor.array(protocol.list(), this::readRanking);
            if (rankings) {
                indices.complete();
            }
        }

        private void readRanking() throws MalformedAnswer {
            logit = Double.NaN;
            String name = protocol.score();
            String what = "the " + name + " of " + indices.current();
            cursor.object(List.of("index", name), field -> {
                if (field.equals("index")) {
                    indices.read(cursor);
                } else {
                    readLogit(what);
                }
            });
            int place = indices.next();
            if (Double.isNaN(logit)) {
                throw new MalformedAnswer("no " + name + " for index " + place);
            }
            if (logit > previous) {
                throw new MalformedAnswer(name + "s not descending: " + logit + " after " + previous);
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
