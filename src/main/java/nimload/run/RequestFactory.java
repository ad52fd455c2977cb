package nimload.run;

import java.util.ArrayList;
import java.util.List;
import nimload.UserError;
import nimload.measure.TokenCheck;
import nimload.nim.EmbeddingRequest;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.RankingRequest;
import nimload.nim.Truncate;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.text.TextSource;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning.PairCounting;

/**
 * Builds the bodies of a level's requests before the level begins, so that none is built while time is taken.
 *
 * @param model as it is to be named
 * @param costs of the target's texts or pairs
 * @param counting how the target counts pairs; of no meaning for embeddings
 * @param seed the same seed builds the same bodies
 */
record RequestFactory(
        String model,
        TokenCosts costs,
        PairCounting counting,
        EncodingFormat encodingFormat,
        Truncate truncate,
        long seed) {
    /** Different texts a level, so that no cache flatters the target (at least; a body holds whole texts). */
    private static final int TEXTS = 1024;

    private static final int MIN_BODIES = 16;

    /** A level's bodies together; of the largest ones there are fewer, so that they do not fill the heap. */
    private static final long MOST_BYTES = 64 << 20;

    /** One to be answered alone and another, should answers be mixed up. */
    private static final int FEWEST_BODIES = 2;

    /** A common word with its blank. */
    private static final int BYTES_PER_TOKEN = 7;

    /** How many bodies of a level are different. */
    static int bodies(LoadPoint point) {
        long bytes = (long) point.items() * point.tokensPerItem() * BYTES_PER_TOKEN;
        return (int) Math.min(Math.max(MIN_BODIES, TEXTS / point.items()), Math.max(FEWEST_BODIES, MOST_BYTES / bytes));
    }

    /** @throws UserError if the level's tokens leave no room for a word beside what the server adds */
    List<byte[]> bodiesOf(LoadPoint point) {
        int words = wordsOf(point);
        TextSource texts = new TextSource(costs.words(), seed * 1_000_003 + point.number());
        List<byte[]> bodies = new ArrayList<>();
        for (int body = 0; body < bodies(point); body++) {
            String query = point.workload() == Workload.RERANKING ? texts.next(point.queryTokens()) : "";
            List<String> items = new ArrayList<>(point.items());
            for (int item = 0; item < point.items(); item++) {
                items.add(texts.next(words));
            }
            bodies.add(
                    switch (point.workload()) {
                        case QUERY -> embedding(items, InputType.QUERY);
                        case PASSAGE -> embedding(items, InputType.PASSAGE);
                        case RERANKING -> new RankingRequest(model, query, items, truncate).toJson();
                    });
        }
        return bodies;
    }

    private byte[] embedding(List<String> texts, InputType type) {
        return new EmbeddingRequest(model, texts, type, encodingFormat, truncate).toJson();
    }

    /** Words of each text; the rest of its tokens is what the server adds. */
    int wordsOf(LoadPoint point) {
        int words = point.inputTokens() - costs.overhead();
        if (words < 1) {
            throw new UserError("nim." + point.workload().key() + ".tokens=" + point.inputTokens()
                    + " is too short: this server adds " + costs.overhead()
                    + " tokens of its own to each text; give at least "
                    + (costs.overhead() + 1));
        }
        return words;
    }

    TokenCheck tokenCheck(LoadPoint point) {
        return switch (point.workload()) {
            case QUERY, PASSAGE -> new TokenCheck(point.inputTokens(), 0, costs.verified());
            case RERANKING ->
                new TokenCheck(
                        point.tokensPerItem(),
                        counting == PairCounting.QUERY_ONCE ? point.queryTokens() : 0,
                        costs.verified() && counting != PairCounting.UNKNOWN);
        };
    }
}
