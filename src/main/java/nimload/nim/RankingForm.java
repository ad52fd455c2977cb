package nimload.nim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * How a query and passages are sent to a reranking server and their relevance read from its answers.
 *
 * @param route below the base URL
 * @param truncate what the server does with pairs over its token limit; {@link RankingProtocol#COHERE} has no field for it,
 *     {@link RankingProtocol#TEI} one for whether
 * @param extra JSON that each body has in addition
 */
public record RankingForm(RankingProtocol protocol, String route, Truncate truncate, Map<String, JsonNode> extra)
        implements WireForm {

    public RankingForm {
        extra = WireForm.sorted(extra);
    }

    public static RankingForm nim(Truncate truncate) {
        return new RankingForm(RankingProtocol.NIM, Routes.RANKING, truncate, Map.of());
    }

    /** The same in another protocol, on that one's route unless the user named one. */
    public RankingForm as(RankingProtocol other) {
        String another = route.equals(protocol.route()) ? other.route() : route;
        return new RankingForm(other, another, truncate, extra);
    }

    public RankingForm with(Truncate other) {
        return new RankingForm(protocol, route, other, extra);
    }

    public RankingForm with(Map<String, JsonNode> otherExtra) {
        return new RankingForm(protocol, route, truncate, otherExtra);
    }

    /** @param model not sent to {@link RankingProtocol#TEI}, which serves one */
    public byte[] body(String model, String query, List<String> passages) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        switch (protocol) {
            case NIM -> {
                body.put("model", model);
                body.putObject("query").put("text", query);
                ArrayNode texts = body.putArray("passages");
                passages.forEach(passage -> texts.addObject().put("text", passage));
                body.put("truncate", truncate.name());
            }
            case COHERE -> {
                body.put("model", model);
                body.put("query", query);
                passages.forEach(body.putArray("documents")::add);
            }
            case TEI -> {
                body.put("query", query);
                passages.forEach(body.putArray("texts")::add);
                body.put("truncate", truncate != Truncate.NONE);
            }
        }
        extra.forEach(body::set);
        return Json.bytes(body);
    }

    public RankingAnswer read(byte[] json, int passages) throws MalformedAnswer {
        return RankingAnswer.parse(json, passages, protocol);
    }

    @Override
    public void requireRight(byte[] json, int items) throws MalformedAnswer {
        read(json, items);
    }

    @Override
    public long answerLimit(int items) {
        return AnswerSize.ofRanking(items);
    }

    @Override
    public NimKind kind() {
        return NimKind.RERANKING;
    }

    @Override
    public String protocolName() {
        return protocol.wire();
    }

    @Override
    public boolean ofNim() {
        return protocol == RankingProtocol.NIM;
    }
}
