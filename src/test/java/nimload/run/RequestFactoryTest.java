package nimload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.emulator.EmbeddedNim;
import nimload.measure.TokenCheck;
import nimload.nim.EmbeddingAnswer;
import nimload.nim.EmbeddingForm;
import nimload.nim.EmbeddingRequest;
import nimload.nim.EncodingFormat;
import nimload.nim.InputType;
import nimload.nim.Json;
import nimload.nim.NimError;
import nimload.nim.RankingAnswer;
import nimload.nim.RankingForm;
import nimload.nim.RankingRequest;
import nimload.nim.Routes;
import nimload.nim.Truncate;
import nimload.nim.Usage;
import nimload.plan.Headers;
import nimload.plan.LoadPoint;
import nimload.plan.PublishedGrid;
import nimload.plan.SettingValues;
import nimload.plan.Settings;
import nimload.plan.Workload;
import nimload.preflight.NimClient;
import nimload.preflight.Preflight;
import nimload.preflight.Target;
import nimload.preflight.Trust;
import nimload.run.Body.Arrangement;
import nimload.text.CommonWords;
import nimload.text.TokenCosts;
import nimload.text.TokenLearning;
import nimload.text.TokenLearning.PairCosts;
import nimload.text.TokenLearning.PairCounting;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies as a run sends them: what words cost is learnt from the embedded NIM, which then counts every body. */
class RequestFactoryTest {
    private static final Map<Workload, RequestFactory> LEARNT = new EnumMap<>(Workload.class);
    private static EmbeddedNim nim;
    private static NimClient client;

    @BeforeAll
    static void learn() {
        nim = EmbeddedNim.startWithFixedDelay(0, Duration.ZERO);
        client = new NimClient(Trust.context(new Settings.Tls(Optional.empty(), false)), Headers.NONE);
        Preflight preflight = new Preflight(client);
        Target embedder = new Target(nim.url(), EmbeddedNim.EMBEDDING_MODEL, true, Map.of());
        for (InputType type : InputType.values()) {
            TokenCosts costs = TokenLearning.ofTexts(
                    CommonWords.load(),
                    text -> preflight.embed(
                            embedder, EmbeddingForm.nim(EncodingFormat.BASE64, Truncate.NONE), type, text));
            LEARNT.put(
                    type == InputType.QUERY ? Workload.QUERY : Workload.PASSAGE,
                    factory(EmbeddedNim.EMBEDDING_MODEL, costs, PairCounting.UNKNOWN, 1));
        }
        Target ranker = new Target(nim.url(), EmbeddedNim.RERANKING_MODEL, true, Map.of());
        PairCosts pairs = TokenLearning.ofPairs(
                CommonWords.load(),
                (query, passages) -> preflight.rank(ranker, RankingForm.nim(Truncate.NONE), query, passages));
        LEARNT.put(Workload.RERANKING, factory(EmbeddedNim.RERANKING_MODEL, pairs.costs(), pairs.counting(), 1));
    }

    @AfterAll
    static void stop() {
        nim.close();
    }

    private static RequestFactory factory(String model, TokenCosts costs, PairCounting counting, long seed) {
        return new RequestFactory(
                model, costs, counting, new Settings.Requests(EncodingFormat.BASE64, Truncate.NONE, seed));
    }

    private static RequestFactory seeded(long seed) {
        RequestFactory learnt = LEARNT.get(Workload.QUERY);
        return factory(learnt.model(), learnt.costs(), learnt.counting(), seed);
    }

    static Stream<LoadPoint> shapesOfThePublishedGrid() {
        return Settings.parse(SettingValues.of(Map.of(), Map.of()), PublishedGrid.load())
                .loadPoints(EnumSet.allOf(Workload.class))
                .stream()
                .filter(point -> point.concurrency() == 1);
    }

    @ParameterizedTest
    @MethodSource("shapesOfThePublishedGrid")
    void theServerCountsExactlyTheTokensOfTheLevelInEveryBody(LoadPoint point) throws Exception {
        List<byte[]> bodies = bodies(LEARNT.get(point.workload()), point, 16);
        boolean reranking = point.workload() == Workload.RERANKING;
        // With truncation NONE a text that is too long by one token would be refused.
        for (byte[] body : bodies) {
            NimClient.Answer answer = client.post(
                    nim.url(), reranking ? Routes.RANKING : Routes.EMBEDDINGS, body, Duration.ofSeconds(20));
            assertThat(answer.status()).isEqualTo(200);
            Optional<Usage> usage = reranking
                    ? RankingAnswer.parse(answer.body(), point.items()).usage()
                    : EmbeddingAnswer.parse(answer.body(), point.items()).usage();
            assertThat(usage).contains(new Usage((long) point.items() * point.tokensPerItem()));
        }
    }

