package nimload.faults;

import java.util.List;
import nimload.emulator.NimAnswers;
import nimload.nim.EmbeddingRequest;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.NimError;
import nimload.nim.NimKind;
import nimload.nim.RankingRequest;

/**
 * A request for vectors or a ranking.
 *
 * @param query empty for texts to embed
 * @param items texts or passages
 */
record Post(NimKind nim, String model, InputType type, EncodingFormat format, String query, List<String> items) {

    static Post embedding(byte[] json) throws NimError {
        EmbeddingRequest request = EmbeddingRequest.parse(json);
        return new Post(
                NimKind.EMBEDDING, request.model(), request.inputType(), request.encodingFormat(), "", request.input());
    }

    static Post ranking(byte[] json) throws NimError {
        RankingRequest request = RankingRequest.parse(json);
        return new Post(
                NimKind.RERANKING,
                request.model(),
                InputType.QUERY,
                EncodingFormat.FLOAT,
                request.query(),
                request.passages());
    }

    /** Of its first text, or the first passage's share of its pair: tells its level, since each has texts of another length. */
    int tokensPerItem() {
        return nim == NimKind.EMBEDDING
                ? NimAnswers.tokensOfText(type, items.get(0))
                : NimAnswers.tokensOfPassage(query, items.get(0));
    }

    long tokens() {
        return items.stream()
                .mapToLong(item -> nim == NimKind.EMBEDDING
                        ? NimAnswers.tokensOfText(type, item)
                        : NimAnswers.tokensOfPair(query, item))
                .sum();
    }
}
