package nimload.run;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.measure.TokenCheck;
import nimload.nim.EmbeddingRequest;
import nimload.nim.RankingRequest;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.text.TextSource;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning.PairCounting;

/**
 * Builds the bodies of a level's requests before the level begins, so that none is built while time is measured.
 *
 * @param model as requests name it
 * @param costs of the target's texts or pairs
 * @param counting how the target counts pairs; unused for embeddings
 * @param format with its seed: the same seed builds the same bodies
 */
record RequestFactory(String model, TokenCosts costs, PairCounting counting, Settings.Requests format) {
    /** Different texts per level, at least, so that no cache flatters the target; a body holds whole texts. */
    private static final int TEXTS = 1024;

    private static final int MIN_BODIES = 16;

    /** All bodies of a level. There are fewer of the largest ones, so that they do not fill the heap. */
    private static final long MOST_BYTES = 64 << 20;

    /** One that is also answered alone, and another in case answers are mixed up. */
    private static final int FEWEST_BODIES = 2;

    /** A common word with its blank. */
    private static final int BYTES_PER_TOKEN = 7;

    /** How many different bodies a level has. */
    static int bodies(LoadPoint point) {
        long bytes = (long) point.items() * point.tokensPerItem() * BYTES_PER_TOKEN;
        return (int) Math.min(Math.max(MIN_BODIES, TEXTS / point.items()), Math.max(FEWEST_BODIES, MOST_BYTES / bytes));
    }

    /** @throws UserError if the level's tokens leave no room for a word next to what the server adds */
    List<byte[]> bodiesOf(LoadPoint point) {
        int words = wordsOf(point);
        TextSource texts = new TextSource(costs.words(), format.seed() * 1_000_003 + point.number());
        return Stream.generate(() -> body(point, texts, words))
                .limit(bodies(point))
                .toList();
    }

    private byte[] body(LoadPoint point, TextSource texts, int words) {
        return switch (point.workload().nim()) {
            case EMBEDDING ->
                new EmbeddingRequest(
                                model,
                                items(point, texts, words),
                                point.workload().inputType().orElseThrow(),
                                format.encodingFormat(),
                                format.truncate())
                        .toJson();
            case RERANKING ->
                new RankingRequest(
                                model, texts.next(point.queryTokens()), items(point, texts, words), format.truncate())
                        .toJson();
        };
    }

    private static List<String> items(LoadPoint point, TextSource texts, int words) {
        return IntStream.range(0, point.items())
                .mapToObj(item -> texts.next(words))
                .toList();
    }

    /** Words of each text; the rest of its tokens is what the server adds. */
    int wordsOf(LoadPoint point) {
        int words = point.inputTokens() - costs.overhead();
        if (words < 1) {
            throw new UserError("nim." + point.workload().key() + ".tokens=" + point.inputTokens()
                    + " is too short: this server adds " + costs.overhead()
                    + " tokens to each text; give at least "
                    + (costs.overhead() + 1));
        }
        return words;
    }

    TokenCheck tokenCheck(LoadPoint point) {
        return switch (point.workload().nim()) {
            case EMBEDDING -> new TokenCheck(point.inputTokens(), 0, costs.verified());
            case RERANKING ->
                new TokenCheck(
                        point.tokensPerItem(),
                        counting == PairCounting.QUERY_ONCE ? point.queryTokens() : 0,
                        costs.verified() && counting != PairCounting.UNKNOWN);
        };
    }
}