    @Test
    void passagesAreRankedAgainstTheQueryThatTheBodyOfTheSameNumberEmbeds() throws Exception {
        LoadPoint query = new LoadPoint(Workload.QUERY, 20, 0, 1, 1);
        LoadPoint ranking = new LoadPoint(Workload.RERANKING, 60, 18, 3, 1);
        RequestFactory embedding = LEARNT.get(Workload.QUERY);
        RequestFactory against = LEARNT.get(Workload.RERANKING).against(embedding, query);

        List<byte[]> embedded = bodies(embedding, query, 3);
        List<byte[]> ranked = bodies(against, ranking, 3);
        for (int number = 0; number < 3; number++) {
            assertThat(Json.MAPPER
                            .readTree(ranked.get(number))
                            .required("query")
                            .required("text"))
                    .isEqualTo(Json.MAPPER
                            .readTree(embedded.get(number))
                            .required("input")
                            .required(0));
        }
        assertThat(ranked.get(0)).isNotEqualTo(ranked.get(1));
        assertThat(bodies(LEARNT.get(Workload.RERANKING), ranking, 1).get(0)).isNotEqualTo(ranked.get(0));
    }

    private static List<byte[]> bodies(RequestFactory factory, LoadPoint point, int count) {
        return IntStream.range(0, count)
                .mapToObj(number ->
                        factory.body(point, 1, number, Arrangement.WHOLE).bytes())
                .toList();
    }

    private static byte[] first(RequestFactory factory, LoadPoint point) {
        return bodies(factory, point, 1).get(0);
    }

    private static Set<String> texts(LoadPoint point, List<byte[]> bodies) throws NimError {
        Set<String> texts = new HashSet<>();
        for (byte[] body : bodies) {
            if (point.workload() == Workload.RERANKING) {
                RankingRequest request = RankingRequest.parse(body);
                assertThat(request.passages()).hasSize(point.items());
                texts.addAll(request.passages());
            } else {
                EmbeddingRequest request = EmbeddingRequest.parse(body);
                assertThat(request.input()).hasSize(point.items());
                assertThat(request.inputType())
                        .isEqualTo(point.workload() == Workload.QUERY ? InputType.QUERY : InputType.PASSAGE);
                texts.addAll(request.input());
            }
        }
        return texts;
    }

    @ParameterizedTest
    @MethodSource("shapesOfThePublishedGrid")
    void noTextOfALevelComesTwice(LoadPoint point) throws NimError {
        assertThat(texts(point, bodies(LEARNT.get(point.workload()), point, 20)))
                .hasSize(20 * point.items());
    }

    @Test
    void rankingsOfALevelHaveDifferentQueries() throws NimError {
        LoadPoint point = new LoadPoint(Workload.RERANKING, 512, 512, 40, 1);
        Set<String> queries = new HashSet<>();
        for (byte[] body : bodies(LEARNT.get(Workload.RERANKING), point, 25)) {
            queries.add(RankingRequest.parse(body).query());
        }
        assertThat(queries).hasSize(25);
    }

    @Test
    void theSameSeedBuildsTheSameBodiesAndAnotherSeedOthers() {
        LoadPoint point = new LoadPoint(Workload.QUERY, 20, 0, 1, 3);
        byte[][] first = bodies(seeded(7), point, 20).toArray(new byte[0][]);
        assertThat(bodies(seeded(7), point, 20).toArray(new byte[0][])).isDeepEqualTo(first);
        assertThat(first(seeded(8), point)).isNotEqualTo(first[0]);
    }

    @Test
    void levelsOfAnotherConcurrencySendOtherTexts() throws NimError {
        LoadPoint one = new LoadPoint(Workload.QUERY, 20, 0, 1, 1);
        LoadPoint three = new LoadPoint(Workload.QUERY, 20, 0, 1, 3);
        assertThat(texts(one, bodies(seeded(1), one, 300)))
                .doesNotContainAnyElementsOf(texts(three, bodies(seeded(1), three, 300)));
    }

    @Test
    void repeatsOfALevelSendOtherTextsHoweverLongItLasts() {
        LoadPoint point = new LoadPoint(Workload.QUERY, 20, 0, 1, 1);
        // The last two are one where the seed is a sum that carries.
        int[][] seriesAndNumbers = {{1, 0}, {1, 1}, {2, 0}, {2, 1}, {3, 0}, {1, 1_000_003}, {2, 1_000_003}};
        assertThat(Stream.of(seriesAndNumbers)
                        .map(pair -> new String(
                                seeded(1)
                                        .body(point, pair[0], pair[1], Arrangement.WHOLE)
                                        .bytes(),
                                StandardCharsets.UTF_8)))
                .doesNotHaveDuplicates();
    }

