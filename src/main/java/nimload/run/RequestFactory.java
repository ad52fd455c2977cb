package nimload.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import nimload.UserError;
import nimload.measure.TokenCheck;
import nimload.nim.NimKind;
import nimload.plan.LoadPoint;
import nimload.plan.OwnTexts;
import nimload.plan.Settings;
import nimload.plan.TextLength;
import nimload.run.Body.Arrangement;
import nimload.text.OwnLine;
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
 * @param own the user's own texts, for levels that send them
 * @param queries that passages are ranked against; empty: made here
 */
record RequestFactory(
        String model,
        TokenCosts costs,
        PairCounting counting,
        Settings.Requests format,
        Optional<TextFile> own,
        Optional<Queries> queries) {
    /** Texts by the number of the body that they are for. */
    interface Queries {
        String text(int series, int number);
    }

    /** Of as many possible texts, some millions are drawn without two that are alike. */
    private static final double FEWEST_TEXTS = 1e15;

    /** A common word with its blank. */
    private static final int BYTES_PER_TOKEN = 7;

    /** For levels whose texts nimload makes. */
    RequestFactory(String model, TokenCosts costs, PairCounting counting, Settings.Requests format) {
        this(model, costs, counting, format, Optional.empty());
    }

    RequestFactory(
            String model, TokenCosts costs, PairCounting counting, Settings.Requests format, Optional<TextFile> own) {
        this(model, costs, counting, format, own, Optional.empty());
    }

    /** With texts of these words alone. */
    RequestFactory of(List<String> words) {
        TokenCosts fewer = new TokenCosts(costs.overhead(), words, costs.verified());
        return new RequestFactory(model, fewer, counting, format, own, queries);
    }

    /** Ranks the passages of each body against the text that another factory's body of the same number embeds. */
    RequestFactory against(RequestFactory embedding, LoadPoint query) {
        return new RequestFactory(
                model,
                costs,
                counting,
                format,
                own,
                Optional.of((series, number) ->
                        embedding.texts(query, series, number).items().get(0)));
    }

    /**
     * What a request says.
     *
     * @param query of a request to rank
     * @param items texts or passages
     * @param tokens as the server is to count them; 0: not planned
     */
    private record Texts(Optional<String> query, List<String> items, long tokens) {}

    /** Whether the level's texts are so short that some of them are alike. */
    boolean textsRepeat(LoadPoint point) {
        return point.texts().isEmpty() && Math.pow(costs.words().size(), wordsOf(point)) < FEWEST_TEXTS;
    }

    /** Whether the references of the level have different texts, so that their answers must differ. */
    boolean referencesDiffer(LoadPoint point) {
        if (point.texts().isEmpty()) {
            return true;
        }
        Texts first = texts(point, 0, 0);
        return first.items().size() > 1
                ? first.items().stream().distinct().count() > 1
                : !first.equals(texts(point, 0, 1));
    }

    /** About how long a body of the level is. */
    static long bytesOf(LoadPoint point) {
        return point.texts()
                .map(own -> Math.round(own.meanBytesPerRequest()))
                .orElseGet(() ->
                        (long) BYTES_PER_TOKEN * (point.queryTokens() + (long) point.items() * point.inputTokens()));
    }

    /**
     * @param series of bodies within the level, one per repeat
     * @throws UserError if the level's tokens leave no room for a word next to what the server adds
     */
    Body body(LoadPoint point, int series, int number, Arrangement arrangement) {
        return body(point, texts(point, series, number), number, arrangement);
    }

    /** That of the level which is most likely to be too large. */
    Body largestBody(LoadPoint point, int series) {
        if (point.texts().isEmpty()) {
            return body(point, series, 0, Arrangement.WHOLE);
        }
        int lines = point.texts().get().linesPerRequest();
        TextFile file = own.orElseThrow();
        return body(point, joined(file.lines(file.largest(lines), lines)), 0, Arrangement.WHOLE);
    }

    private Body body(LoadPoint point, Texts texts, int number, Arrangement arrangement) {
        List<String> whole = texts.items();
        int items = arrangement == Arrangement.FIRST_ALONE ? 1 : whole.size();
        List<String> arranged = IntStream.range(0, items)
                .mapToObj(place -> whole.get(arrangement.text(place, whole.size())))
                .toList();
        return new Body(
                number,
                arrangement,
                items,
                texts.tokens(),
                json(point, texts.query().orElse(""), arranged));
    }

    private Texts texts(LoadPoint point, int series, int number) {
        return point.texts()
                .map(own -> ownTexts(point, own, series, number))
                .orElseGet(() -> madeTexts(point, series, number));
    }

    /** Each level and repeat begins at another line, the same in every run. */
    private Texts ownTexts(LoadPoint point, OwnTexts texts, int series, int number) {
        int lines = texts.linesPerRequest();
        long requests = texts.lines() / lines;
        long first = Math.floorMod(mixed(mixed(point.number()) + series), requests);
        return joined(own.orElseThrow().lines((first + format.share().text(number)) * lines, lines));
    }

    private static Texts joined(List<OwnLine> lines) {
        List<String> items = new ArrayList<>();
        lines.forEach(line -> items.addAll(line.items()));
        return new Texts(lines.get(0).query(), items, 0);
    }

    private Texts madeTexts(LoadPoint point, int series, int number) {
        TextSource source = new TextSource(costs.words(), seedOf(point, series, number));
        List<String> items = new ArrayList<>();
        long tokens = 0;
        for (int item = 0; item < point.items(); item++) {
            int words = point.spread() == 0 ? wordsOf(point) : drawnWords(point, source);
            items.add(source.next(words));
            tokens += words + costs.overhead();
        }
        if (point.queryTokens() == 0) {
            return new Texts(Optional.empty(), items, tokens);
        }
        int times = counting == PairCounting.QUERY_ONCE ? 1 : point.items();
        return new Texts(
                Optional.of(queries.map(asked -> asked.text(series, number))
                        .orElseGet(() -> source.next(point.queryTokens()))),
                items,
                tokens + (long) times * point.queryTokens());
    }

    private int drawnWords(LoadPoint point, TextSource source) {
        TextLength length = new TextLength(point.inputTokens(), point.spread());
        return source.nextLength(
                        length.tokens(),
                        length.spread(),
                        Math.max(length.shortest(), costs.overhead() + 1),
                        length.longest())
                - costs.overhead();
    }

    /** Another one for each number, however large it becomes: each series begins far from the others. */
    private long seedOf(LoadPoint point, int series, int number) {
        return mixed(mixed(mixed(format.seed()) + point.number()) + series)
                + format.share().text(number);
    }

    private static long mixed(long seed) {
        return new SplittableRandom(seed).nextLong();
    }

    private byte[] json(LoadPoint point, String query, List<String> items) {
        return switch (point.workload().nim()) {
            case EMBEDDING ->
                format.embedding()
                        .body(model, items, point.workload().inputType().orElseThrow());
            case RERANKING -> format.ranking().body(model, query, items);
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
        if (point.texts().isPresent()) {
            // A query that counts once per request has a length that is not known.
            return TokenCheck.ofOwnTexts(
                    costs.verified(),
                    point.workload().nim() == NimKind.EMBEDDING || counting == PairCounting.WHOLE_PAIRS);
        }
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
