package nimload.run;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import nimload.UserError;
import nimload.measure.TokenCheck;
import nimload.plan.LoadPoint;
import nimload.plan.Settings;
import nimload.run.Body.Arrangement;
import nimload.text.TextSource;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning.PairCounting;

/**
 * Builds the bodies of requests.
 *
 * @param model as requests name it
 * @param costs of the target's texts or pairs
 * @param counting how the target counts pairs; unused for embeddings
 * @param format what they look like, and their seed: the same seed builds the same bodies
 */
record RequestFactory(String model, TokenCosts costs, PairCounting counting, Settings.Requests format) {
    /** Of as many possible texts, some millions are drawn without two that are alike. */
    private static final double FEWEST_TEXTS = 1e15;

    /** A common word with its blank. */
    private static final int BYTES_PER_TOKEN = 7;

    /** Whether the level's texts are so short that some of them are alike. */
    boolean textsRepeat(LoadPoint point) {
        return Math.pow(costs.words().size(), wordsOf(point)) < FEWEST_TEXTS;
    }

    /** About how long a body of the level is. */
    static long bytesOf(LoadPoint point) {
        return (long) BYTES_PER_TOKEN * (point.queryTokens() + (long) point.items() * point.inputTokens());
    }

    /**
     * @param series of bodies within the level, one per repeat
     * @throws UserError if the level's tokens leave no room for a word next to what the server adds
     */
    Body body(LoadPoint point, int series, int number, Arrangement arrangement) {
        TextSource texts = new TextSource(costs.words(), seedOf(point, series, number));
        List<String> whole = IntStream.range(0, point.items())
                .mapToObj(item -> texts.next(wordsOf(point)))
                .toList();
        int items = arrangement == Arrangement.FIRST_ALONE ? 1 : point.items();
        List<String> arranged = IntStream.range(0, items)
                .mapToObj(place -> whole.get(arrangement.text(place, point.items())))
                .toList();
        return new Body(number, arrangement, items, json(point, texts, arranged));
    }

    /** Another one for each number, however large it becomes: each series begins far from the others. */
    private long seedOf(LoadPoint point, int series, int number) {
        return mixed(mixed(mixed(format.seed()) + point.number()) + series) + number;
    }

    private static long mixed(long seed) {
        return new SplittableRandom(seed).nextLong();
    }

    private byte[] json(LoadPoint point, TextSource texts, List<String> items) {
        return switch (point.workload().nim()) {
            case EMBEDDING ->
                format.embedding()
                        .body(model, items, point.workload().inputType().orElseThrow());
            case RERANKING -> format.ranking().body(model, texts.next(point.queryTokens()), items);
        };
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