    @Test
    void aBodyRotatedHasItsFirstTextLastAndTheFirstAloneHasNoOther() throws NimError {
        LoadPoint point = new LoadPoint(Workload.PASSAGE, 300, 0, 3, 1);
        RequestFactory factory = LEARNT.get(Workload.PASSAGE);
        List<String> whole = EmbeddingRequest.parse(
                        factory.body(point, 1, 4, Arrangement.WHOLE).bytes())
                .input();
        Body rotated = factory.body(point, 1, 4, Arrangement.ROTATED);
        assertThat(EmbeddingRequest.parse(rotated.bytes()).input())
                .containsExactly(whole.get(1), whole.get(2), whole.get(0));
        assertThat(rotated.items()).isEqualTo(3);
        Body alone = factory.body(point, 1, 4, Arrangement.FIRST_ALONE);
        assertThat(EmbeddingRequest.parse(alone.bytes()).input()).containsExactly(whole.get(0));
        assertThat(alone.items()).isEqualTo(1);
    }

    @Test
    void aRankingThatIsArrangedKeepsItsQuery() throws NimError {
        LoadPoint point = new LoadPoint(Workload.RERANKING, 512, 512, 3, 1);
        RequestFactory factory = LEARNT.get(Workload.RERANKING);
        RankingRequest whole = RankingRequest.parse(
                factory.body(point, 1, 4, Arrangement.WHOLE).bytes());
        RankingRequest rotated = RankingRequest.parse(
                factory.body(point, 1, 4, Arrangement.ROTATED).bytes());
        RankingRequest alone = RankingRequest.parse(
                factory.body(point, 1, 4, Arrangement.FIRST_ALONE).bytes());
        assertThat(List.of(rotated.query(), alone.query())).containsOnly(whole.query());
        assertThat(rotated.passages())
                .containsExactly(
                        whole.passages().get(1),
                        whole.passages().get(2),
                        whole.passages().get(0));
        assertThat(alone.passages()).containsExactly(whole.passages().get(0));
    }

    @Test
    void bodiesSayModelFormatAndTruncationOfTheRun() throws NimError {
        RequestFactory factory = new RequestFactory(
                "m",
                new TokenCosts(4, List.of("act"), true),
                PairCounting.WHOLE_PAIRS,
                new Settings.Requests(EncodingFormat.FLOAT, Truncate.END, 1));
        assertThat(EmbeddingRequest.parse(first(factory, new LoadPoint(Workload.PASSAGE, 6, 0, 1, 1))))
                .isEqualTo(new EmbeddingRequest(
                        "m", List.of("act act"), InputType.PASSAGE, EncodingFormat.FLOAT, Truncate.END));
        assertThat(RankingRequest.parse(first(factory, new LoadPoint(Workload.RERANKING, 6, 3, 1, 1))))
                .isEqualTo(new RankingRequest("m", "act act act", List.of("act act"), Truncate.END));
    }

    @Test
    void aLevelTooShortForTheServersOwnTokensIsRefusedWithTheLeastThatIsRight() {
        RequestFactory factory = factory("m", new TokenCosts(8, List.of("act"), true), PairCounting.WHOLE_PAIRS, 1);
        assertThat(factory.wordsOf(new LoadPoint(Workload.QUERY, 9, 0, 1, 1))).isEqualTo(1);
        assertThatThrownBy(() -> first(factory, new LoadPoint(Workload.QUERY, 8, 0, 1, 1)))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.query.tokens=8 is too short: this server adds 8 tokens to each text;"
                        + " give at least 9");
    }

    @Test
    void tokensAreCheckedAsTheServerCountsThem() {
        TokenCosts verified = new TokenCosts(4, List.of("act"), true);
        TokenCosts assumed = new TokenCosts(4, List.of("act"), false);
        LoadPoint passage = new LoadPoint(Workload.PASSAGE, 300, 0, 64, 1);
        LoadPoint pair = new LoadPoint(Workload.RERANKING, 512, 20, 10, 1);
        assertThat(factory("m", verified, PairCounting.UNKNOWN, 1).tokenCheck(passage))
                .isEqualTo(new TokenCheck(300, 0, true));
        assertThat(factory("m", assumed, PairCounting.UNKNOWN, 1).tokenCheck(passage))
                .isEqualTo(new TokenCheck(300, 0, false));
        assertThat(factory("m", verified, PairCounting.WHOLE_PAIRS, 1).tokenCheck(pair))
                .isEqualTo(new TokenCheck(532, 0, true));
        assertThat(factory("m", verified, PairCounting.QUERY_ONCE, 1).tokenCheck(pair))
                .isEqualTo(new TokenCheck(532, 20, true));
        assertThat(factory("m", assumed, PairCounting.UNKNOWN, 1).tokenCheck(pair))
                .isEqualTo(new TokenCheck(532, 0, false));
    }
}
